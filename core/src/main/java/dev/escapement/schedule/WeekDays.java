package dev.escapement.schedule;

/**
 * Days that are named by their place in the week. Weekdays count from 1 (Monday) to 7 (Sunday).
 *
 * @param plain the bits 1 to 7: each such weekday
 * @param last the bits 1 to 7: the last such weekday of the month
 * @param nth the bits 8 × n + weekday, with n from 1 to 5: the n-th such weekday of the month
 */
record WeekDays(int plain, int last, long nth) implements DayRule {

  static final WeekDays ALL = new WeekDays(0xFE, 0, 0);

  /** The same weekday in five weeks. */
  private static final int WEEKLY = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28;

  static int inMonth(int length) {
    return (int) (2L << length) - 2;
  }

  @Override
  public int days(int length, int firstWeekday) {
    if (plain == ALL.plain) {
      return inMonth(length);
    }
    int days = 0;
    for (int left = plain; left != 0; left &= left - 1) {
      days |= WEEKLY << first(Integer.numberOfTrailingZeros(left), firstWeekday);
    }
    for (int left = last; left != 0; left &= left - 1) {
      int first = first(Integer.numberOfTrailingZeros(left), firstWeekday);
      days |= 1 << (first + (length - first) / 7 * 7);
    }
    for (long left = nth; left != 0; left &= left - 1) {
      int place = Long.numberOfTrailingZeros(left);
      int day = first(place % 8, firstWeekday) + (place / 8 - 1) * 7;
      days |= day <= length ? 1 << day : 0;
    }
    return days & inMonth(length);
  }

  /** The first day of the month that is such a weekday. */
  private static int first(int weekday, int firstWeekday) {
    return 1 + Math.floorMod(weekday - firstWeekday, 7);
  }
}
