@NullMarked
package dev.escapement.spring.test;

import org.jspecify.annotations.NullMarked;
