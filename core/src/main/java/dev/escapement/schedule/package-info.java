/**
 * When a recurring job fires.
 *
 * <p>A {@link dev.escapement.schedule.Schedule} is asked only about instants: the fire that was,
 * the fire that comes. It never looks at a clock, so two replicas that ask the same question get
 * the same answer, and a clock that steps back can't fire anything twice.
 *
 * <p>Where local times are named, in {@link dev.escapement.schedule.Cron}, {@link
 * dev.escapement.schedule.Daily} and {@link dev.escapement.schedule.Weekly}, the fires are found in
 * two steps: on a calendar without a zone, where every day has all its hours, and then at the
 * instants at which those local times happen in the zone. So only the second step knows of clocks
 * that are turned.
 */
@NullMarked
package dev.escapement.schedule;

import org.jspecify.annotations.NullMarked;
