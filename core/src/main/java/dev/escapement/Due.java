package dev.escapement;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When to run: at an instant, or so long from now. "Now" is the store's clock at the moment of the
 * write, so a caller whose own clock is wrong still gets what it meant.
 */
public sealed interface Due {

  /** The first instant that is accepted. */
  Instant EARLIEST = Instant.EPOCH;

  /** The last instant that is accepted: the end of the year 9999. */
  Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** At an instant. */
  record At(Instant instant) implements Due {
    /** Truncates to microseconds, which is what databases keep. Refuses what lies out of range. */
    public At {
      instant = instant.truncatedTo(ChronoUnit.MICROS);
      if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
        throw new InvalidRequestException(
            "A trigger can't be due at "
                + instant
                + "; the range is "
                + EARLIEST
                + " to "
                + LATEST
                + ". Something that never runs is not enqueued.");
      }
    }

    @Override
    public Instant resolve(Instant now) {
      return instant;
    }
  }

  /** So long from the store's now. */
  record In(Duration delay) implements Due {

    private static final Duration LONGEST = Duration.ofDays(365_000);

    /** Refuses a negative delay, and one of more than a thousand years. */
    public In {
      if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
        throw new InvalidRequestException(
            "A trigger can't be due in "
                + delay
                + "; a delay is zero or more, and at most "
                + LONGEST.toDays()
                + " days.");
      }
      delay = delay.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public Instant resolve(Instant now) {
      Instant resolved = now.plus(delay).truncatedTo(ChronoUnit.MICROS);
      return resolved.isAfter(LATEST) ? LATEST : resolved;
    }
  }

  /** Due at once. */
  static Due now() {
    return new In(Duration.ZERO);
  }

  /**
   * Due at an instant; one that has passed is due at once.
   *
   * @throws InvalidRequestException if it lies before 1970 or after the year 9999
   */
  static Due at(Instant instant) {
    return new At(instant);
  }

  /**
   * Due so long from the store's now.
   *
   * @throws InvalidRequestException if the delay is negative or absurdly long
   */
  static Due in(Duration delay) {
    return new In(delay);
  }

  /** The instant that is meant when the store's clock shows {@code now}. */
  Instant resolve(Instant now);
}
