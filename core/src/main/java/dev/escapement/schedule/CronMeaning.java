package dev.escapement.schedule;

/**
 * What a cron expression means, apart from its zone.
 *
 * @param fixed whether its minute and hour are single values or lists of them: what that means when
 *     a clock is turned is said at {@link Cron}
 */
record CronMeaning(LocalCalendar calendar, boolean fixed) {}
