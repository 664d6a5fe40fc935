package dev.escapement.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A cron expression that was made at random, and what it means, written a second time and on
 * purpose without a look at the code under test: sets of numbers, and conditions on dates.
 */
final class CronModel {

  private static final String[] WEEK = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  private static final String[] YEAR = {
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"
  };

  final CronDialect dialect;
  final String expression;
  final boolean fixed;
  final boolean onlyWholeMinutes;
  final SortedSet<Integer> hours;
  final SortedSet<Integer> minutes;
  final SortedSet<Integer> seconds;
  private final SortedSet<Integer> months;
  private final SortedSet<Integer> years;
  private final Predicate<LocalDate> days;

  private final Random random;

  /**
   * @param around what hour, month and year it should have something to do with
   */
  CronModel(Random random, CronDialect dialect, LocalDateTime around) {
    this.random = random;
    this.dialect = dialect;
    Numbers second = dialect == CronDialect.UNIX ? new Numbers("0", set(0), true) : second();
    int likelyHour = Math.floorMod(around.getHour() - 1 + random.nextInt(3), 24);
    boolean times = random.nextInt(5) < 2;
    Numbers minute =
        times ? singles(59, around.getMinute(), 15) : numbers(0, 59, random.nextInt(60));
    Numbers hour = times ? singles(23, likelyHour, 1) : numbers(0, 23, likelyHour);
    Numbers month =
        random.nextInt(4) > 0
            ? new Numbers("*", range(1, 12), false)
            : named(numbers(1, 12, around.getMonthValue()));
    Numbers year = year(around.getYear());
    Days ofMonth = random.nextInt(3) > 0 ? star() : ofMonth(around.getDayOfMonth());
    Days ofWeek = random.nextInt(3) > 0 ? star() : ofWeek();
    if (dialect == CronDialect.QUARTZ) {
      boolean questionOfMonth =
          ofWeek.text.equals("*") ? random.nextBoolean() && ofMonth.text.equals("*") : true;
      ofMonth = questionOfMonth ? new Days("?", date -> true) : ofMonth;
      ofWeek = questionOfMonth ? ofWeek : new Days("?", date -> true);
    } else if (dialect == CronDialect.SPRING && random.nextInt(4) == 0) {
      ofMonth = ofMonth.text.equals("*") ? new Days("?", date -> true) : ofMonth;
      ofWeek = ofWeek.text.equals("*") ? new Days("?", date -> true) : ofWeek;
    }
    boolean either =
        dialect == CronDialect.UNIX
            && !ofMonth.text.startsWith("*")
            && !ofWeek.text.startsWith("*");
    days = either ? ofMonth.holds.or(ofWeek.holds) : ofMonth.holds.and(ofWeek.holds);
    seconds = second.values;
    minutes = minute.values;
    hours = hour.values;
    months = month.values;
    years = year.values;
    fixed = minute.single && hour.single;
    onlyWholeMinutes = seconds.equals(set(0));
    String rest =
        String.join(" ", minute.text, hour.text, ofMonth.text, month.text, ofWeek.text)
            + (year.text.isEmpty() ? "" : " " + year.text);
    expression = dialect == CronDialect.UNIX ? rest : second.text + " " + rest;
  }

  boolean hasDay(LocalDate date) {
    return (years.isEmpty() || years.contains(date.getYear()))
        && months.contains(date.getMonthValue())
        && days.test(date);
  }

  boolean hasTime(int secondOfDay) {
    return seconds.contains(secondOfDay % 60)
        && minutes.contains(secondOfDay / 60 % 60)
        && hours.contains(secondOfDay / 3600);
  }

  private Numbers second() {
    return random.nextInt(3) > 0 ? new Numbers("0", set(0), true) : numbers(0, 59, 0);
  }

