package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A fire {@code delay} after each completion.
 *
 * @param delay 1 ms to 36,500 days, in microseconds
 */
public record FixedDelay(Duration delay) implements Schedule {

  /**
   * @throws dev.escapement.InvalidDeclarationException if it is out of range
   */
  public FixedDelay {
    delay = Schedules.checked("fixedDelay", delay);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return Optional.of(now);
  }

  @Override
  public Optional<Instant> next(Instant fireTime) {
    return Optional.of(fireTime.plus(delay));
  }

  /** Fires are counted from completions, so none is missed while nobody runs. */
  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> delayAfterCompletion() {
    return Optional.of(delay);
  }

  @Override
  public String toString() {
    return "fixed delay " + delay;
  }
}
