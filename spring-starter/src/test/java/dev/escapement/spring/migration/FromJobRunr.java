package dev.escapement.spring.migration;

import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Recurring;
import dev.escapement.SchedulerClient;
import java.time.Duration;
import org.springframework.stereotype.Component;

// snippet: migration-jobrunr
@Component
class FromJobRunr {

  static final JobType<String> SEND_OFFER = JobType.of("send-offer", String.class);

  private final Work work;
  private final SchedulerClient scheduler;

  FromJobRunr(Work work, SchedulerClient scheduler) {
    this.work = work;
    this.scheduler = scheduler;
  }

  @Recurring(name = "count-stock", cron = "0 2 * * *", zone = "Europe/Zurich", maxAttempts = 3)
  void countStock() {
    work.does("count the stock");
  }

  @JobHandler("send-offer")
  void sendOffer(String customer) {
    work.does("send an offer to " + customer);
  }

  void welcome(String customer) {
    scheduler.enqueue(SEND_OFFER, customer);
    scheduler.schedule(SEND_OFFER, customer, Duration.ofDays(30));
  }
}
// end
