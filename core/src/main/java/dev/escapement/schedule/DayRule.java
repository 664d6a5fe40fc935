package dev.escapement.schedule;

/** Which days of a month. */
@FunctionalInterface
interface DayRule {

  /**
   * The days of one month as the bits 1 to 31; none beyond its length.
   *
   * @param length how many days it has, 28 to 31
   * @param firstWeekday the day of the week of its first day, 1 (Monday) to 7 (Sunday)
   */
  int days(int length, int firstWeekday);
}
