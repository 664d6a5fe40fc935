package dev.escapement.spring.guide;

import dev.escapement.Recurring;
import dev.escapement.spring.ScheduledBy;
import org.springframework.stereotype.Component;

// snippet: spring-scheduled-by
@Component
@ScheduledBy("nightScheduler")
class Archive {

  private final Mailer mailer;

  Archive(Mailer mailer) {
    this.mailer = mailer;
  }

  @Recurring(name = "archive", cron = "0 3 * * *")
  void archive() {
    mailer.send("all is archived");
  }
}
// end
