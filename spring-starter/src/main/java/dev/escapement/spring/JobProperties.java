package dev.escapement.spring;

import dev.escapement.Priority;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Misfire.Action;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Waits.Growth;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code escapement.jobs.<name>.*} says of one job; what it doesn't say is as in the code. A
 * name that isn't in lower case with dashes is written in brackets: {@code
 * escapement.jobs[sendInvoice].queue}.
 *
 * @param schedule when it recurs, like {@code daily 02:00; zone Europe/Zurich}; {@code -} for never
 * @param cron a cron expression: of five fields a Unix one, of six a Spring one, of seven a Quartz
 *     one; {@code -} for never
 * @param zone the time zone of cron. Default: that of the schedule in the code, or UTC
 * @param every a fixed rate, counted from fire time to fire time
 * @param fixedDelay a fixed delay, counted from completion to fire time
 * @param jitter fires are due up to so much later than their fire time, besides what the code says
 * @param queue the queue of its triggers
 * @param priority the priority of its triggers within the queue
 * @param timeout interrupts a run that takes longer
 * @param abandonAfter how long after its interrupt a run that goes on is given up
 * @param maxLateness an attempt that would start later than that after its due is skipped
 * @param retry when a failed attempt is tried again
 * @param misfire what becomes of fires that passed while nobody could fire them
 * @param overlap what becomes of fires that come while an earlier one runs
 * @param maxOverlap with overlap=allow, how many fires may be unfinished at once, 1 to 1,000
 * @param history which ends of attempts leave an execution row
 * @param transactional whether each attempt runs in a transaction of the store's database
 * @param interruptOnLeaseLoss whether a run is interrupted as soon as its node can't prove any more
 *     that it is alive
 */
public record JobProperties(
    @Nullable String schedule,
    @Nullable String cron,
    @Nullable String zone,
    @Nullable Duration every,
    @Nullable Duration fixedDelay,
    @Nullable Duration jitter,
    @Nullable String queue,
    @Nullable Priority priority,
    @Nullable Duration timeout,
    @Nullable Duration abandonAfter,
    @Nullable Duration maxLateness,
    @DefaultValue Retry retry,
    @DefaultValue Misfire misfire,
    @Nullable Overlap overlap,
    @Nullable Integer maxOverlap,
    @Nullable KeepHistory history,
    @Nullable Boolean transactional,
    @Nullable Boolean interruptOnLeaseLoss) {

  /**
   * When a failed attempt is tried again.
   *
   * @param maxAttempts how often a trigger may be tried in all, at least 1
   * @param initial the wait after the first failure
   * @param growth how one wait follows from another
   * @param factor what each further wait of an exponential retry is multiplied by, 1 to 100
   * @param max the longest wait before jitter
   * @param jitter the part of a wait by which it may be shorter or longer, 0 to 1
   * @param maxAge how long after the fire time an attempt may start
   */
  public record Retry(
      @Nullable Integer maxAttempts,
      @Nullable Duration initial,
      @Nullable Growth growth,
      @Nullable Double factor,
      @Nullable Duration max,
      @Nullable Double jitter,
      @Nullable Duration maxAge) {}

  /**
   * What becomes of fires that passed while nobody could fire them.
   *
   * @param action what to do
   * @param cap with action=fire-all, how many missed fires run at most, 1 to 1,000
   * @param threshold how late a fire may be claimed before it counts as missed
   */
  public record Misfire(
      @Nullable Action action, @Nullable Integer cap, @Nullable Duration threshold) {}
}
