package dev.escapement.schedule;

/**
 * Whose rules a cron expression follows. In all of them names may be used in lists, ranges and
 * steps, {@code 5/15} means every 15th from 5 on, and a range may wrap around.
 */
public enum CronDialect {

  /**
   * Vixie cron: minute, hour, day of month, month, day of week, and macros, like {@code
   * @daily}. 0 and 7 are Sunday. Where both day fields are restricted, one of them is enough; a
   * field that begins with {@code *} isn't restricted.
   */
  UNIX("Unix"),

  /**
   * Quartz: second, minute, hour, day of month, month, day of week and, if wanted, year. 1 is
   * Sunday, 7 is Saturday. Exactly one of the day fields is {@code ?}. With {@code L}, {@code W}
   * and {@code #}.
   */
  QUARTZ("Quartz"),

  /**
   * Spring 5.3 and newer: second, minute, hour, day of month, month, day of week, and the macros. 0
   * and 7 are Sunday. A day must be in both day fields; {@code ?} is the same as {@code *}. With
   * {@code L}, {@code W} and {@code #}.
   */
  SPRING("Spring");

  private final String title;

  CronDialect(String title) {
    this.title = title;
  }

  /** What it is called in words. */
  String title() {
    return title;
  }
}
