package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application takes every connection of the pool, and keeps it for longer than a lease. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ExhaustedPoolTest {

  private static final JobType<Void> WORK = JobType.of("work");

  private final TestPostgres postgres = new TestPostgres();
  private final HikariDataSource pool = TestPostgres.pool(3);
  private final List<Connection> taken = new ArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicBoolean knewIt = new AtomicBoolean();

  ExhaustedPoolTest() {
    pool.setConnectionTimeout(250);
  }

  @AfterEach
  void drop() {
    pool.close();
    postgres.close();
  }

  private static SchedulerBuilder node(JdbcStore.Builder store) {
    return Scheduler.builder()
        .store(store.build())
        .heartbeat(Duration.ofMillis(250))
        .lease(Duration.ofMillis(1500))
        .pollInterval(Duration.ofMillis(100));
  }

  /** Runs until it is told to end, or knows that it isn't trusted any more. */
  private Scheduler exhausted(JdbcStore.Builder store) {
    return node(store)
        .jobs(
            Job.of(
                WORK,
                context -> {
                  started.countDown();
                  while (!context.leaseLost() && finish.getCount() > 0) {
                    pause();
                  }
                  knewIt.set(context.leaseLost());
                  finished.countDown();
                }))
        .start();
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
  }

  /** Of the node that has beaten least; three leases are some twenty. */
  private long beats() throws SQLException {
    try (Connection connection = TestPostgres.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT min(beat) FROM " + postgres.schema() + ".escapement_node")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void takeAll() throws Exception {
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    while (taken.size() < pool.getMaximumPoolSize()) {
      taken.add(pool.getConnection());
    }
  }

  private void giveBack() throws Exception {
    for (Connection connection : taken) {
      connection.close();
    }
  }

  @Test
  void aRunKnowsThatItIsNotTrustedBeforeAnotherNodeRunsIt() throws Exception {
    try (Scheduler zombie = exhausted(postgres.store(pool))) {
      Enqueued made = zombie.enqueue(WORK);
      AtomicBoolean inTime = new AtomicBoolean();
      takeAll();
      try (Scheduler other =
          node(postgres.store(TestPostgres.dataSource()))
              .jobs(Job.of(WORK, context -> inTime.set(finished.getCount() == 0)))
              .start()) {
        assertThat(other.await(made.id(), Duration.ofSeconds(60)).outcome())
            .isEqualTo(Outcome.SUCCEEDED);
        assertThat(knewIt).isTrue();
        assertThat(inTime).isTrue();
        giveBack();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (zombie.stats().fenced() == 0) {
          assertThat(System.nanoTime() - deadline).as("its end is refused").isNegative();
          pause();
        }
        assertThat(other.executions().of(made.id()))
            .extracting(Execution::outcome)
            .containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
      }
    }
  }

  @Test
  void aConnectionOfItsOwnKeepsANodeAlive() throws Exception {
    JdbcStore.Builder store = postgres.store(pool).controlDataSource(TestPostgres.dataSource());
    try (Scheduler node = exhausted(store);
        Scheduler other =
            node(postgres.store(TestPostgres.dataSource()))
                .jobs(Job.of(WORK, context -> {}))
                .queues("none")
                .start()) {
      Enqueued made = node.enqueue(WORK);
      takeAll();
      long before = beats();
      while (beats() < before + 20) {
        assertThat(finished.getCount()).as("it is trusted").isOne();
        pause();
      }
      finish.countDown();
      giveBack();

      Execution last = other.await(made.id(), Duration.ofSeconds(30));
      assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(last.attempt()).isEqualTo(1);
      assertThat(knewIt).isFalse();
    }
  }
}
