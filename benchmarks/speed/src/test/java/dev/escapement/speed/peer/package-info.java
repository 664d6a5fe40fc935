/** Each peer does what the scenarios ask of it. */
@NullMarked
package dev.escapement.speed.peer;

import org.jspecify.annotations.NullMarked;
