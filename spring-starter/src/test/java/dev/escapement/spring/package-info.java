@NullMarked
package dev.escapement.spring;

import org.jspecify.annotations.NullMarked;
