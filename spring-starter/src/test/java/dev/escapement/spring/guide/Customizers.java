package dev.escapement.spring.guide;

import dev.escapement.spring.JdbcStoreBuilderCustomizer;
import dev.escapement.spring.SchedulerBuilderCustomizer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// snippet: spring-customizers
@Configuration(proxyBeanMethods = false)
class Customizers {

  @Bean
  SchedulerBuilderCustomizer scheduler(
      @Qualifier("applicationTaskExecutor") Executor applicationTaskExecutor) {
    return builder -> builder.executor(applicationTaskExecutor); // it runs the handlers
  }

  @Bean
  JdbcStoreBuilderCustomizer store() {
    return builder -> builder.timeout(Duration.ofSeconds(5));
  }
}
// end
