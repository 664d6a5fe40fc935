package dev.escapement.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** A schedule that changes another one, its base, and hands on what it doesn't change. */
sealed interface Option extends Schedule permits From, Until, Excluding, Jitter {

  Schedule base();

  /** What it adds to the text form, after the semicolon; empty if it can't be written. */
  Optional<String> optionText();

  /** The same for {@link #identity}, where every option says something. */
  default String optionIdentity() {
    return optionText().orElseThrow();
  }

  /** What it adds to the description. */
  String inWords(Words words);

  /** The first fire that isn't before {@code start}, of a schedule that begins then. */
  Optional<Instant> atOrAfter(Instant start);

  /** The same for any schedule. What counts from its first fire begins at {@code start}. */
  static Optional<Instant> atOrAfter(Schedule schedule, Instant start) {
    if (schedule instanceof Option option) {
      return option.atOrAfter(start);
    }
    return schedule instanceof FixedRate || schedule instanceof FixedDelay
        ? Optional.of(start)
        : schedule.next(start.minusNanos(1));
  }

  @Override
  default Optional<Duration> delayAfterCompletion() {
    return base().delayAfterCompletion();
  }

  @Override
  default Duration delay(Instant fireTime, String trigger) {
    return base().delay(fireTime, trigger);
  }

  @Override
  default ZoneId zone() {
    return base().zone();
  }

  @Override
  default Optional<String> text() {
    return base()
        .text()
        .flatMap(text -> optionText().map(option -> text + "; " + option))
        .filter(text -> text.length() <= ScheduleText.LONGEST);
  }

  @Override
  default String identity() {
    return base().identity() + "; " + optionIdentity();
  }

  @Override
  default String describe(Locale locale) {
    Words words = Words.in(locale);
    return base().describe(locale) + words.comma() + inWords(words);
  }
}
