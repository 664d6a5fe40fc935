package dev.escapement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as the code of a job that recurs. Exactly one of {@link #every()} and {@link
 * #fixedDelay()} says when. The method takes a {@link JobContext} or nothing; it may have any
 * visibility. Inherited methods count; an override counts by its own annotation, and without one it
 * is no job.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Recurring {

  /** The job's name. */
  String name();

  /** Fixed rate, like {@code "30s"}: counted from fire time to fire time. */
  String every() default "";

  /** Fixed delay, like {@code "5m"}: counted from completion to fire time. */
  String fixedDelay() default "";

  /** The queue of its trigger. */
  String queue() default "default";

  /** The priority of its trigger within the queue. */
  Priority priority() default Priority.NORMAL;

  /** Interrupts a run that takes longer, like {@code "2m"}. Empty: never. */
  String timeout() default "";

  /** How often one fire may be tried in all. 0: the default, which is 1. */
  int maxAttempts() default 0;

  /** How long to wait before the next attempt. */
  Backoff backoff() default @Backoff;

  /** Interrupts a run as soon as its node can't prove any more that it is alive. */
  boolean interruptOnLeaseLoss() default false;
}
