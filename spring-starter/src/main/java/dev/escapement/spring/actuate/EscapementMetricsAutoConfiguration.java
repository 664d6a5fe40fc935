package dev.escapement.spring.actuate;

import dev.escapement.Scheduler;
import dev.escapement.TransitionListener;
import dev.escapement.spring.EscapementAutoConfiguration;
import dev.escapement.spring.StoreDecorator;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters named {@code escapement.…}, where the application has a meter registry. */
@AutoConfiguration(
    after = EscapementAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics"
          + ".CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(Scheduler.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public class EscapementMetricsAutoConfiguration {

  @Bean
  SchedulerMeters escapementSchedulerMeters(Scheduler node) {
    return new SchedulerMeters(node);
  }

  @Bean
  QueueMeters escapementQueueMeters(Scheduler node) {
    return new QueueMeters(() -> node.queues().all(), System::nanoTime);
  }

  @Bean
  TransitionListener escapementExecutionMeters(MeterRegistry registry) {
    return new ExecutionMeters(registry);
  }

  /** Around the store of each scheduler: the store's bean itself stays what it is. */
  @Bean
  StoreDecorator escapementStoreMeters(MeterRegistry registry) {
    return store -> TimedStore.of(store, registry);
  }
}
