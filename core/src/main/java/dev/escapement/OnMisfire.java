package dev.escapement;

import dev.escapement.policy.Misfire;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What becomes of fires that passed while nobody could fire them; see {@link Misfire}. Like {@code
 * misfire = @OnMisfire(SKIP)}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface OnMisfire {

  /** What to do. */
  Misfire.Action value() default Misfire.Action.FIRE_ONCE;

  /** With FIRE_ALL, how many missed fires run at most, the latest ones; 1 to 1,000. */
  int cap() default 100;

  /** How late a fire may be claimed before it counts as missed. */
  String threshold() default "60s";
}
