package dev.escapement.schedule;

/**
 * The days that the two day fields of a cron expression name together.
 *
 * @param either whether one of the fields is enough; otherwise a day must be in both
 */
record CronDays(MonthDays ofMonth, WeekDays ofWeek, boolean either) implements DayRule {

  @Override
  public int days(int length, int firstWeekday) {
    int numbered = ofMonth.days(length, firstWeekday);
    int named = ofWeek.days(length, firstWeekday);
    return either ? numbered | named : numbered & named;
  }
}
