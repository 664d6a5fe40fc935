package dev.escapement.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * No fire after an instant.
 *
 * @param end inclusive
 */
record Until(Schedule base, Instant end) implements Option {

  Until {
    end = Schedules.checked("until", end);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return after.isBefore(end) ? base.next(after).filter(this::isIn) : Optional.empty();
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return base.first(now).filter(this::isIn);
  }

  @Override
  public Optional<Instant> atOrAfter(Instant start) {
    return Option.atOrAfter(base, start).filter(this::isIn);
  }

  private boolean isIn(Instant fire) {
    return !fire.isAfter(end);
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return base.latest(fireTime, now.isBefore(end) ? now : end);
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return base.count(fireTime, now.isBefore(end) ? now : end);
  }

  @Override
  public Optional<String> optionText() {
    return Optional.of("until " + end);
  }

  @Override
  public String inWords(Words words) {
    return words.until(end);
  }

  @Override
  public String toString() {
    return base + "; until " + end;
  }
}
