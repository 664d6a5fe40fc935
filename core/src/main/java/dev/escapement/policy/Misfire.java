package dev.escapement.policy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of fires that passed while nobody could fire them: all nodes were down, or the job
 * was paused. Immutable; each method returns a changed copy.
 *
 * <p>A fire that is claimed at most {@code threshold} after it was due isn't missed; it is only
 * late, and runs.
 *
 * @param action what to do
 * @param cap for {@link Action#FIRE_ALL}: how many missed fires run at most, the latest ones; 1 to
 *     1,000
 * @param threshold how late a fire may be claimed before it counts as missed; 1 ms to 365 days
 */
public record Misfire(Action action, int cap, Duration threshold) {

  /** What to do with missed fires. */
  public enum Action {
    /** Run the latest one, once, and count the others. The default. */
    FIRE_ONCE,
    /** Count them all and run none; the job goes on with the next fire that is on time. */
    SKIP,
    /** Run each, oldest first, up to the cap; count the older ones. */
    FIRE_ALL
  }

  private static final int STANDARD_CAP = 100;
  private static final int HIGHEST_CAP = 1_000;

  /**
   * Longer than a restart of the application or a failover of its database takes, so that these
   * don't look like an outage; shorter than what a user would call late.
   */
  private static final Duration STANDARD_THRESHOLD = Duration.ofSeconds(60);

  private static final Duration SHORTEST_THRESHOLD = Duration.ofMillis(1);
  private static final Duration LONGEST_THRESHOLD = Duration.ofDays(365);

  /**
   * @throws InvalidDeclarationException if a value is out of its range
   */
  public Misfire {
    Objects.requireNonNull(action, "action");
    if (cap < 1 || cap > HIGHEST_CAP) {
      throw new InvalidDeclarationException(
          "The cap of missed fires can't be " + cap + "; make it 1 to " + HIGHEST_CAP + ".");
    }
    if (threshold.compareTo(SHORTEST_THRESHOLD) < 0 || threshold.compareTo(LONGEST_THRESHOLD) > 0) {
      throw new InvalidDeclarationException(
          "A misfire threshold can't be " + threshold + "; make it 1 ms to 365 days.");
    }
  }

  /** Run the latest missed fire and count the others; threshold 60 s. The default. */
  public static Misfire fireOnce() {
    return new Misfire(Action.FIRE_ONCE, STANDARD_CAP, STANDARD_THRESHOLD);
  }

  /** Count missed fires and run none; threshold 60 s. */
  public static Misfire skip() {
    return new Misfire(Action.SKIP, STANDARD_CAP, STANDARD_THRESHOLD);
  }

  /** Run each missed fire, at most the latest 100; threshold 60 s. */
  public static Misfire fireAll() {
    return new Misfire(Action.FIRE_ALL, STANDARD_CAP, STANDARD_THRESHOLD);
  }

  /** How many missed fires run at most, the latest ones. Default 100, 1 to 1,000. */
  public Misfire cappedAt(int fires) {
    return new Misfire(action, fires, threshold);
  }

  /** How late a fire may be claimed before it counts as missed. Default 60 s, 1 ms to 365 days. */
  public Misfire threshold(Duration lateness) {
    return new Misfire(action, cap, lateness);
  }
}
