package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Count;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Page;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of the guide to the history. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistorySnippetsTest {

  record Invoice(String to) {}

  static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);
  static final JobType<Void> PING = JobType.of("ping");

  private static final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final DataSource dataSource = database();

  // snippet: history-annotated
  static final class Pings {
    @JobHandler(value = "ping", history = KeepHistory.FAILURES)
    void ping() {
      seen.add("ping");
    }
  }

  // end

  private static DataSource database() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return h2;
  }

  private static void send(Invoice invoice) {
    if (!invoice.to().contains("@")) {
      throw new IllegalArgumentException("no address: " + invoice.to());
    }
    seen.add(invoice.to());
  }

  private static void awaitHistory(Scheduler scheduler, int count) {
    ExecutionFilter all = ExecutionFilter.all();
    while (scheduler.executions().count(all).value() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void keeps() throws Exception {
    Store store = JdbcStore.of(dataSource);
    // snippet: history-keep
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .annotated(new Pings())
            .jobs(
                Job.of(SEND_INVOICE, (invoice, context) -> send(invoice))
                    .retry(Retry.none())
                    .keepHistory(KeepHistory.ALL))
            .historyRetention(Duration.ofDays(30))
            .historyPerJob(100_000)
            .start();
    // end
    try (scheduler) {
      scheduler.enqueue(PING);
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("ping");
      looks(scheduler);
      runsAgain(scheduler);
    }
  }

  private static void looks(Scheduler scheduler) throws Exception {
    Instant lastNight = Instant.now().minus(Duration.ofHours(12));
    scheduler.enqueue(SEND_INVOICE, new Invoice("ada@example.org"));
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("ada@example.org");
    for (int i = 0; i < 3; i++) {
      scheduler.enqueue(SEND_INVOICE, new Invoice("bob " + i));
    }
    awaitHistory(scheduler, 4);
    List<Execution> all = new ArrayList<>();
    // snippet: history-list
    ExecutionFilter failed =
        ExecutionFilter.ofJob("send-invoice").outcome(Outcome.FAILED).from(lastNight);

    Count count = scheduler.executions().count(failed); // 17, or 10,000+
    Optional<String> next = Optional.of("");
    while (next.isPresent()) {
      Page<Execution> page = scheduler.executions().list(failed, 100, next.get());
      all.addAll(page.items());
      next = page.next();
    }
    // end
    assertThat(count).hasToString("3");
    assertThat(all).hasSize(3).allMatch(execution -> execution.outcome() == Outcome.FAILED);
    assertThat(scheduler.executions().count(ExecutionFilter.ofJob("ping")).value()).isZero();

    TriggerId trigger = all.get(0).trigger();
    // snippet: history-of
    List<Execution> attempts = scheduler.executions().of(trigger); // the oldest first
    // end
    assertThat(attempts).containsExactly(all.get(0));
  }

  private static void runsAgain(Scheduler scheduler) throws Exception {
    Execution execution =
        scheduler
            .executions()
            .list(ExecutionFilter.ofJob("send-invoice").outcome(Outcome.FAILED), 1)
            .items()
            .get(0);
    // snippet: history-rerun
    Enqueued same = scheduler.executions().rerun(execution.id()); // with the payload that failed
    Enqueued repaired =
        scheduler.executions().rerun(execution.id(), SEND_INVOICE, new Invoice("bob@example.org"));
    // end
    assertThat(same.result()).isEqualTo(Enqueued.Result.CREATED);
    assertThat(repaired.result()).isEqualTo(Enqueued.Result.CREATED);
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("bob@example.org");
  }

  @Test
  void partitions() {
    // snippet: history-partitions
    JdbcStore store =
        JdbcStore.builder(dataSource)
            .migrate(SchemaPolicy.APPLY)
            .partitionedHistory(Duration.ofDays(1))
            .build();
    // end
    assertThatThrownBy(store::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("need PostgreSQL");
  }
}
