package dev.escapement.spring.guide;

import dev.escapement.spring.EveryNode;
import dev.escapement.spring.JobName;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

// snippet: spring-adopt
@Component
class Housekeeping {

  private final Mailer mailer;

  Housekeeping(Mailer mailer) {
    this.mailer = mailer;
  }

  @Scheduled(cron = "0 0 4 * * *") // becomes the job housekeeping.dropBaskets
  void dropBaskets() {
    mailer.send("the baskets are dropped");
  }

  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  @JobName("count-stock")
  void countStock() {
    mailer.send("the stock is counted");
  }

  @Scheduled(fixedRate = 1, timeUnit = TimeUnit.HOURS)
  @EveryNode // stays with Spring: each replica has a cache of its own
  void clearCache() {
    mailer.send("the cache is cleared");
  }

  @Scheduled(fixedRate = 1, timeUnit = TimeUnit.HOURS)
  void readPrices() { // stays, too: escapement.adopt-scheduled-except names it
    mailer.send("the prices are read");
  }
}
// end
