package dev.escapement.schedule;

/**
 * Days that are named by their number in the month. A month that doesn't have a day leaves it away.
 *
 * @param plain the bits 1 to 31: that day
 * @param beforeLast the bits 0 to 30: so many days before the last one
 * @param nearest the bits 1 to 31: the day from Monday to Friday that is nearest to it in the month
 * @param lastWeekday the last day from Monday to Friday
 */
record MonthDays(int plain, int beforeLast, int nearest, boolean lastWeekday) implements DayRule {

  static final MonthDays ALL = new MonthDays(-1 << 1, 0, 0, false);

  private static final int SATURDAY = 6;
  private static final int SUNDAY = 7;

  @Override
  public int days(int length, int firstWeekday) {
    int days = plain;
    for (int left = beforeLast; left != 0; left &= left - 1) {
      int day = length - Integer.numberOfTrailingZeros(left);
      days |= day >= 1 ? 1 << day : 0;
    }
    for (int left = nearest; left != 0; left &= left - 1) {
      int day = Integer.numberOfTrailingZeros(left);
      days |= day <= length ? 1 << nearestTo(day, length, firstWeekday) : 0;
    }
    if (lastWeekday) {
      days |= 1 << nearestTo(length, length, firstWeekday);
    }
    return days & WeekDays.inMonth(length);
  }

  private static int nearestTo(int day, int length, int firstWeekday) {
    int weekday = (firstWeekday + day - 2) % 7 + 1;
    if (weekday == SATURDAY) {
      return day == 1 ? 3 : day - 1;
    }
    if (weekday == SUNDAY) {
      return day == length ? day - 2 : day + 1;
    }
    return day;
  }
}
