package dev.escapement.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Predicate;

/** No fire on the days for which a condition holds. */
record ExceptWhere(Schedule base, Predicate<LocalDate> isExcluded) implements Excluding {

  @Override
  public long count(Instant fireTime, Instant now) {
    return daysOff().count(fireTime, now);
  }

  @Override
  public DaysOff daysOff() {
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
