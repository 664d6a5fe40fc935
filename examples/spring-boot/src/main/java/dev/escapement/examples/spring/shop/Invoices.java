package dev.escapement.examples.spring.shop;

import dev.escapement.Backoff;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sends invoices. */
@Component
class Invoices {

  private final JdbcClient database;
  private final Mail mail;
  private final String instance;

  Invoices(JdbcClient database, Mail mail, @Value("${shop.instance}") String instance) {
    this.database = database;
    this.mail = mail;
    this.instance = instance;
  }

  @JobHandler(value = "send-invoice", maxAttempts = 5, backoff = @Backoff(initial = "500ms"))
  void send(Order order, JobContext context) {
    mail.send(order.customer(), context.attempt());
    database
        .sql("INSERT INTO invoice (order_number, sent_by) VALUES (?, ?)")
        .params(order.number(), instance)
        .update();
  }

  /** Which instance has sent the invoice of an order. */
  Optional<String> sentBy(String number) {
    return database
        .sql("SELECT sent_by FROM invoice WHERE order_number = ?")
        .param(number)
        .query(String.class)
        .optional();
  }
}
