package dev.escapement.policy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.util.Objects;

/**
 * How long to wait after each failed attempt. Immutable. Users say it with {@link Retry}'s methods.
 *
 * <p>The wait that {@code growth} tells is cut to {@code max}, then spread evenly over ± {@code
 * jitter} of itself, so that jobs that failed together don't come back together.
 *
 * @param growth how one wait follows from another
 * @param initial the wait after the first failure; 1 ms to 365 days
 * @param factor what each further wait is multiplied by, 1 to 100; 1 unless the growth is {@link
 *     Growth#EXPONENTIAL}
 * @param max the longest wait before jitter; {@code initial} to 365 days
 * @param jitter the part of a wait by which it may be shorter or longer; 0 (none) to 1
 */
public record Waits(Growth growth, Duration initial, double factor, Duration max, double jitter) {

  /** How one wait follows from another. */
  public enum Growth {
    /** The same wait each time. */
    FIXED,
    /** After failure <i>n</i>, <i>n</i> times the first wait. */
    LINEAR,
    /** Each wait is a multiple of the one before. */
    EXPONENTIAL
  }

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final double HIGHEST_FACTOR = 100;

  /**
   * @throws InvalidDeclarationException if a value is out of its range
   */
  public Waits {
    Objects.requireNonNull(growth, "growth");
    check(isBetween(SHORTEST, initial, LONGEST), "initial", initial, "1 ms to 365 days");
    check(factor >= 1 && factor <= HIGHEST_FACTOR, "factor", factor, "between 1 and 100");
    check(isBetween(initial, max, LONGEST), "max", max, initial + " (initial) to 365 days");
    check(jitter >= 0 && jitter <= 1, "jitter", jitter, "between 0 and 1");
    check(
        growth == Growth.EXPONENTIAL || factor == 1,
        "factor",
        factor,
        "1, or the retry an exponential one");
  }

  private static boolean isBetween(Duration least, Duration value, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private static void check(boolean holds, String what, Object value, String range) {
    if (!holds) {
      throw Retry.refused(what, value, range);
    }
  }

  Waits factor(double multiplier) {
    return new Waits(growth, initial, multiplier, max, jitter);
  }

  Waits max(Duration longest) {
    return new Waits(growth, initial, factor, longest, jitter);
  }

  Waits jitter(double part) {
    return new Waits(growth, initial, factor, max, part);
  }

  /**
   * The wait after a failed attempt.
   *
   * @param attempt the attempt that failed, from 1
   * @param random evenly distributed in [0, 1), what the jitter is drawn from
   */
  public Duration after(int attempt, double random) {
    double multiple =
        switch (growth) {
          case FIXED -> 1;
          case LINEAR -> attempt;
          case EXPONENTIAL -> Math.pow(factor, attempt - 1);
        };
    double capped = Math.min(toSeconds(initial) * multiple, toSeconds(max));
    double spread = capped * (1 + jitter * (2 * random - 1));
    return Duration.ofNanos((long) (spread * 1e9));
  }

  private static double toSeconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
