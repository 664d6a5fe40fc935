package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Priority;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The documents' snippets, between markers; {@link DocumentsTest} holds the documents to them. */
class SnippetsTest {

  record Invoice(String to) {}

  static final class Mailer {
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

    void send(String to, String text) {
      sent.add(to + ": " + text);
    }
  }

  private static final Mailer mailer = new Mailer();
  private static final BlockingQueue<String> pings = new LinkedBlockingQueue<>();

  private final DataSource dataSource = database();
  private final Invoice invoice = new Invoice("ada@example.org");

  // snippet: job-type
  static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);

  // end

  // snippet: annotated
  static final class Billing {
    @Recurring(name = "heartbeat", every = "30s")
    void alive() {
      // runs every 30 seconds, on one replica
    }

    @Recurring(name = "close-books", cron = "0 2 * * MON-FRI", zone = "Europe/Zurich")
    void closeBooks() {
      // runs at two in the morning, on one replica
    }

    @JobHandler(value = "send-invoice", timeout = "2m", maxAttempts = 6)
    void send(Invoice invoice, JobContext context) {
      mailer.send(invoice.to(), "attempt " + context.attempt());
    }
  }

  // end

  private static DataSource database() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return h2;
  }

  private static void ping() {
    pings.add("ping");
  }

  @Test
  void starts() throws Exception {
    // snippet: start
    Scheduler scheduler =
        Scheduler.builder().store(JdbcStore.of(dataSource)).annotated(new Billing()).start();

    scheduler.enqueue(SEND_INVOICE, invoice); // now
    scheduler.schedule(SEND_INVOICE, invoice, Duration.ofMinutes(10)); // later
    scheduler.submit(SEND_INVOICE.with(invoice).key("inv-42").priority(Priority.HIGH));
    // end

    assertThat(mailer.sent.poll(30, TimeUnit.SECONDS)).isEqualTo("ada@example.org: attempt 1");
    assertThat(mailer.sent.poll(30, TimeUnit.SECONDS)).isEqualTo("ada@example.org: attempt 1");
    scheduler.close();
    assertThat(mailer.sent).isEmpty();
  }

  @Test
  void buildsWithoutAnnotations() throws Exception {
    Store store = JdbcStore.of(dataSource);
    // snippet: builder
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(
                Job.of(SEND_INVOICE, (invoice, context) -> mailer.send(invoice.to(), "hello"))
                    .timeout(Duration.ofMinutes(2))
                    .retry(Retry.exponential(Duration.ofSeconds(5)).maxAttempts(6)),
                Job.recurring("alive", Schedules.every(Duration.ofMinutes(1)), context -> ping()))
            .start();
    // end
    // snippet: client
    SchedulerClient client = SchedulerClient.of(store);
    client.enqueue(SEND_INVOICE, invoice);
    // end

    assertThat(mailer.sent.poll(30, TimeUnit.SECONDS)).isEqualTo("ada@example.org: hello");
    assertThat(pings.poll(30, TimeUnit.SECONDS)).isEqualTo("ping");
    scheduler.close();
  }

  @Test
  void migrates() {
    // snippet: migrate
    JdbcStore store = JdbcStore.builder(dataSource).migrate(SchemaPolicy.APPLY).build();
    // end
    store.open();
    assertThat(store.sessions().all()).isEmpty();
  }
}
