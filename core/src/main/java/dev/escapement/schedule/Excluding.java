package dev.escapement.schedule;

import java.time.Instant;
import java.util.Optional;

/** An option that leaves out the fires of some days. */
sealed interface Excluding extends Option permits Except, ExceptWhere {

  /** Which days, of which schedule. */
  DaysOff daysOff();

  @Override
  default Optional<Instant> next(Instant after) {
    return daysOff().next(after);
  }

  @Override
  default Optional<Instant> first(Instant now) {
    return daysOff().first(now);
  }

  @Override
  default Optional<Instant> atOrAfter(Instant start) {
    return daysOff().atOrAfter(start);
  }

  @Override
  default Optional<Instant> latest(Instant fireTime, Instant now) {
    return daysOff().latest(fireTime, now);
  }
}
