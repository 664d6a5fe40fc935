package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Never fires, whatever else is said of it. */
record Disabled() implements Schedule {

  static final String TEXT = "-";

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return Optional.empty();
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return 0;
  }

  @Override
  public Schedule from(Instant start) {
    return this;
  }

  @Override
  public Schedule until(Instant end) {
    return this;
  }

  @Override
  public Schedule except(Collection<LocalDate> days) {
    return this;
  }

  @Override
  public Schedule except(Predicate<LocalDate> isExcluded) {
    return this;
  }

  @Override
  public Schedule jitter(Duration most) {
    return this;
  }

  @Override
  public Optional<String> text() {
    return Optional.of(TEXT);
  }

  @Override
  public String describe(Locale locale) {
    return Words.in(locale).never();
  }

  @Override
  public String toString() {
    return TEXT;
  }
}
