package dev.escapement;

import dev.escapement.policy.Overlap;
import dev.escapement.policy.UnreadablePayload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as the code of a job that somebody enqueues. Its parameters are the payload, the
 * {@link JobContext}, both, or neither, in any order; it may have any visibility. Inherited methods
 * count; an override counts by its own annotation, and without one it is no job.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface JobHandler {

  /** The job's name. */
  String value();

  /** The queue of its triggers. */
  String queue() default "default";

  /** The priority of its triggers within the queue. */
  Priority priority() default Priority.NORMAL;

  /** Interrupts a run that takes longer, like {@code "2m"}. Empty: never. */
  String timeout() default "";

  /** How often a trigger may be tried in all. 0: the default, which is 10. */
  int maxAttempts() default 0;

  /** How long to wait before the next attempt. */
  Backoff backoff() default @Backoff;

  /** Interrupts a run as soon as its node can't prove any more that it is alive. */
  boolean interruptOnLeaseLoss() default false;

  /**
   * What becomes of fires that passed while nobody could fire them, for triggers that recur (see
   * {@link SchedulerClient#recurring(JobRequest, dev.escapement.schedule.Schedule)}).
   */
  OnMisfire misfire() default @OnMisfire;

  /** What becomes of fires that come while an earlier one runs. */
  Overlap overlap() default Overlap.WAIT;

  /** With {@link Overlap#ALLOW}, how many fires may be unfinished at once; 1 to 1,000. */
  int maxOverlap() default 10;

  /** What becomes of a payload that can't be read here. */
  UnreadablePayload onUnreadablePayload() default UnreadablePayload.RETRY;
}
