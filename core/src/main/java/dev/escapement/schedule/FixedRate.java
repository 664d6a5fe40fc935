package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A fire every {@code period}, counted from the first one.
 *
 * @param period 1 ms to 36,500 days, in microseconds
 */
public record FixedRate(Duration period) implements Schedule {

  /**
   * @throws dev.escapement.InvalidDeclarationException if it is out of range
   */
  public FixedRate {
    period = Schedules.checked("every", period);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return Optional.of(now);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(after.plus(period));
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    long passed = count(fireTime, now);
    return passed == 0 ? Optional.empty() : Optional.of(fireTime.plus(period.multipliedBy(passed)));
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return now.isBefore(fireTime.plus(period))
        ? 0
        : Duration.between(fireTime, now).dividedBy(period);
  }

  @Override
  public Optional<String> text() {
    return Optional.of("every " + Durations.format(period));
  }

  @Override
  public String describe(Locale locale) {
    return Words.in(locale).every(period);
  }

  @Override
  public String toString() {
    return "every " + Durations.format(period);
  }
}
