package dev.escapement.examples.spring.shop;

import dev.escapement.JobContext;
import dev.escapement.Recurring;
import dev.escapement.spring.EveryNode;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** What is to be done every second. */
@Component
class Housekeeping {

  private final Fires fires;

  Housekeeping(Fires fires) {
    this.fires = fires;
  }

  /** By one instance. */
  @Recurring(name = "count-stock", every = "1s")
  void countStock(JobContext context) {
    fires.note("count-stock", context.fireTime());
  }

  /** Spring would have each instance do it; adopted, one does. */
  @Scheduled(fixedRate = 1000)
  void dropBaskets() {
    fires.note("drop-baskets", null);
  }

  /** Each instance has prices of its own in memory, so each must do it. */
  @Scheduled(fixedRate = 1000)
  @EveryNode
  void readPrices() {
    fires.note("read-prices", null);
  }
}
