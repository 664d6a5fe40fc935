/** Each peer does what the scenarios ask of it. */
@NullMarked
package dev.escapement.speed.report;

import org.jspecify.annotations.NullMarked;
