package dev.escapement;

import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.UnreadablePayload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as the code of a job that somebody enqueues. Its parameters are the payload, the
 * {@link JobContext}, both, or neither, in any order; what it returns is its result (see {@link
 * ResultHandler}). It may have any visibility. Inherited methods count; an override counts by its
 * own annotation, and without one it is no job.
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

  /**
   * How long after its interrupt a run that goes on is given up; see {@link
   * Job#timeout(java.time.Duration, java.time.Duration)}. Empty: never.
   */
  String abandonAfter() default "";

  /**
   * An attempt that would start later than that after its due is SKIPPED, like {@code "1h"}. Empty:
   * none is.
   */
  String maxLateness() default "";

  /** How often a trigger may be tried in all. 0: the default, which is 10. */
  int maxAttempts() default 0;

  /** How long to wait before the next attempt. */
  Backoff backoff() default @Backoff;

  /** How long after the fire time an attempt may start, like {@code "12h"}. Empty: no bound. */
  String maxRetryAge() default "";

  /** Exceptions after which there is no next attempt, with their subclasses. */
  Class<? extends Throwable>[] notRetryOn() default {};

  /** Interrupts a run as soon as its node can't prove any more that it is alive. */
  boolean interruptOnLeaseLoss() default false;

  /** Which ends of attempts leave an execution row. */
  KeepHistory history() default KeepHistory.ALL;

  /**
   * Runs each attempt in a transaction of the store's database; see {@link Job#transactional()}.
   */
  boolean transactional() default false;

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
