package dev.escapement.spring.migration;

import dev.escapement.JobContext;
import dev.escapement.Recurring;
import java.time.LocalDate;
import java.time.ZoneId;
import org.springframework.stereotype.Component;

// snippet: migration-xxl-job
@Component
class FromXxlJob {

  private final Work work;

  FromXxlJob(Work work) {
    this.work = work;
  }

  @Recurring(name = "exportOrders", schedule = "-") // when, say the properties
  void exportOrders(JobContext context) {
    LocalDate day = LocalDate.ofInstant(context.fireTime(), ZoneId.of("Asia/Shanghai"));
    context.progress(0, 1, "exporting " + day);
    work.does("export " + day);
  }
}
// end
