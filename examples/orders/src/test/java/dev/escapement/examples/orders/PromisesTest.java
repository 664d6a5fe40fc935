package dev.escapement.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Execution;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.JdbcStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tells the story once: then every promise is kept, and whatever is tampered with breaks one. */
class PromisesTest {

  @Test
  @Timeout(120)
  void everyPromiseIsKeptAndEachCouldHaveBeenBroken() throws Exception {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (Database database = Database.embedded();
        Offices offices = new Offices(database)) {
      Facts facts = Orders.tell(database, offices, new PrintStream(told, true, UTF_8));
      try (HikariDataSource pool = database.connect(2);
          JdbcStore store = JdbcStore.of(pool);
          Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        Judge judge = new Judge(connection, SchedulerClient.of(store), facts);

        assertThat(judge.broken()).isEmpty();
        assertTold(told.toString(UTF_8));
        tamper(judge);
        judge.confuse();
      }
    }
  }

  private static void assertTold(String story) {
    assertThat(story)
        .contains("order 1003, 5000 x teapot: rolled back")
        .contains("attempt 2  FAILED: 503, come back in 400 ms")
        .contains("is due in 13d23h59m")
        .contains("waits: queue \"reminders\" is paused.")
        .contains("KILLED office-")
        .contains("pause: REQUESTED")
        .contains("result: {\"orders\":1000,\"pieces\":2000}");
  }

  private static void tamper(Judge judge) throws SQLException {
    String orders = "The orders are there whose transaction was committed";
    assertThat(judge.after("DELETE FROM orders WHERE id = 1001")).contains(orders);
    assertThat(judge.after("INSERT INTO orders VALUES (1003, DATE '2026-11-21', 'teapot', 5000)"))
        .contains(orders);
    for (String table : List.of("confirmation", "shipment")) {
      assertThat(judge.after("DELETE FROM " + table + " WHERE order_id = 1001")).hasSize(1);
      assertThat(judge.after("INSERT INTO " + table + " VALUES (1001)")).hasSize(1);
    }
    assertThat(judge.after("INSERT INTO payment VALUES (1001, '4000-0001')"))
        .containsExactly("Each was paid once");
    assertThat(judge.after("UPDATE stock SET pieces = pieces - 3"))
        .containsExactly("The stock is exact, though an attempt failed after it had booked");
    assertThat(judge.after("INSERT INTO reminder VALUES (1001)"))
        .containsExactly("The reminder was sent once, and not while its queue was paused");
    assertThat(judge.after("UPDATE export_run SET office = 'office-1'"))
        .containsExactly("Another process took it over");
    assertThat(judge.after("UPDATE export_run SET after_order = after_order - 50"))
        .contains(
            "It went on from where it was paused",
            "No order was exported twice, but for those between checkpoint and kill");
    assertThat(judge.after("UPDATE export_run SET after_order = 0"))
        .contains("It went on from its last checkpoint, less than a batch before the kill");
    assertThat(judge.after("INSERT INTO exported SELECT 7, max(run) FROM exported"))
        .containsExactly("No order was exported twice, but for those between checkpoint and kill");
    assertThat(judge.after("DELETE FROM exported WHERE order_id = 7"))
        .containsExactly("Every order was exported");
    assertThat(judge.after("UPDATE orders SET pieces = 9 WHERE id = 7"))
        .containsExactly("The result agrees with the orders");
  }

  private record Judge(Connection connection, SchedulerClient scheduler, Facts facts) {

    List<String> broken() throws SQLException {
      return Promises.check(connection, scheduler, facts).stream()
          .filter(check -> !check.holds())
          .map(Promises.Check::promise)
          .toList();
    }

    /** If the facts were others, or the job that was rolled back were there. */
    void confuse() throws SQLException {
      Execution sent = facts.reminder().sent();
      TriggerId other = sent.trigger();
      Facts.Payments paid = new Facts.Payments(other, other, other);
      Facts.Reminder late = new Facts.Reminder(sent, Instant.MAX);
      Facts confused = new Facts(paid, other, late, sent);
      scheduler.submit(Shop.CONFIRM.with(ShopStory.REFUSED.ref()).key(ShopStory.REFUSED.key()));

      assertThat(new Judge(connection, scheduler, confused).broken())
          .containsExactly(
              "The job of the one that was rolled back neither is nor was",
              "The provider's failures were tried again until it worked",
              "The declined card was tried once, the other one worked",
              "The stock is exact, though an attempt failed after it had booked",
              "The reminder was sent once, and not while its queue was paused",
              "The export was lost with its process, yielded to the pause, and succeeded",
              "The result agrees with the orders");
    }

    /** What would be broken if that had happened, too. */
    List<String> after(String change) throws SQLException {
      Sql.run(connection, change);
      List<String> broken = broken();
      connection.rollback();
      return broken;
    }
  }
}
