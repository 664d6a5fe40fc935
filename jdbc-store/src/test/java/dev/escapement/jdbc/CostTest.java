package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.ExecutionFilter;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a job, and an idle replica, cost the database, by the database's own statistics. */
class CostTest {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final String COUNTED =
      "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid ="
          + " s.dbid WHERE d.datname = current_database() AND s.toplevel AND query NOT ILIKE"
          + " '%pg_stat%' AND query NOT LIKE 'SELECT max(beat)%'";

  /** What only says how to plan, in the round trip and the transaction of what it is about. */
  private static final String BUT_PLANS = " AND query NOT LIKE 'SELECT set_config(%'";

  private static final String COMMITTED =
      "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
  private static final String OTHERS =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

  /** How many statements clearing takes, which comes once in a minute, at any time of it. */
  private static final int CLEARING = 12;

  private final TestPostgres postgres = new TestPostgres();
  private Connection observer;
  private HikariDataSource pool;

  @BeforeEach
  void connect() throws SQLException {
    observer = TestPostgres.dataSource().getConnection();
    pool = TestPostgres.pool(8);
    assumeTrue(
        ask(
                "SELECT count(*) FROM pg_settings WHERE name = 'shared_preload_libraries'"
                    + " AND setting LIKE '%pg_stat_statements%'")
            == 1,
        "the server doesn't count statements");
    execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  }

  @AfterEach
  void disconnect() throws SQLException {
    pool.close();
    observer.close();
    postgres.close();
  }

  @Test
  void aBacklogCostsATenthOfAStatementAndATwentiethOfACommitPerJob() throws Exception {
    int count = 10_000;
    Store store = postgres.store(pool).build();
    store.open();
    SchedulerClient client = SchedulerClient.of(store);
    for (int i = 0; i < 5; i++) {
      List<JobRequest<String>> part =
          IntStream.range(0, count / 5).mapToObj(n -> TEXT.with("n" + n)).toList();
      client.submitAll(part);
    }
    CountDownLatch done = new CountDownLatch(count);
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(Job.of(TEXT, (text, context) -> {}))
            .listener(transition -> transition.outcome().ifPresent(outcome -> done.countDown()))
            .build();
    quiet();
    execute("SELECT pg_stat_statements_reset()");
    long committedBefore = ask(COMMITTED);

    scheduler.start();
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    scheduler.close();
    quiet();

    assertThat(scheduler.stats().count(Outcome.SUCCEEDED)).isEqualTo(count);
    assertThat(store.history().list(ExecutionFilter.all(), null, count + 1)).hasSize(count);
    assertThat(ask(COUNTED)).as("statements").isLessThanOrEqualTo(count / 10);
    assertThat(ask(COMMITTED) - committedBefore).as("commits").isLessThanOrEqualTo(count / 20);
  }

  /** Everything ten times as fast as by default, so that a second is ten. */
  @Test
  void anIdleReplicaMakesAtMostTwoStatementsASecond() throws Exception {
    Store store = postgres.store(pool).build();
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(Job.of(TEXT, (text, context) -> {}))
            .heartbeat(Duration.ofMillis(500))
            .lease(Duration.ofSeconds(2))
            .pollInterval(Duration.ofMillis(100))
            .start();
    awaitBeat(2);
    execute("SELECT pg_stat_statements_reset()");
    long from = System.nanoTime();
    awaitBeat(12);
    long statements = ask(COUNTED + BUT_PLANS);
    double tenths = (System.nanoTime() - from) / 1e8;
    scheduler.close();

    assertThat(statements).isPositive();
    assertThat((double) statements)
        .as("statements, at most two a second but for what once a minute clears")
        .isLessThanOrEqualTo(2 * tenths + CLEARING);
  }

  private void awaitBeat(int beat) throws SQLException {
    while (ask("SELECT max(beat) FROM " + postgres.schema() + ".escapement_node") < beat) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** Waits until every other connection has gone: a backend hands in its numbers when it ends. */
  private void quiet() throws SQLException {
    pool.getHikariPoolMXBean().softEvictConnections();
    while (ask(OTHERS) > 0) {
      pool.getHikariPoolMXBean().softEvictConnections();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    execute("SELECT pg_stat_clear_snapshot()");
  }

  private long ask(String sql) throws SQLException {
    try (Statement statement = observer.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = observer.createStatement()) {
      statement.execute(sql);
    }
  }
}
