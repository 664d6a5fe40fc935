package dev.escapement.examples.quickstart;

import dev.escapement.schedule.Cron;

/**
 * A line of a crontab that says when and what.
 *
 * @param schedule when
 * @param zoned whether the crontab says the zone; without CRON_TZ it is UTC
 * @param line what
 */
record CrontabLine(Cron schedule, boolean zoned, Line line) {}
