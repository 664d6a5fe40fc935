package dev.escapement.spring.actuate;

import dev.escapement.SchedulerClient;
import dev.escapement.spring.EscapementAutoConfiguration;
import dev.escapement.spring.EscapementProperties;
import dev.escapement.store.Store;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The scheduler's part of {@code /actuator/health}, as {@code escapement}. */
@AutoConfiguration(after = EscapementAutoConfiguration.class)
@ConditionalOnBean({SchedulerClient.class, Store.class})
@EnableConfigurationProperties(EscapementProperties.class)
public class EscapementHealthAutoConfiguration {

  private static final String INDICATOR = "escapementHealthIndicator";

  /** Spring Boot 3. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  static class BeforeSpringBoot4 {

    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
        "escapement")
    @Bean(name = INDICATOR)
    @ConditionalOnMissingBean(name = INDICATOR)
    org.springframework.boot.actuate.health.HealthIndicator escapementHealthIndicator(
        Store store, SchedulerClient client, EscapementProperties properties) {
      SchedulerHealth health = new SchedulerHealth(store, client, properties.health());
      return () -> {
        SchedulerHealth.Finding found = health.look();
        var answer =
            new org.springframework.boot.actuate.health.Health.Builder()
                .status(found.status())
                .withDetails(found.details());
        return (found.fault() == null ? answer : answer.withException(found.fault())).build();
      };
    }
  }

  /** Spring Boot 4. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  static class SinceSpringBoot4 {

    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
        "escapement")
    @Bean(name = INDICATOR)
    @ConditionalOnMissingBean(name = INDICATOR)
    org.springframework.boot.health.contributor.HealthIndicator escapementHealthIndicator(
        Store store, SchedulerClient client, EscapementProperties properties) {
      SchedulerHealth health = new SchedulerHealth(store, client, properties.health());
      return () -> {
        SchedulerHealth.Finding found = health.look();
        var answer =
            new org.springframework.boot.health.contributor.Health.Builder()
                .status(found.status())
                .withDetails(found.details());
        return (found.fault() == null ? answer : answer.withException(found.fault())).build();
      };
    }
  }
}
