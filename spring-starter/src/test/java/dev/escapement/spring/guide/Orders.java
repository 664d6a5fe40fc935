package dev.escapement.spring.guide;

import dev.escapement.JobType;
import dev.escapement.SchedulerClient;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

// snippet: spring-enqueue
@Service
class Orders {

  static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);

  private final JdbcClient database;
  private final SchedulerClient scheduler;

  Orders(JdbcClient database, SchedulerClient scheduler) {
    this.database = database;
    this.scheduler = scheduler;
  }

  @Transactional
  void place(Order order) {
    database.sql("INSERT INTO orders (number) VALUES (?)").param(order.number()).update();
    scheduler.enqueue(SEND_INVOICE, new Invoice(order.number(), order.customer()));
    if (order.pieces() > 100) {
      throw new IllegalStateException("Sold out"); // then neither has ever been
    }
  }
}
// end
