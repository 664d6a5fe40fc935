package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Recurring;
import dev.escapement.SchedulerClient;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.testing.EnqueuedJob;
import dev.escapement.testing.TestScheduler;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The snippets of the guide to testing; {@link DocumentsTest} holds the guide to them. */
class TestingSnippetsTest {

  record Invoice(String to) {}

  static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);

  private static final Invoice invoice = new Invoice("ada@example.org");

  record Mailer(List<String> sent) {
    void send(Invoice invoice) {
      sent.add(invoice.to());
    }
  }

  record Shop(SchedulerClient scheduler, Clock clock) {
    void buy(String customer) {
      scheduler.enqueue(SEND_INVOICE, new Invoice(customer));
    }
  }

  private final Mailer mailer = new Mailer(new ArrayList<>());
  private final Job<Invoice> send = Job.of(SEND_INVOICE, (to, context) -> mailer.send(to));

  @Test
  void begins() {
    // snippet: testing-first
    TestScheduler scheduler =
        TestScheduler.of(Job.of(SEND_INVOICE, (invoice, context) -> mailer.send(invoice)));
    Shop shop = new Shop(scheduler, scheduler.clock()); // takes a SchedulerClient, as in life

    shop.buy("ada@example.org");
    scheduler.assertEnqueued(SEND_INVOICE, new Invoice("ada@example.org"));

    scheduler.runDue(); // here, on this thread
    assertThat(mailer.sent()).containsExactly("ada@example.org");
    scheduler.assertNothingEnqueued();
    // end
    assertThat(shop.clock().instant()).isEqualTo(scheduler.now());
  }

  @Test
  void letsTimePass() {
    List<Instant> closed = new ArrayList<>();
    // snippet: testing-time
    TestScheduler scheduler =
        TestScheduler.of(
            Job.recurring(
                "close-books",
                Schedules.daily(LocalTime.of(2, 0)),
                context -> closed.add(context.fireTime())));

    scheduler.advance(Duration.ofDays(2));

    assertThat(closed)
        .containsExactly(
            Instant.parse("2026-01-05T02:00:00Z"), Instant.parse("2026-01-06T02:00:00Z"));
    // end
  }

  @Test
  void fails() throws Exception {
    // snippet: testing-failures
    TestScheduler scheduler =
        TestScheduler.of(send.retry(Retry.exponential(Duration.ofSeconds(10)).maxAttempts(5)));
    scheduler.failNext(SEND_INVOICE, 2, new IOException("down"));
    scheduler.enqueue(SEND_INVOICE, invoice);

    List<Execution> first = scheduler.runDue(); // fails; tried again in 10 s
    List<Execution> second = scheduler.advance(Duration.ofSeconds(10)); // fails; in 20 s
    List<Execution> third = scheduler.advance(Duration.ofSeconds(20)); // sends

    assertThat(scheduler.executed(SEND_INVOICE))
        .extracting(Execution::outcome)
        .containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.SUCCEEDED);
    // end
    assertThat(List.of(first, second, third)).allMatch(ran -> ran.size() == 1);
    // snippet: testing-drain
    scheduler.failNext(SEND_INVOICE, 4, new IOException("down"));
    scheduler.enqueue(SEND_INVOICE, invoice);

    scheduler.drain(); // retries included, however long they wait

    scheduler.assertNothingEnqueued();
    // end
    assertThat(mailer.sent()).hasSize(2);
  }

  @Test
  void missesFires() {
    List<String> sent = new ArrayList<>();
    // snippet: testing-misfire
    TestScheduler scheduler =
        TestScheduler.of(
            Job.recurring(
                    "report",
                    Schedules.daily(LocalTime.of(2, 0)),
                    context -> sent.add("report, " + context.missedFires() + " left out"))
                .misfire(Misfire.fireOnce()));

    scheduler.skip(Duration.ofDays(3)); // nothing runs meanwhile
    scheduler.runDue();

    assertThat(sent).containsExactly("report, 2 left out");
    // end
  }

  @Test
  void takesTime() {
    List<Instant> runs = new ArrayList<>();
    TestScheduler[] scheduler = new TestScheduler[1];
    // snippet: testing-slow
    Job<Void> slow =
        Job.recurring(
                "import",
                Schedules.daily(LocalTime.of(1, 0), LocalTime.of(2, 0), LocalTime.of(3, 0)),
                context -> {
                  runs.add(context.startedAt());
                  scheduler[0].skip(Duration.ofMinutes(90)); // so long it takes
                })
            .overlap(Overlap.SKIP);
    scheduler[0] = TestScheduler.of(slow);

    scheduler[0].advance(Duration.ofHours(12));

    assertThat(runs)
        .containsExactly(
            Instant.parse("2026-01-05T01:00:00Z"), Instant.parse("2026-01-05T03:00:00Z"));
    // end
  }

  @Test
  void looks() throws Exception {
    TestScheduler scheduler = TestScheduler.of(send);
    // snippet: testing-look
    scheduler.submit(SEND_INVOICE.with(invoice).key("inv-42").after(Duration.ofHours(1)));

    EnqueuedJob<Invoice> waiting = scheduler.enqueued(SEND_INVOICE).get(0);
    assertThat(waiting.payload().to()).isEqualTo("ada@example.org");
    assertThat(waiting.key()).contains("inv-42");
    assertThat(waiting.due()).isEqualTo(scheduler.now().plus(Duration.ofHours(1)));

    Execution ran =
        scheduler.await(waiting.id(), Duration.ofHours(2)); // doesn't wait: turns the clock
    assertThat(ran.outcome()).isEqualTo(Outcome.SUCCEEDED);
    // end
  }

  static final class Billing {
    @Recurring(name = "close-books", cron = "0 2 * * *")
    void closeBooks() {}

    @JobHandler("send-invoice")
    void send(Invoice invoice, JobContext context) throws IOException {
      if (context.attempt() > 0) {
        throw new IOException(invoice.to() + " " + context.attempt());
      }
    }
  }

  @Test
  void isBuilt() {
    // snippet: testing-builder
    TestScheduler scheduler =
        TestScheduler.builder()
            .annotated(new Billing())
            .startingAt(Instant.parse("2026-03-29T00:00:00Z"))
            .build();
    // end
    assertThat(scheduler.advance(Duration.ofHours(2))).hasSize(1);
  }

  @Test
  void transacts() throws SQLException {
    // snippet: testing-transactions
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    TestScheduler scheduler =
        TestScheduler.builder()
            .jobs(
                Job.of(SEND_INVOICE, (invoice, context) -> note(context.connection(), invoice))
                    .transactional())
            .connections(database)
            .build();
    // end
    update(database, "create table sent (address varchar(100))");
    scheduler.enqueue(SEND_INVOICE, invoice);
    scheduler.runDue();
    assertThat(update(database, "delete from sent")).isEqualTo(1);
  }

  private static void note(Connection connection, Invoice invoice) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("insert into sent values ('" + invoice.to() + "')");
    }
  }

  private static int update(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
