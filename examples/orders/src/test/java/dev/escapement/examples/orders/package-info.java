@NullMarked
package dev.escapement.examples.orders;

import org.jspecify.annotations.NullMarked;
