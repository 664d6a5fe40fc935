package dev.escapement.policy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.NotRetryable;
import dev.escapement.policy.Waits.Growth;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is tried again. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * Retry.exponential(ofSeconds(5))
 *     .maxAttempts(6)
 *     .maxAge(ofHours(12))
 *     .on(RateLimited.class, Retry.fixed(ofMinutes(1)).maxAttempts(20))
 *     .notOn(IllegalArgumentException.class)
 * }</pre>
 *
 * <p>What the handler threw may have a rule of its own: the exception itself is looked at first,
 * then its causes, the nearest first. Of several rules for one of them, that of the nearest
 * superclass counts. After one that is {@link NotRetryable} there is no next attempt, whatever the
 * rules say of its class. What no rule is for, and a timeout, is tried again as is said here.
 *
 * @param maxAttempts how often a trigger may be tried in all, at least 1
 * @param waits how long to wait before each further attempt
 * @param maxAge how long after the fire time an attempt may start; empty for no bound
 * @param rules what is said of single exceptions; none of these has rules or a {@code maxAge}
 */
public record Retry(
    int maxAttempts,
    Waits waits,
    Optional<Duration> maxAge,
    Map<Class<? extends Throwable>, Retry> rules) {

  private static final Duration STANDARD_INITIAL = Duration.ofSeconds(10);
  private static final Duration STANDARD_MAX = Duration.ofHours(1);
  private static final double STANDARD_JITTER = 0.2;
  private static final int STANDARD_ATTEMPTS = 10;
  private static final Duration LOWEST_AGE = Duration.ofMillis(1);
  private static final Duration HIGHEST_AGE = Duration.ofDays(3650);

  /** Exceptions can be each other's causes, or make up a new cause whenever they are asked. */
  private static final int DEEPEST_CAUSE = 100;

  /**
   * @throws InvalidDeclarationException if a value is out of its range
   */
  public Retry {
    if (maxAttempts < 1) {
      throw refused("maxAttempts", maxAttempts, "at least 1");
    }
    maxAge.ifPresent(Retry::checkAge);
    rules = Map.copyOf(rules);
    rules.forEach(Retry::checkRule);
  }

  private static void checkAge(Duration age) {
    if (age.compareTo(LOWEST_AGE) < 0 || age.compareTo(HIGHEST_AGE) > 0) {
      throw refused("maxAge", age, "1 ms to 3650 days");
    }
  }

  private static void checkRule(Class<?> type, Retry rule) {
    if (!rule.rules.isEmpty() || rule.maxAge.isPresent()) {
      throw new InvalidDeclarationException(
          "The retry on "
              + type.getName()
              + " has "
              + (rule.maxAge.isPresent() ? "a maxAge" : "rules")
              + " of its own; say that of the whole retry.");
    }
  }

  static InvalidDeclarationException refused(String what, Object value, String range) {
    return new InvalidDeclarationException(
        "A retry's " + what + " can't be " + value + "; make it " + range + ".");
  }

  private static Retry of(Growth growth, Duration initial, double factor, double jitter) {
    boolean grows = growth != Growth.FIXED && initial.compareTo(STANDARD_MAX) < 0;
    Duration max = grows ? STANDARD_MAX : initial;
    Waits waits = new Waits(growth, initial, factor, max, jitter);
    return new Retry(STANDARD_ATTEMPTS, waits, Optional.empty(), Map.of());
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
    return of(Growth.FIXED, wait, 1, 0);
  }

  /**
   * Waits that grow by the first one each time: 10 s, 20 s, 30 s … 10 attempts, at most 1 h, 20 %
   * jitter.
   */
  public static Retry linear(Duration initial) {
    return of(Growth.LINEAR, initial, 1, STANDARD_JITTER);
  }

  /** Doubling waits. 10 attempts, at most 1 h, 20 % jitter. */
  public static Retry exponential(Duration initial) {
    return of(Growth.EXPONENTIAL, initial, 2, STANDARD_JITTER);
  }

  /** How often a trigger may be tried in all, the first time included. Default 10. */
  public Retry maxAttempts(int attempts) {
    return new Retry(attempts, waits, maxAge, rules);
  }

  /** What each further wait of an exponential retry is multiplied by. Default 2, 1 to 100. */
  public Retry factor(double multiplier) {
    return with(waits.factor(multiplier));
  }

  /** The longest wait before jitter. Default 1 h, or the first wait if that is longer. */
  public Retry cappedAt(Duration longest) {
    return with(waits.max(longest));
  }

  /** The part of a wait by which it may be shorter or longer. Default 0.2, or 0 if fixed. */
  public Retry jitter(double part) {
    return with(waits.jitter(part));
  }

  private Retry with(Waits other) {
    return new Retry(maxAttempts, other, maxAge, rules);
  }

  /**
   * No attempt is to start later than that after the fire time; one that would isn't waited for,
   * and the attempt before it is the last. Default: no bound. 1 ms to 3650 days.
   */
  public Retry maxAge(Duration age) {
    return new Retry(maxAttempts, waits, Optional.of(age), rules);
  }

  /**
   * Another retry for an exception. Its {@code maxAttempts} counts all attempts so far, also those
   * that ended otherwise. Takes the place of an earlier rule for the same class.
   *
   * @param thrown the exception's class, or one above it
   * @param rule without rules and without {@code maxAge}
   * @throws InvalidDeclarationException if the rule has either
   */
  public Retry on(Class<? extends Throwable> thrown, Retry rule) {
    Map<Class<? extends Throwable>, Retry> more = new HashMap<>(rules);
    more.put(thrown, rule);
    return new Retry(maxAttempts, waits, maxAge, more);
  }

  /**
   * No retry for some exceptions: the attempt that ends with one is the last. The same as {@link
   * #on} with {@link #none()}. For exceptions of your own, see {@link NotRetryable}.
   */
  @SafeVarargs
  public final Retry notOn(Class<? extends Throwable>... thrown) {
    Retry changed = this;
    for (Class<? extends Throwable> type : thrown) {
      changed = changed.on(type, none());
    }
    return changed;
  }

  /**
   * The wait before the next attempt; empty if there is none.
   *
   * @param attempt the attempt that failed, from 1
   * @param age how long after its fire time it ended
   * @param thrown what it threw; null for nothing, as after a timeout
   * @param random evenly distributed in [0, 1), what the jitter is drawn from
   */
  public Optional<Duration> next(
      int attempt, Duration age, @Nullable Throwable thrown, double random) {
    Duration wait = ruleFor(thrown).waits.after(attempt, random);
    return allows(attempt, age.plus(wait), thrown) ? Optional.of(wait) : Optional.empty();
  }

  /**
   * Whether there may be a next attempt, at a time that the handler has chosen.
   *
   * @param attempt the attempt that failed, from 1
   * @param age how long after its fire time the next would start
   * @param thrown what it threw; null for nothing
   */
  public boolean allows(int attempt, Duration age, @Nullable Throwable thrown) {
    return attempt < ruleFor(thrown).maxAttempts
        && (maxAge.isEmpty() || age.compareTo(maxAge.get()) <= 0);
  }

  private Retry ruleFor(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth <= DEEPEST_CAUSE; depth++) {
      if (cause instanceof NotRetryable) {
        return none();
      }
      for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
        Retry rule = rules.get(type);
        if (rule != null) {
          return rule;
        }
      }
      cause = causeOf(cause);
    }
    return this;
  }

  private static @Nullable Throwable causeOf(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (RuntimeException | Error e) {
      // The method may be the application's, and its fault must not hide the one that is judged.
      return null;
    }
  }
}
