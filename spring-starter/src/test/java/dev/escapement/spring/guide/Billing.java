package dev.escapement.spring.guide;

import dev.escapement.JobHandler;
import dev.escapement.Recurring;
import org.springframework.stereotype.Component;

// snippet: spring-annotated
@Component
class Billing {

  private final Mailer mailer;

  Billing(Mailer mailer) {
    this.mailer = mailer;
  }

  @Recurring(name = "close-books", cron = "${books.cron}", zone = "Europe/Zurich")
  void closeBooks() {
    mailer.send("the books are closed"); // by one replica
  }

  @JobHandler(value = "send-invoice", maxAttempts = 6)
  void send(Invoice invoice) {
    mailer.send("an invoice to " + invoice.to());
  }
}
// end
