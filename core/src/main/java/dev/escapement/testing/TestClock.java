package dev.escapement.testing;

import dev.escapement.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/** The one clock: instants for the store and the application, nanoseconds for the engine. */
final class TestClock implements InstantSource, LongSupplier {

  /** Well within what a long of nanoseconds can tell. */
  private static final Duration FARTHEST = Duration.ofDays(200 * 365);

  private final Instant start;
  private volatile Instant now;

  TestClock(Instant start) {
    this.start = start.truncatedTo(ChronoUnit.MICROS);
    this.now = this.start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long getAsLong() {
    return Duration.between(start, now).toNanos();
  }

  /** In microseconds, as stores keep them. */
  void turnTo(Instant then) {
    if (then.isBefore(now)) {
      throw new InvalidRequestException(
          "The clock shows " + now + " and can't be turned back to " + then + ".");
    }
    if (then.isAfter(start.plus(FARTHEST))) {
      throw new InvalidRequestException(
          "The clock was started at "
              + start
              + " and can't be turned as far as "
              + then
              + "; 200 years are the most.");
    }
    now = then.truncatedTo(ChronoUnit.MICROS);
  }
}
