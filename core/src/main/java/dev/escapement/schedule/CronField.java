package dev.escapement.schedule;

import java.util.List;
import java.util.Locale;

/** A field of a cron expression, and the numbers and names that it takes. */
enum CronField {
  SECOND(0, 59, ""),
  MINUTE(0, 59, ""),
  HOUR(0, 23, ""),
  DAY_OF_MONTH(1, 31, ""),
  MONTH(1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  DAY_OF_WEEK(0, 7, "SUN MON TUE WED THU FRI SAT"),
  YEAR(1970, 2099, "");

  private static final List<CronField> UNIX =
      List.of(MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK);
  private static final List<CronField> SPRING =
      List.of(SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK);
  private static final List<CronField> QUARTZ =
      List.of(SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR);

  private final int least;
  private final int most;
  private final String names;

  CronField(int least, int most, String names) {
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /** The fields of a dialect in their order. Quartz's last one may be left away. */
  static List<CronField> of(CronDialect dialect) {
    return switch (dialect) {
      case UNIX -> UNIX;
      case QUARTZ -> QUARTZ;
      case SPRING -> SPRING;
    };
  }

  /** What it is called in words. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The smallest number that may be written. */
  int least(CronDialect dialect) {
    return this == DAY_OF_WEEK && dialect == CronDialect.QUARTZ ? 1 : least;
  }

  /** The greatest number that may be written. */
  int most() {
    return most;
  }

  /** Where {@code *} begins. Spring counts the week from Monday, though it takes 0 for Sunday. */
  int first(CronDialect dialect) {
    return this == DAY_OF_WEEK && dialect == CronDialect.SPRING ? 1 : least(dialect);
  }

  /** How many values it has; a range that passes the last one goes on with the first. */
  int size() {
    return this == DAY_OF_WEEK ? 7 : most - least + 1;
  }

  /** The number of a name, in upper case, or -1. Sunday is 7 in Spring, and elsewhere the first. */
  int number(String name, CronDialect dialect) {
    int place = List.of(names.split(" ")).indexOf(name);
    if (this == DAY_OF_WEEK && place == 0 && dialect == CronDialect.SPRING) {
      return most;
    }
    return place < 0 ? -1 : place + least(dialect);
  }

  boolean isDay() {
    return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
  }

  /** Values that may be written, for errors. */
  String range(CronDialect dialect) {
    String numbers = least(dialect) + " to " + most;
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.substring(0, 3) + " to " + names.substring(names.length() - 3);
  }
}