  /** A field of numbers; {@code likely} is often among them. */
  private Numbers numbers(int least, int most, int likely) {
    int size = most - least + 1;
    int some = least + random.nextInt(size);
    int step = 1 + random.nextInt(Math.min(size - 1, 20));
    return switch (random.nextInt(7)) {
      case 0 -> new Numbers("*", range(least, most), false);
      case 1 -> new Numbers("*/" + step, stepped(least, most, step), false);
      case 2 -> new Numbers(likely + "/" + step, stepped(likely, most, step), false);
      case 3 -> new Numbers(likely + "-" + some, circle(likely, some, least, most, 1), false);
      case 4 ->
          new Numbers(
              some + "-" + likely + "/" + step, circle(some, likely, least, most, step), false);
      case 5 -> {
        Numbers one = random.nextBoolean() ? numbers(least, most, some) : number(some);
        SortedSet<Integer> both = new TreeSet<>(one.values);
        both.add(likely);
        yield new Numbers(one.text + "," + likely, both, one.single);
      }
      default -> number(likely);
    };
  }

  /** Some single values: this one, and others some steps away. */
  private Numbers singles(int most, int likely, int step) {
    StringBuilder text = new StringBuilder(Integer.toString(likely));
    SortedSet<Integer> values = set(likely);
    for (int more = random.nextInt(3); more > 0; more--) {
      int value = Math.floorMod(likely + step * (random.nextInt(5) - 2), most + 1);
      text.append(',').append(value);
      values.add(value);
    }
    return new Numbers(text.toString(), values, true);
  }

  private static Numbers number(int value) {
    return new Numbers(Integer.toString(value), set(value), true);
  }

  private static SortedSet<Integer> set(int value) {
    return new TreeSet<>(List.of(value));
  }

  private static SortedSet<Integer> range(int from, int to) {
    return stepped(from, to, 1);
  }

  private static SortedSet<Integer> stepped(int from, int to, int step) {
    SortedSet<Integer> values = new TreeSet<>();
    for (int value = from; value <= to; value += step) {
      values.add(value);
    }
    return values;
  }

  /** Goes round from one value to another, and takes every {@code step}-th on the way. */
  private static SortedSet<Integer> circle(int from, int to, int least, int most, int step) {
    List<Integer> way = new ArrayList<>(List.of(from));
    for (int value = from; value != to; ) {
      value = value == most ? least : value + 1;
      way.add(value);
    }
    SortedSet<Integer> values = new TreeSet<>();
    for (int i = 0; i < way.size(); i += step) {
      values.add(way.get(i));
    }
    return values;
  }

  /** Writes a single month or a range of months with names, now and then. */
  private Numbers named(Numbers months) {
    if (months.text.contains("/") || months.text.contains("*") || random.nextBoolean()) {
      return months;
    }
    String text =
        Pattern.compile("\\d+")
            .matcher(months.text)
            .replaceAll(number -> YEAR[Integer.parseInt(number.group()) - 1]);
    return new Numbers(
        random.nextBoolean() ? text.toLowerCase(Locale.ROOT) : text, months.values, months.single);
  }

  /** No values: every year. */
  private Numbers year(int likely) {
    if (dialect != CronDialect.QUARTZ || random.nextInt(3) > 0) {
      return new Numbers("", new TreeSet<>(), false);
    }
    int year = Math.max(1970, Math.min(2098, likely));
    return switch (random.nextInt(4)) {
      case 0 -> new Numbers("*", new TreeSet<>(), false);
      case 1 -> new Numbers(year + "-" + (year + 1), range(year, year + 1), false);
      case 2 -> new Numbers("*/2", stepped(1970, 2099, 2), false);
      default -> new Numbers("1999," + year + "/3", with(1999, stepped(year, 2099, 3)), false);
    };
  }

  private static SortedSet<Integer> with(int value, SortedSet<Integer> others) {
    others.add(value);
    return others;
  }

  private static Days star() {
    return new Days("*", date -> true);
  }

  private Days ofMonth(int likely) {
    if (dialect == CronDialect.UNIX || random.nextBoolean()) {
      Numbers numbers = numbers(1, 31, likely);
      return new Days(numbers.text, date -> numbers.values.contains(date.getDayOfMonth()));
    }
    Days special = specialOfMonth(1 + random.nextInt(31));
    if (random.nextBoolean()) {
      return special;
    }
    Days other = specialOfMonth(likely);
    return new Days(
        special.text + "," + other.text + "," + likely,
        special.holds.or(other.holds).or(date -> date.getDayOfMonth() == likely));
  }

