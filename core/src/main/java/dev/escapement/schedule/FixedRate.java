package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
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
  public Optional<Instant> next(Instant fireTime) {
    return Optional.of(fireTime.plus(period));
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    if (now.isBefore(fireTime.plus(period))) {
      return Optional.empty();
    }
    long passed = Duration.between(fireTime, now).dividedBy(period);
    return Optional.of(fireTime.plus(period.multipliedBy(passed)));
  }

  @Override
  public String toString() {
    return "every " + period;
  }
}
