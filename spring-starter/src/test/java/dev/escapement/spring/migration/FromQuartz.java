package dev.escapement.spring.migration;

import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.OnMisfire;
import dev.escapement.SchedulerClient;
import dev.escapement.policy.Misfire;
import dev.escapement.schedule.Cron;
import java.time.ZoneId;
import org.springframework.stereotype.Component;

// snippet: migration-quartz
@Component
class FromQuartz {

  static final JobType<String> REMIND = JobType.of("remind", String.class);

  private final Work work;
  private final SchedulerClient scheduler;

  FromQuartz(Work work, SchedulerClient scheduler) {
    this.work = work;
    this.scheduler = scheduler;
  }

  @JobHandler(value = "remind", misfire = @OnMisfire(Misfire.Action.SKIP))
  void remind(String customer) {
    work.does("remind " + customer);
  }

  void subscribe(String customer) {
    scheduler.recurring(
        REMIND.with(customer).key(customer),
        Cron.quartz("0 0 9 ? * MON").zone(ZoneId.of("Europe/Zurich")));
  }

  void unsubscribe(String customer) {
    scheduler.deleteRecurring(REMIND, customer);
  }
}
// end
