package dev.escapement.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Predicate;

/** No fire on the days for which a condition holds. */
record ExceptWhere(Schedule base, Predicate<LocalDate> isExcluded) implements Option {

  @Override
  public Optional<Instant> next(Instant after) {
    return daysOff().next(after);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return daysOff().first(now);
  }

  @Override
  public Optional<Instant> atOrAfter(Instant start) {
    return daysOff().atOrAfter(start);
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return daysOff().latest(fireTime, now);
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return daysOff().count(fireTime, now);
  }

  private DaysOff daysOff() {
    return new DaysOff(base, isExcluded);
  }

  @Override
  public Optional<String> optionText() {
    return Optional.empty();
  }

  @Override
  public String optionIdentity() {
    return "except " + ClassNames.custom(isExcluded);
  }

  @Override
  public String inWords(Words words) {
    return words.exceptSome();
  }

  @Override
  public String toString() {
    return base + "; " + optionIdentity();
  }
}
