/**
 * When a recurring job fires.
 *
 * <p>A {@link dev.escapement.schedule.Schedule} is asked only about instants: the fire that was,
 * the fire that comes. It never looks at a clock, so two replicas that ask the same question get
 * the same answer, and a clock that steps back can't fire anything twice.
 */
@NullMarked
package dev.escapement.schedule;

import org.jspecify.annotations.NullMarked;
