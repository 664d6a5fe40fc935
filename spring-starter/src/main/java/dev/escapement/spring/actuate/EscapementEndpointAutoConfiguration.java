package dev.escapement.spring.actuate;

import dev.escapement.SchedulerClient;
import dev.escapement.spring.EscapementAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code /actuator/escapement}, where the application exposes it. */
@AutoConfiguration(after = EscapementAutoConfiguration.class)
@ConditionalOnClass(
    name =
        "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
@ConditionalOnBean(SchedulerClient.class)
public class EscapementEndpointAutoConfiguration {

  @Bean
  @ConditionalOnAvailableEndpoint(endpoint = EscapementEndpoint.class)
  @ConditionalOnMissingBean
  EscapementEndpoint escapementEndpoint(SchedulerClient client) {
    return new EscapementEndpoint(client);
  }
}
