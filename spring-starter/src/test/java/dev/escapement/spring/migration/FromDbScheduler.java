package dev.escapement.spring.migration;

import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.SchedulerClient;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FromDbScheduler {

  // snippet: migration-db-scheduler
  static final JobType<Invoice> SEND = JobType.of("send-invoice", Invoice.class);

  @Bean
  Job<Invoice> send(Work work) {
    return Job.of(SEND, (invoice, context) -> work.does("send to " + invoice.to()))
        .retry(Retry.exponential(Duration.ofSeconds(10)).maxAttempts(7));
  }

  @Bean
  Job<Void> dropBaskets(Work work) {
    return Job.recurring(
        "drop-baskets",
        Schedules.fixedDelay(Duration.ofHours(1)),
        context -> work.does("drop the baskets"));
  }

  // end

  static boolean enqueue(SchedulerClient scheduler, Invoice invoice) {
    // snippet: migration-db-scheduler-enqueue
    Enqueued answer = scheduler.submit(SEND.with(invoice).key(invoice.number()));
    // end
    return answer.created();
  }
}
