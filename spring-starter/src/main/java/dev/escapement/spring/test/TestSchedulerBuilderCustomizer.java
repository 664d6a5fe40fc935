package dev.escapement.spring.test;

import dev.escapement.testing.TestSchedulerBuilder;

/** A bean of this kind has the last word on the scheduler of {@link AutoConfigureTestScheduler}. */
@FunctionalInterface
public interface TestSchedulerBuilderCustomizer {

  /** Called when the scheduler is first used, and again after each reset. */
  void customize(TestSchedulerBuilder builder);
}
