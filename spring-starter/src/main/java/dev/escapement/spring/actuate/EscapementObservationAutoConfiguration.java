package dev.escapement.spring.actuate;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.SchedulerClient;
import dev.escapement.spring.EscapementAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Runs and enqueuing as observations, where the application has a registry for them; with its
 * tracing, a run goes on with the trace of whoever enqueued it.
 */
@AutoConfiguration(
    after = EscapementAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(SchedulerClient.class)
@ConditionalOnSingleCandidate(ObservationRegistry.class)
public class EscapementObservationAutoConfiguration {

  /** Outermost, so that what other interceptors log carries the trace too. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  ExecutionInterceptor escapementRunObservations(ObservationRegistry registry) {
    return new RunObservations(registry);
  }

  /** Last, so that it sees the headers of all others. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  EnqueueInterceptor escapementEnqueueObservations(ObservationRegistry registry) {
    return new EnqueueObservations(registry);
  }
}
