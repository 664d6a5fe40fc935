package dev.escapement.spring.guide;

import dev.escapement.ExecutionInterceptor;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerState;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

// snippet: spring-observers
@Configuration(proxyBeanMethods = false)
class Observers {

  @Bean
  @Order(1) // outside of those with higher numbers
  ExecutionInterceptor tenant() {
    return (context, invocation) -> {
      MDC.put("tenant", context.key().orElse("-"));
      try {
        return invocation.proceed();
      } finally {
        MDC.remove("tenant");
      }
    };
  }

  @Bean
  TransitionListener alarm(Mailer mailer) {
    return transition -> {
      if (transition.to() == TriggerState.FAILED) {
        mailer.send("an alarm: " + transition.trigger().job());
      }
    };
  }
}
// end
