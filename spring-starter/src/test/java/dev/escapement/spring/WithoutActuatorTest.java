package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.spring.actuate.EscapementEndpointAutoConfiguration;
import dev.escapement.spring.actuate.EscapementHealthAutoConfiguration;
import dev.escapement.spring.actuate.EscapementMetricsAutoConfiguration;
import dev.escapement.spring.actuate.EscapementObservationAutoConfiguration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What operators see stands back where the application hasn't got what it needs. */
class WithoutActuatorTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withPropertyValues("escapement.store=memory")
          .withConfiguration(
              AutoConfigurations.of(
                  EscapementAutoConfiguration.class,
                  EscapementEndpointAutoConfiguration.class,
                  EscapementHealthAutoConfiguration.class,
                  EscapementMetricsAutoConfiguration.class,
                  EscapementObservationAutoConfiguration.class));

  @Test
  void nothingOfItIsThereWithoutTheClasses() {
    application
        .withClassLoader(
            new FilteredClassLoader(
                "io.micrometer",
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.springframework.boot.micrometer"))
        .run(
            context -> {
              assertThat(context.getStartupFailure()).isNull();
              assertThat(context.getBean(Scheduler.class).stats().trusted()).isTrue();
              assertThat(Arrays.stream(context.getBeanDefinitionNames()))
                  .noneMatch(name -> name.matches("escapement.*(Meters|Observations|Indicator)"))
                  .doesNotContain("escapementEndpoint");
            });
  }

  @Test
  void withoutRegistriesAndExposureHealthAloneIsThere() {
    application.run(
        context -> {
          assertThat(context.getStartupFailure()).isNull();
          assertThat(Arrays.stream(context.getBeanDefinitionNames()))
              .noneMatch(name -> name.matches("escapement.*(Meters|Observations)"))
              .doesNotContain("escapementEndpoint")
              .contains("escapementHealthIndicator");
        });
  }

  @Test
  void healthCanBeTurnedOff() {
    application
        .withPropertyValues("management.health.escapement.enabled=false")
        .run(context -> assertThat(context.containsBean("escapementHealthIndicator")).isFalse());
  }

  @Test
  void aProcessThatOnlyEnqueuesHasHealthToo() {
    application
        .withPropertyValues("escapement.enqueue-only=true")
        .run(
            context -> {
              assertThat(context.getBean(SchedulerClient.class)).isNotNull();
              assertThat(context.containsBean("escapementHealthIndicator")).isTrue();
            });
  }
}
