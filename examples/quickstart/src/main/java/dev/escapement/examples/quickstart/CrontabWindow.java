package dev.escapement.examples.quickstart;

import dev.escapement.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The time in which each fire must have been fired, by the store's clock.
 *
 * @param from when all triggers were there; exclusive
 * @param to when the replicas were asked to stop; inclusive
 */
record CrontabWindow(Instant from, Instant to) {

  private static final Duration SHORTEST = Duration.ofSeconds(20);
  private static final Duration BEYOND_THE_MINUTE = Duration.ofSeconds(5);

  /** How long to watch, so that what fires every minute fires at least once. */
  static Duration length(Instant from) {
    Instant minute = from.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    Duration length = Duration.between(from, minute).plus(BEYOND_THE_MINUTE);
    return length.compareTo(SHORTEST) < 0 ? SHORTEST : length;
  }

  /** The fires that fall into it, as the schedule itself lists them. */
  List<Instant> fires(Schedule schedule) {
    int atMost = (int) Duration.between(from, to).toMinutes() + 2;
    return schedule.fires(from, atMost).stream().takeWhile(fire -> !fire.isAfter(to)).toList();
  }
}
