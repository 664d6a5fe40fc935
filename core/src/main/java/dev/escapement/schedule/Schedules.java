package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The schedules that come with the library. */
public final class Schedules {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Schedules() {}

  /**
   * Fixed rate: fires when the job is first declared, then every {@code period} after that fire
   * time, whatever a run takes. It doesn't drift. Of several fires that passed unfired the latest
   * is run.
   *
   * @param period 1 ms to 36,500 days; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  public static FixedRate every(Duration period) {
    return new FixedRate(period);
  }

  /**
   * Fixed delay: fires when the job is first declared, then {@code delay} after each completion, by
   * the store's clock.
   *
   * @param delay 1 ms to 36,500 days; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  public static FixedDelay fixedDelay(Duration delay) {
    return new FixedDelay(delay);
  }

  /** In microseconds, which is what stores keep; a finer period would drift against its rows. */
  static Duration checked(String what, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidDeclarationException(
          "The schedule " + what + " " + value + " isn't possible; make it 1 ms to 36,500 days.");
    }
    return value.truncatedTo(ChronoUnit.MICROS);
  }
}
