package dev.escapement.examples.spring.shop;

import dev.escapement.JobType;
import dev.escapement.SchedulerClient;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes orders. */
@Service
class Orders {

  static final JobType<Order> SEND_INVOICE = JobType.of("send-invoice", Order.class);

  private final JdbcClient database;
  private final SchedulerClient scheduler;

  Orders(JdbcClient database, SchedulerClient scheduler) {
    this.database = database;
    this.scheduler = scheduler;
  }

  /**
   * The order, its invoice's job and the pieces that it takes from the stock: all of them, or none.
   *
   * @throws SoldOutException if there are too few; the job that was enqueued before has never been
   */
  @Transactional
  void place(Order order) {
    database
        .sql("INSERT INTO customer_order (number, customer, item, pieces) VALUES (?, ?, ?, ?)")
        .params(order.number(), order.customer(), order.item(), order.pieces())
        .update();
    scheduler.submit(SEND_INVOICE.with(order).key(order.number()));
    int rows =
        database
            .sql("UPDATE stock SET pieces = pieces - ? WHERE item = ? AND pieces >= ?")
            .params(order.pieces(), order.item(), order.pieces())
            .update();
    if (rows == 0) {
      throw new SoldOutException(order);
    }
  }

  Optional<Order> find(String number) {
    return database
        .sql("SELECT number, customer, item, pieces FROM customer_order WHERE number = ?")
        .param(number)
        .query(Order.class)
        .optional();
  }
}
