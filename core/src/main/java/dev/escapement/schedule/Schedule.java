package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a recurring job fires. Implementations are immutable, thread-safe and pure: the same
 * question gets the same answer on every replica.
 */
public interface Schedule {

  /**
   * The first fire after the given one.
   *
   * @param fireTime a fire time, or any instant
   * @return strictly after {@code fireTime}; empty if the schedule never fires again
   */
  Optional<Instant> next(Instant fireTime);

  /**
   * The first fire of a job that has never fired. Default: the next one after {@code now}.
   *
   * @param now the store's clock
   */
  default Optional<Instant> first(Instant now) {
    return next(now);
  }

  /**
   * The latest of the fires after {@code fireTime} that isn't after {@code now}: what a node that
   * finds several fires missed will run. Override it where it can be computed without stepping
   * through them all.
   *
   * @return empty if the next fire after {@code fireTime} lies after {@code now}
   */
  default Optional<Instant> latest(Instant fireTime, Instant now) {
    Instant latest = fireTime;
    Optional<Instant> next = next(fireTime);
    // One that isn't later is a fault of the schedule, which the end of the run will report.
    while (next.isPresent() && !next.get().isAfter(now) && next.get().isAfter(latest)) {
      latest = next.get();
      next = next(latest);
    }
    return latest.equals(fireTime) ? Optional.empty() : Optional.of(latest);
  }

  /**
   * For a fixed delay: the next fire comes so long after the completion, by the store's clock, and
   * {@link #next(Instant)} is not asked. Default: empty, fires are counted from fire times.
   */
  default Optional<Duration> delayAfterCompletion() {
    return Optional.empty();
  }
}
