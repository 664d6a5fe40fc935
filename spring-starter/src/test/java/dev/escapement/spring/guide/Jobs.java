package dev.escapement.spring.guide;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.SchedulerClient;
import dev.escapement.policy.Retry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// snippet: spring-job-beans
@Configuration(proxyBeanMethods = false)
class Jobs {

  static final JobType<String> REMIND = JobType.of("remind", String.class);

  @Bean
  Job<String> remind(Mailer mailer, SchedulerClient scheduler) {
    return Job.of(
            REMIND,
            (customer, context) -> {
              mailer.send("a reminder to " + customer);
              scheduler.schedule(REMIND, customer, Duration.ofDays(14));
            })
        .retry(Retry.fixed(Duration.ofMinutes(1)));
  }
}
// end
