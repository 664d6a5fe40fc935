package dev.escapement.examples.orders;

import dev.escapement.Execution;
import dev.escapement.TriggerId;
import java.time.Instant;

/**
 * What happened in the story, for whoever judges.
 *
 * @param payments that didn't go well
 * @param stuck the shipping whose first attempt failed in the middle
 * @param reminder the reminder
 * @param export the last execution of the export
 */
record Facts(Payments payments, TriggerId stuck, Reminder reminder, Execution export) {

  /**
   * Payments.
   *
   * @param unlucky the one that failed twice
   * @param declined the one whose card had expired
   * @param withOtherCard the same, run again
   */
  record Payments(TriggerId unlucky, TriggerId declined, TriggerId withOtherCard) {}

  /**
   * A reminder.
   *
   * @param sent its execution
   * @param resumedAt when its queue was put back in service, on the database's clock
   */
  record Reminder(Execution sent, Instant resumedAt) {}
}
