package dev.escapement.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * No fire before an instant.
 *
 * @param start inclusive
 */
record From(Schedule base, Instant start) implements Option {

  From {
    start = Schedules.checked("from", start);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return after.isBefore(start) ? atOrAfter(start) : base.next(after);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return now.isBefore(start) ? atOrAfter(start) : base.first(now);
  }

  @Override
  public Optional<Instant> atOrAfter(Instant begin) {
    return Option.atOrAfter(base, begin.isBefore(start) ? start : begin);
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    if (!fireTime.isBefore(start)) {
      return base.latest(fireTime, now);
    }
    return begun(now).map(first -> base.latest(first, now).orElse(first));
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    if (!fireTime.isBefore(start)) {
      return base.count(fireTime, now);
    }
    return begun(now).map(first -> 1 + base.count(first, now)).orElse(0L);
  }

  private Optional<Instant> begun(Instant now) {
    return now.isBefore(start)
        ? Optional.empty()
        : atOrAfter(start).filter(first -> !first.isAfter(now));
  }

  @Override
  public Optional<String> optionText() {
    return Optional.of("from " + start);
  }

  @Override
  public String inWords(Words words) {
    return words.from(start);
  }

  @Override
  public String toString() {
    return base + "; from " + start;
  }
}
