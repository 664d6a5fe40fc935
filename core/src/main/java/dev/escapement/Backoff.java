package dev.escapement;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long to wait before the next attempt; see {@link dev.escapement.policy.Retry}. For a fixed
 * wait say {@code @Backoff(initial = "30s", factor = 1, jitter = 0)}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Backoff {

  /** The wait after the first failure. */
  String initial() default "10s";

  /** What each further wait is multiplied by. */
  double factor() default 2;

  /** The longest wait before jitter; empty for one hour, or for {@link #initial()} if longer. */
  String max() default "";

  /** The part of a wait by which it may be shorter or longer, 0 to 1. */
  double jitter() default 0.2;
}
