package dev.escapement.spring;

import dev.escapement.SchedulerBuilder;

/**
 * A bean that tells the scheduler what no property can. Called in the order of the beans, after the
 * properties.
 */
@FunctionalInterface
public interface SchedulerBuilderCustomizer {

  /** Tells it. */
  void customize(SchedulerBuilder builder);
}
