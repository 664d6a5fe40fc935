package dev.escapement.spring;

import dev.escapement.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/**
 * The same schedule, whose first fire comes some time after its job is first declared. It has the
 * identity of the schedule itself: the delay matters once, so a change of it moves nothing, and a
 * trigger that is there already follows a schedule that any node can read.
 */
record DelayedStart(Schedule base, Duration initialDelay) implements Schedule {

  @Override
  public Optional<Instant> first(Instant now) {
    return base.first(now.plus(initialDelay));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return base.next(after);
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return base.latest(fireTime, now);
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return base.count(fireTime, now);
  }

  @Override
  public Optional<Duration> delayAfterCompletion() {
    return base.delayAfterCompletion();
  }

  @Override
  public Duration delay(Instant fireTime, String trigger) {
    return base.delay(fireTime, trigger);
  }

  @Override
  public ZoneId zone() {
    return base.zone();
  }

  @Override
  public String identity() {
    return base.identity();
  }

  @Override
  public String describe(Locale locale) {
    return base.describe(locale);
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
