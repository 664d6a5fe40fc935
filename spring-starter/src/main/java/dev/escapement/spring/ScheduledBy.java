package dev.escapement.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which scheduler runs the jobs of a bean, where a context has several: stands on the bean's
 * class or on its {@code @Bean} method. Jobs of beans that don't bear it are run by the bean {@code
 * escapementScheduler}. Other schedulers are made with a {@link SchedulerFactory}. Where it names
 * no scheduler, the start fails.
 *
 * <pre>{@code
 * @Component
 * @ScheduledBy("billingScheduler")
 * class Billing {
 *   @Recurring(name = "invoices", cron = "0 2 * * *")
 *   void invoices() { … }
 * }
 * }</pre>
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface ScheduledBy {

  /** The name of the scheduler's bean. */
  String value();
}
