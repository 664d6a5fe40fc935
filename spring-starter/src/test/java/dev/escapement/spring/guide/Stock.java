package dev.escapement.spring.guide;

import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

// snippet: spring-transactional
@Component
class Stock {

  private final JdbcClient database;

  Stock(JdbcClient database) {
    this.database = database;
  }

  @JobHandler(value = "book", transactional = true)
  void book(Order order, JobContext context) {
    database.sql("UPDATE stock SET pieces = pieces - ?").param(order.pieces()).update();
    if (context.attempt() == 1) {
      throw new IllegalStateException("in the middle"); // rolled back, and tried again
    }
  }
}
// end
