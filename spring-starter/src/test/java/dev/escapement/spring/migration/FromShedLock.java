package dev.escapement.spring.migration;

import dev.escapement.Recurring;
import dev.escapement.spring.JobName;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class FromShedLock {

  private final Work work;

  FromShedLock(Work work) {
    this.work = work;
  }

  // snippet: migration-shedlock
  @Scheduled(cron = "0 0 2 * * MON-FRI", zone = "Europe/Zurich")
  @JobName("close-books")
  void closeBooks() {
    work.does("close the books");
  }

  // end

  // snippet: migration-shedlock-recurring
  @Recurring(
      name = "write-report",
      cron = "0 2 * * MON-FRI",
      zone = "Europe/Zurich",
      timeout = "2h", // of the run itself: it is interrupted then
      maxAttempts = 3)
  void writeReport() {
    work.does("write the report");
  }
  // end
}
