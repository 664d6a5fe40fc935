package dev.escapement.schedule;

import java.time.LocalDate;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The local times that a schedule names, on a calendar without a zone. Times are seconds since
 * 1970-01-01T00:00, as if that were in UTC. It jumps from field to field and never walks through
 * times; nothing is sought before the year 0 or after 9999, nor further than the 400 years after
 * which the calendar repeats.
 */
final class LocalCalendar {

  /** No such time. */
  static final long NONE = Long.MIN_VALUE;

  /** The year 0 begins. */
  static final long FIRST = LocalDate.of(0, 1, 1).toEpochDay() * TimesOfDay.SECONDS_PER_DAY;

  /** The last second of the year 9999. */
  static final long LAST = LocalDate.of(10_000, 1, 1).toEpochDay() * TimesOfDay.SECONDS_PER_DAY - 1;

  private static final int EVERY_MONTH = 0x1FFE;
  private static final int GREGORIAN_CYCLE = 400;

  private final TimesOfDay times;
  private final DayRule rule;
  private final int months;
  private final @Nullable BitSet years;
  private final int perDay;

  /**
   * @param months the bits 1 to 12
   * @param years null for every year
   */
  LocalCalendar(TimesOfDay times, DayRule rule, int months, @Nullable BitSet years) {
    this.times = times;
    this.rule = rule;
    this.months = months;
    this.years = years == null ? null : (BitSet) years.clone();
    perDay = times.countBefore(TimesOfDay.SECONDS_PER_DAY);
  }

  static LocalCalendar everyMonth(TimesOfDay times, DayRule rule) {
    return new LocalCalendar(times, rule, EVERY_MONTH, null);
  }

  /** The first time that isn't before {@code from}, or {@link #NONE}. */
  long atOrAfter(long from) {
    if (from > LAST) {
      return NONE;
    }
    long start = Math.max(from, FIRST);
    long epochDay = Math.floorDiv(start, TimesOfDay.SECONDS_PER_DAY);
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    Month month = month(date.getYear(), date.getMonthValue());
    int day = date.getDayOfMonth();
    if (Bits.has(month.days, day)) {
      int time = times.atOrAfter(Math.floorMod(start, TimesOfDay.SECONDS_PER_DAY));
      if (time != TimesOfDay.NONE) {
        return at(epochDay, time);
      }
    }
    int later = Bits.atOrAfter(month.days, day + 1);
    int lastYear = years == null ? Math.min(date.getYear() + GREGORIAN_CYCLE, 9999) : 9999;
    while (later < 0) {
      month = monthAfter(month);
      if (month == null || month.year > lastYear) {
        return NONE;
      }
      later = Bits.atOrAfter(month.days, 1);
    }
    return at(month.epochDay(later), times.atOrAfter(0));
  }

  private @Nullable Month monthAfter(Month month) {
    int next = month.inYears ? Bits.atOrAfter(months, month.number + 1) : -1;
    if (next > 0) {
      return month(month.year, next);
    }
    int year = years == null ? month.year + 1 : years.nextSetBit(Math.max(month.year + 1, 0));
    return year < 0 ? null : month(year, Bits.atOrAfter(months, 1));
  }

  /** The last time that isn't after {@code until}, or {@link #NONE}. */
  long atOrBefore(long until) {
    if (until < FIRST) {
      return NONE;
    }
    long end = Math.min(until, LAST);
    long epochDay = Math.floorDiv(end, TimesOfDay.SECONDS_PER_DAY);
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    Month month = month(date.getYear(), date.getMonthValue());
    int day = date.getDayOfMonth();
    if (Bits.has(month.days, day)) {
      int time = times.atOrBefore(Math.floorMod(end, TimesOfDay.SECONDS_PER_DAY));
      if (time != TimesOfDay.NONE) {
        return at(epochDay, time);
      }
    }
    int earlier = Bits.atOrBefore(month.days, day - 1);
    int firstYear = years == null ? Math.max(date.getYear() - GREGORIAN_CYCLE, 0) : 0;
    while (earlier < 0) {
      month = monthBefore(month);
      if (month == null || month.year < firstYear) {
        return NONE;
      }
      earlier = Bits.atOrBefore(month.days, 31);
    }
    return at(month.epochDay(earlier), times.atOrBefore(TimesOfDay.SECONDS_PER_DAY - 1));
  }

  private @Nullable Month monthBefore(Month month) {
    int previous = month.inYears ? Bits.atOrBefore(months, month.number - 1) : -1;
    if (previous > 0) {
      return month(month.year, previous);
    }
    int year = month.year - 1;
    if (years != null && year >= 0) {
      year = years.previousSetBit(year);
    }
    return year < 0 ? null : month(year, Bits.atOrBefore(months, 12));
  }

  private static long at(long epochDay, int time) {
    return epochDay * TimesOfDay.SECONDS_PER_DAY + time;
  }

  /** How many times there are from {@code from}, inclusive, to {@code to}, exclusive. */
  long count(long from, long to) {
    long start = Math.max(from, FIRST);
    long end = Math.min(to, LAST + 1);
    if (start >= end) {
      return 0;
    }
    long firstDay = Math.floorDiv(start, TimesOfDay.SECONDS_PER_DAY);
    long lastDay = Math.floorDiv(end, TimesOfDay.SECONDS_PER_DAY);
    long before = times.countBefore(Math.floorMod(start, TimesOfDay.SECONDS_PER_DAY));
    long within = times.countBefore(Math.floorMod(end, TimesOfDay.SECONDS_PER_DAY));
    long whole = countDays(firstDay, lastDay) * perDay;
    return whole
        - (before > 0 ? before * countDays(firstDay, firstDay + 1) : 0)
        + (within > 0 ? within * countDays(lastDay, lastDay + 1) : 0);
  }

  private long countDays(long fromDay, long toDay) {
    long count = 0;
    long day = fromDay;
    while (day < toDay) {
      LocalDate date = LocalDate.ofEpochDay(day);
      Month month = month(date.getYear(), date.getMonthValue());
      int first = date.getDayOfMonth();
      long past = Math.min(first + (toDay - day), month.length + 1L);
      count += Bits.countBelow(month.days, (int) past) - Bits.countBelow(month.days, first);
      day += past - first;
    }
    return count;
  }

  private Month month(int year, int number) {
    LocalDate first = LocalDate.of(year, number, 1);
    int length = first.lengthOfMonth();
    long firstDay = first.toEpochDay();
    boolean inYears = years == null || (year >= 0 && years.get(year));
    long days = 0;
    if (inYears && Bits.has(months, number)) {
      // 1970-01-01 was a Thursday, 4.
      int weekday = Math.floorMod(firstDay + 3, 7) + 1;
      days = rule.days(length, weekday) & 0xFFFF_FFFFL;
    }
    return new Month(year, number, length, firstDay, inYears, days);
  }

  /** One month, and the days of it that count. */
  private record Month(
      int year, int number, int length, long firstDay, boolean inYears, long days) {

    long epochDay(int day) {
      return firstDay + day - 1;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LocalCalendar that
        && times.equals(that.times)
        && rule.equals(that.rule)
        && months == that.months
        && Objects.equals(years, that.years);
  }

  @Override
  public int hashCode() {
    return Objects.hash(times, rule, months, years);
  }
}
