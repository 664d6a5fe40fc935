package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.UnknownCommitException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server ends a connection before what was written on it is committed. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class KilledBackendTest {

  private final TestDatabase database = TestDatabase.Kind.POSTGRES.open();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void drop() {
    thread.shutdownNow();
    database.close();
  }

  @Test
  void aClaimWhoseConnectionIsKilledHasNotHappened() throws Exception {
    Movement node = Movement.on(database.store(database.source()).build());
    TriggerId id = node.enqueue();
    try (Connection blocker = database.source().getConnection();
        Statement statement = blocker.createStatement()) {
      int pid = pid(blocker);
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE escapement_node");
      Future<List<Claim>> claim = thread.submit(() -> node.claim(10));
      kill(pid + " = ANY (pg_blocking_pids(pid))");

      assertThatThrownBy(claim::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownCommitException.class)
          .hasMessageContaining("57P01");
      blocker.rollback();
    }
    TriggerRecord row = node.store().triggers().find(id).orElseThrow();
    assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row.version()).isZero();
    assertThat(node.claim(10)).hasSize(1);
  }

  private static int pid(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Waits until there is one to kill. */
  private void kill(String which) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " + which;
    while (database.number(sql) == 0) {
      assertThat(System.nanoTime() - deadline).as("nobody to kill").isNegative();
    }
  }

  @Test
  void aTransactionalJobWhoseConnectionIsKilledLeavesNothingAndRunsAgain() throws Exception {
    database.execute("CREATE TABLE effect (attempt INTEGER)");
    AtomicInteger runs = new AtomicInteger();
    JobType<Void> type = JobType.of("pay");
    Job<Void> job =
        Job.of(
                type,
                context -> {
                  Connection connection = context.connection();
                  try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO effect VALUES (" + context.attempt() + ")");
                  }
                  if (runs.incrementAndGet() == 1) {
                    kill("pid = " + pid(connection));
                  }
                })
            .transactional();
    try (Scheduler node =
        Scheduler.builder()
            .store(database.store(database.source()).build())
            .pollInterval(Duration.ofMillis(200))
            .jobs(job)
            .start()) {
      Enqueued made = node.enqueue(type);
      Execution last = node.await(made.id(), Duration.ofSeconds(60));

      assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(runs).hasValue(2);
      assertThat(database.number("SELECT count(*) FROM effect")).isOne();
      assertThat(node.executions().of(made.id()))
          .extracting(Execution::outcome)
          .containsExactly(Outcome.RELEASED, Outcome.SUCCEEDED);
    }
  }
}
