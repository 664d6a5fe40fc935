@NullMarked
package dev.escapement.spring.actuate;

import org.jspecify.annotations.NullMarked;
