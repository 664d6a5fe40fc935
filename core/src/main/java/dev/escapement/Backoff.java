package dev.escapement;

import dev.escapement.policy.Waits;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long to wait before the next attempt; see {@link dev.escapement.policy.Retry}. For the same
 * wait each time say {@code @Backoff(growth = FIXED, initial = "30s", jitter = 0)}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Backoff {

  /** How one wait follows from another. */
  Waits.Growth growth() default Waits.Growth.EXPONENTIAL;

  /** The wait after the first failure. */
  String initial() default "10s";

  /** What each further wait is multiplied by, if they grow exponentially. */
  double factor() default 2;

  /**
   * The longest wait before jitter; empty for one hour, or for {@link #initial()} if that is longer
   * or the waits don't grow.
   */
  String max() default "";

  /** The part of a wait by which it may be shorter or longer, 0 to 1. */
  double jitter() default 0.2;
}