  private Days specialOfMonth(int day) {
    return switch (random.nextInt(4)) {
      case 0 -> new Days("L", date -> date.getDayOfMonth() == date.lengthOfMonth());
      case 1 -> {
        int before = 1 + random.nextInt(30);
        yield new Days(
            "L-" + before, date -> date.getDayOfMonth() == date.lengthOfMonth() - before);
      }
      case 2 -> new Days("LW", date -> date.equals(nearest(date, date.lengthOfMonth())));
      default ->
          new Days(
              day + "W", date -> day <= date.lengthOfMonth() && date.equals(nearest(date, day)));
    };
  }

  /** Looks from the day outwards, in the same month, for one from Monday to Friday. */
  private static LocalDate nearest(LocalDate month, int day) {
    LocalDate wanted = month.withDayOfMonth(day);
    for (int away = 0; ; away++) {
      for (LocalDate date : List.of(wanted.minusDays(away), wanted.plusDays(away))) {
        if (date.getMonth() == month.getMonth()
            && date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0) {
          return date;
        }
      }
    }
  }

  private Days ofWeek() {
    DayOfWeek one = day();
    DayOfWeek two = day();
    int step = 1 + random.nextInt(3);
    boolean special = dialect != CronDialect.UNIX;
    return switch (random.nextInt(special ? 7 : 5)) {
      case 0 -> weekdays(text(one), List.of(one));
      case 1 -> weekdays(text(one) + "," + text(two), List.of(one, two));
      case 2 ->
          one == two
              ? weekdays(text(one), List.of(one))
              : weekdays(text(one) + "-" + text(two), round(one, two, 1));
      case 3 ->
          one == two
              ? weekdays(text(one), List.of(one))
              : weekdays(text(one) + "-" + text(two) + "/" + step, round(one, two, step));
      case 4 -> {
        int first = dialect == CronDialect.UNIX ? 0 : 1;
        List<DayOfWeek> days = new ArrayList<>();
        for (int number = first; number <= 7; number += step) {
          days.add(numbered(number));
        }
        yield weekdays("*/" + step, days);
      }
      case 5 ->
          new Days(
              text(one) + "L", date -> date.equals(date.with(TemporalAdjusters.lastInMonth(one))));
      default -> {
        int nth = 1 + random.nextInt(5);
        yield new Days(
            text(one) + "#" + nth + "," + text(two),
            date ->
                date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(nth, one)))
                    || date.getDayOfWeek() == two);
      }
    };
  }

  private static Days weekdays(String text, List<DayOfWeek> days) {
    return new Days(text, date -> days.contains(date.getDayOfWeek()));
  }

  private static List<DayOfWeek> round(DayOfWeek from, DayOfWeek to, int step) {
    List<DayOfWeek> way = new ArrayList<>();
    for (DayOfWeek day = from; day != to; day = day.plus(1)) {
      way.add(day);
    }
    way.add(to);
    List<DayOfWeek> days = new ArrayList<>();
    for (int i = 0; i < way.size(); i += step) {
      days.add(way.get(i));
    }
    return days;
  }

  private DayOfWeek day() {
    return DayOfWeek.of(1 + random.nextInt(7));
  }

  private DayOfWeek numbered(int number) {
    int fromMonday = dialect == CronDialect.QUARTZ ? number + 5 : number + 6;
    return DayOfWeek.of(1 + fromMonday % 7);
  }

  private String text(DayOfWeek day) {
    if (random.nextBoolean()) {
      return WEEK[day.getValue() - 1];
    }
    if (dialect == CronDialect.QUARTZ) {
      return Integer.toString(day == DayOfWeek.SUNDAY ? 1 : day.getValue() + 1);
    }
    return Integer.toString(day == DayOfWeek.SUNDAY && random.nextBoolean() ? 0 : day.getValue());
  }

  /**
   * @param single whether it has only single values, and lists of them
   */
  private record Numbers(String text, SortedSet<Integer> values, boolean single) {}

  private record Days(String text, Predicate<LocalDate> holds) {}

  @Override
  public String toString() {
    return dialect + " " + expression;
  }
}
