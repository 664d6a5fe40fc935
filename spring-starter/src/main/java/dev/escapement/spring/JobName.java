package dev.escapement.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of the job that an adopted {@code @Scheduled} method becomes. Without it the name is
 * that of the bean and that of the method, like {@code billing.sendInvoices}, and changes with
 * them: then the history of the old name stays behind. Where a method bears several
 * {@code @Scheduled}, the second becomes {@code name#2}, and so on. Means something only where
 * {@code escapement.adopt-scheduled} is true.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface JobName {

  /** The job's name; placeholders are resolved. */
  String value();
}
