package dev.escapement;

import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.CronDialect;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as the code of a job that recurs. Exactly one of {@link #cron()}, {@link
 * #every()}, {@link #fixedDelay()} and {@link #schedule()} says when. The method takes a {@link
 * JobContext} or nothing; what it returns is its result (see {@link ResultHandler}). It may have
 * any visibility. Inherited methods count; an override counts by its own annotation, and without
 * one it is no job.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Recurring {

  /** The job's name. */
  String name();

  /**
   * A cron expression, like {@code "0 2 * * *"}. With five fields it is a Unix one, with seven a
   * Quartz one. One with six is accepted without a {@link #dialect()} only if Quartz and Spring
   * read it the same: they number the days of the week differently.
   */
  String cron() default "";

  /** Whose cron expression it is, if its form doesn't say so. */
  CronDialect[] dialect() default {};

  /** The time zone of {@link #cron()}, like {@code "Europe/Zurich"}. Empty: UTC. */
  String zone() default "";

  /**
   * A schedule in text, like {@code "daily 02:00,14:00; zone Europe/Zurich"}; {@code "-"} never
   * fires. See {@link dev.escapement.schedule.Schedules#parse}.
   */
  String schedule() default "";

  /** Fixed rate, like {@code "30s"}: counted from fire time to fire time. */
  String every() default "";

  /** Fixed delay, like {@code "5m"}: counted from completion to fire time. */
  String fixedDelay() default "";

  /** Fires are due up to so much later than their fire time, like {@code "30s"}. Empty: not. */
  String jitter() default "";

  /** What becomes of fires that passed while nobody could fire them. */
  OnMisfire misfire() default @OnMisfire;

  /** What becomes of fires that come while an earlier one runs. */
  Overlap overlap() default Overlap.WAIT;

  /** With {@link Overlap#ALLOW}, how many fires may be unfinished at once; 1 to 1,000. */
  int maxOverlap() default 10;

  /** The queue of its trigger. */
  String queue() default "default";

  /** The priority of its trigger within the queue. */
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

  /** How often one fire may be tried in all. 0: the default, which is 1. */
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
}
