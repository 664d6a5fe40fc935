package dev.escapement.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * No fire on some days.
 *
 * @param days without duplicates
 */
record Except(Schedule base, Collection<LocalDate> days) implements Excluding {

  Except {
    days.forEach(Schedules::checkDay);
    days = Collections.unmodifiableSortedSet(new TreeSet<>(days));
  }

  /** One set of days, and not one schedule over another for each. */
  @Override
  public Schedule except(Collection<LocalDate> more) {
    Set<LocalDate> all = new TreeSet<>(days);
    all.addAll(more);
    return new Except(base, all);
  }

  /** Without walking through the days that aren't excluded. */
  @Override
  public long count(Instant fireTime, Instant now) {
    DaysOff off = daysOff();
    long count = base.count(fireTime, now);
    for (LocalDate day : days) {
      Instant from = off.endBefore(day);
      Instant to = off.endBefore(day.plusDays(1));
      if (from.isBefore(now) && to.isAfter(fireTime)) {
        count -= base.count(fireTime, to.isBefore(now) ? to : now);
        count += from.isAfter(fireTime) ? base.count(fireTime, from) : 0;
      }
    }
    return count;
  }

  @Override
  public DaysOff daysOff() {
    return new DaysOff(base, days::contains);
  }

  @Override
  public Optional<String> optionText() {
    return Optional.of("except " + list());
  }

  @Override
  public String inWords(Words words) {
    return words.except(days);
  }

  @Override
  public String toString() {
    return base + "; except " + list();
  }

  private String list() {
    return days.stream().map(LocalDate::toString).collect(Collectors.joining(","));
  }
}
