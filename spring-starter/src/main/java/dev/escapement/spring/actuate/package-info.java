/**
 * What operators see of the scheduler: health, an endpoint, meters, traces. Each part is there if
 * the application has what it needs, and stands back otherwise.
 */
@NullMarked
package dev.escapement.spring.actuate;

import org.jspecify.annotations.NullMarked;
