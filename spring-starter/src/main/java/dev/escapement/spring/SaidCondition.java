package dev.escapement.spring;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * What a property says, in any spelling that {@link EscapementProperties} takes: to Spring Boot's
 * own condition on properties {@code 1}, {@code yes} and {@code on} aren't true.
 */
abstract class SaidCondition implements Condition {

  private final String property;
  private final boolean wanted;
  private final boolean otherwise;

  /**
   * @param otherwise what counts where nothing is said
   */
  SaidCondition(String property, boolean wanted, boolean otherwise) {
    this.property = property;
    this.wanted = wanted;
    this.otherwise = otherwise;
  }

  @Override
  public final boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return wanted
        == Binder.get(context.getEnvironment()).bind(property, Boolean.class).orElse(otherwise);
  }

  static final class Enabled extends SaidCondition {
    Enabled() {
      super("escapement.enabled", true, true);
    }
  }

  static final class RunsJobs extends SaidCondition {
    RunsJobs() {
      super("escapement.enqueue-only", false, false);
    }
  }

  static final class EnqueuesOnly extends SaidCondition {
    EnqueuesOnly() {
      super("escapement.enqueue-only", true, false);
    }
  }

  static final class AdoptsScheduled extends SaidCondition {
    AdoptsScheduled() {
      super("escapement.adopt-scheduled", true, false);
    }
  }
}
