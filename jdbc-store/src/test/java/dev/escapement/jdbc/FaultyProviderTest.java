package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.policy.Retry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever keeps the application's transactions rolls one back that he should have committed. */
final class FaultyProviderTest {

  enum Answer {
    /** As it should, where something in the transaction has said so. */
    SAYS_SO,
    /** As Spring does, whose exception bears no SQLSTATE. */
    THROWS,
    /** Which nobody can see at once. */
    LIES
  }

  private final AtomicBoolean faulty = new AtomicBoolean(true);

  private final class Provider implements ConnectionProvider {

    private final ConnectionProvider sound;
    private final Answer answer;

    Provider(ConnectionProvider sound, Answer answer) {
      this.sound = sound;
      this.answer = answer;
    }

    @Override
    public Optional<Connection> current() throws SQLException {
      return sound.current();
    }

    @Override
    public void afterCommit(Runnable action) {
      sound.afterCommit(action);
    }

    @Override
    public boolean transact(Work work) throws SQLException {
      AtomicBoolean wanted = new AtomicBoolean();
      boolean committed =
          sound.transact(
              connection -> {
                wanted.set(work.run(connection));
                return wanted.get() && !faulty.get();
              });
      if (wanted.get() && faulty.getAndSet(false)) {
        if (answer == Answer.THROWS) {
          throw new IllegalStateException("marked as rollback-only");
        }
        return answer == Answer.LIES;
      }
      return committed;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRES, SAYS_SO, FAILED",
    "POSTGRES, THROWS, RELEASED",
    "POSTGRES, LIES, RELEASED",
    "H2, SAYS_SO, FAILED",
    "H2, THROWS, RELEASED",
    "H2, LIES, RELEASED"
  })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void theJobRunsAgainAndItsEffectIsThereOnce(TestDatabase.Kind kind, Answer answer, Outcome first)
      throws Exception {
    JobType<Void> type = JobType.of("pay");
    Job<Void> job =
        Job.of(
                type,
                context -> {
                  try (Statement statement = context.connection().createStatement()) {
                    statement.execute("INSERT INTO effect VALUES (1)");
                  }
                })
            .retry(Retry.fixed(Duration.ofMillis(10)))
            .transactional();
    try (TestDatabase database = kind.open()) {
      database.execute("CREATE TABLE effect (id INTEGER)");
      ConnectionProvider provider = new Provider(ConnectionProvider.of(database.source()), answer);
      JdbcStore store = database.store(database.source()).transactions(provider).build();
      try (Scheduler node =
          Scheduler.builder()
              .store(store)
              .heartbeat(Duration.ofMillis(250))
              .lease(Duration.ofSeconds(10))
              .pollInterval(Duration.ofMillis(100))
              .jobs(job)
              .start()) {
        Enqueued made = node.enqueue(type);
        Execution last = node.await(made.id(), Duration.ofSeconds(50));

        assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(database.number("SELECT count(*) FROM effect")).isOne();
        assertThat(node.executions().of(made.id()))
            .extracting(Execution::outcome)
            .isEqualTo(List.of(first, Outcome.SUCCEEDED));
      }
    }
  }
}
