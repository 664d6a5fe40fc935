package dev.escapement.policy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;

/**
 * When a failed attempt is tried again. Immutable; each method returns a changed copy.
 *
 * <p>The wait before attempt <i>n+1</i> is {@code initial × factor^(n-1)}, at most {@code max},
 * then spread evenly over ± {@code jitter} of itself, so that jobs that failed together don't come
 * back together.
 *
 * @param maxAttempts how often a trigger may be tried in all, at least 1
 * @param initial the wait after the first failure
 * @param factor what each further wait is multiplied by, at least 1
 * @param max the longest wait before jitter
 * @param jitter 0 (none) to 1
 */
public record Retry(int maxAttempts, Duration initial, double factor, Duration max, double jitter) {

  private static final Duration STANDARD_INITIAL = Duration.ofSeconds(10);
  private static final Duration STANDARD_MAX = Duration.ofHours(1);
  private static final int STANDARD_ATTEMPTS = 10;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * @throws InvalidDeclarationException if a value is out of its range
   */
  public Retry {
    check(maxAttempts >= 1, "maxAttempts", maxAttempts, "at least 1");
    check(isBetween(SHORTEST, initial, LONGEST), "initial", initial, "1 ms to 365 days");
    check(factor >= 1 && factor <= 100, "factor", factor, "between 1 and 100");
    check(isBetween(initial, max, LONGEST), "max", max, initial + " (initial) to 365 days");
    check(jitter >= 0 && jitter <= 1, "jitter", jitter, "between 0 and 1");
  }

  private static boolean isBetween(Duration least, Duration value, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private static void check(boolean holds, String what, Object value, String range) {
    if (!holds) {
      throw new InvalidDeclarationException(
          "A retry's " + what + " can't be " + value + "; make it " + range + ".");
    }
  }

  /** One attempt, no retry. The default of recurring jobs: the next fire is the retry. */
  public static Retry none() {
    return standard().maxAttempts(1);
  }

  /**
   * The default of one-time jobs: 10 attempts, waiting 10 s, 20 s, 40 s … at most 1 h, with 20 %
   * jitter. The nine waits add up to some 85 minutes: longer than most outages, shorter than a
   * working day.
   */
  public static Retry standard() {
    return exponential(STANDARD_INITIAL);
  }

  /** The same wait each time. 10 attempts, no jitter. */
  public static Retry fixed(Duration wait) {
    return new Retry(STANDARD_ATTEMPTS, wait, 1, wait, 0);
  }

  /** Doubling waits. 10 attempts, at most 1 h, 20 % jitter. */
  public static Retry exponential(Duration initial) {
    Duration max = initial.compareTo(STANDARD_MAX) > 0 ? initial : STANDARD_MAX;
    return new Retry(STANDARD_ATTEMPTS, initial, 2, max, 0.2);
  }

  /** How often a trigger may be tried in all, the first time included. Default 10. */
  public Retry maxAttempts(int attempts) {
    return new Retry(attempts, initial, factor, max, jitter);
  }

  /** What each further wait is multiplied by. Default 2. */
  public Retry factor(double multiplier) {
    return new Retry(maxAttempts, initial, multiplier, max, jitter);
  }

  /** The longest wait before jitter. Default 1 h. */
  public Retry cappedAt(Duration longest) {
    return new Retry(maxAttempts, initial, factor, longest, jitter);
  }

  /** The part of a wait by which it may be shorter or longer. Default 0.2. */
  public Retry jitter(double part) {
    return new Retry(maxAttempts, initial, factor, max, part);
  }

  /** Whether a trigger that was tried so often may be tried again. */
  public boolean allowsAfter(int attempts) {
    return attempts < maxAttempts;
  }

  /**
   * The wait after a failed attempt.
   *
   * @param attempt the attempt that failed, from 1
   * @param random evenly distributed in [0, 1), what the jitter is drawn from
   */
  public Duration delayAfter(int attempt, double random) {
    double seconds = toSeconds(initial) * Math.pow(factor, Math.max(0, attempt - 1));
    double capped = Math.min(seconds, toSeconds(max));
    double spread = capped * (1 + jitter * (2 * random - 1));
    return Duration.ofNanos((long) (spread * 1e9));
  }

  private static double toSeconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
