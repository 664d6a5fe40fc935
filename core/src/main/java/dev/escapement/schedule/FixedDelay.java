package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
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

  /** The first fire after a completion. */
  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(after.plus(delay));
  }

  /** Fires are counted from completions, so none is missed while nobody runs. */
  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return Optional.empty();
  }

  /** Fires are counted from completions, so none is missed while nobody runs. */
  @Override
  public long count(Instant fireTime, Instant now) {
    return 0;
  }

  @Override
  public Optional<Duration> delayAfterCompletion() {
    return Optional.of(delay);
  }

  @Override
  public Optional<String> text() {
    return Optional.of("fixed delay " + Durations.format(delay));
  }

  @Override
  public String describe(Locale locale) {
    return Words.in(locale).fixedDelay(delay);
  }

  @Override
  public String toString() {
    return "fixed delay " + Durations.format(delay);
  }
}
