package dev.escapement.testing;

import static dev.escapement.Outcome.FAILED;
import static dev.escapement.Outcome.RELEASED;
import static dev.escapement.Outcome.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.policy.Retry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactional jobs in the test scheduler, on the application's own database. */
class TestTransactionsTest {

  private static final JobType<Void> BOOK = JobType.of("book");
  private static final JobType<String> SAY = JobType.of("say", String.class);

  private final JdbcDataSource database = new JdbcDataSource();
  private final AtomicReference<TestScheduler> scheduler = new AtomicReference<>();
  private final List<Connection> connections = new ArrayList<>();

  @BeforeEach
  void makeTable() throws SQLException {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection()) {
      execute(connection, "create table booking (id int primary key)");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int bookings() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from booking")) {
      result.next();
      return result.getInt(1);
    }
  }

  private TestScheduler scheduler() {
    return Objects.requireNonNull(scheduler.get());
  }

  /** A scheduler whose job books, and then does that. */
  private TestScheduler given(Handler.WithoutPayload then) {
    Job<Void> book =
        Job.of(
                BOOK,
                context -> {
                  connections.add(context.connection());
                  execute(context.connection(), "insert into booking values (1)");
                  then.run(context);
                })
            .transactional()
            .retry(Retry.fixed(Duration.ofMinutes(1)).maxAttempts(2));
    TestScheduler built =
        TestScheduler.builder()
            .jobs(book, Job.of(SAY, (word, context) -> {}))
            .connections(database)
            .build();
    scheduler.set(built);
    built.enqueue(BOOK);
    return built;
  }

  @Test
  void commitsWhatASuccessfulRunHasWritten() throws SQLException {
    TestScheduler given = given(context -> {});

    assertThat(given.runDue()).extracting(Execution::outcome).containsExactly(SUCCEEDED);
    assertThat(bookings()).isEqualTo(1);
    assertThat(connections.get(0).isClosed()).isTrue();
  }

  @Test
  void rollsBackWhatAFailedRunHasWritten() throws SQLException {
    TestScheduler given =
        given(
            context -> {
              if (context.attempt() == 1) {
                throw new IOException("down");
              }
            });

    assertThat(given.runDue()).extracting(Execution::outcome).containsExactly(FAILED);
    assertThat(bookings()).isZero();
    assertThat(connections.get(0).isClosed()).isTrue();
    given.drain();
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void aCommitThatFailsIsAFailedAttempt() throws SQLException {
    TestScheduler given =
        given(
            context -> {
              if (context.attempt() == 1) {
                context.connection().close();
              }
            });

    Execution first = given.runDue().get(0);

    assertThat(first.outcome()).isEqualTo(FAILED);
    assertThat(first.failure().orElseThrow().message()).contains("connections(…) failed");
    assertThat(bookings()).isZero();
    given.drain();
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void withoutADatabaseTheAttemptIsNotCounted() {
    TestScheduler given = given(context -> {});
    database.setURL("jdbc:h2:mem:gone;IFEXISTS=TRUE");

    assertThat(given.runDue()).extracting(Execution::outcome).containsExactly(RELEASED);
    given.assertEnqueued(BOOK);
  }

  @Test
  void whatARunEnqueuesInItsTransactionIsThereOnceItCommits() {
    List<Integer> seen = new ArrayList<>();
    List<Enqueued> answers = new ArrayList<>();
    TestScheduler given =
        given(
            context -> {
              answers.add(scheduler().using(context.connection()).enqueue(SAY, "done"));
              seen.add(scheduler().enqueued(SAY).size());
              if (context.attempt() == 1) {
                throw new IOException("down");
              }
            });

    given.runDue();
    given.assertNotEnqueued(SAY);
    List<Execution> ran = given.advance(Duration.ofMinutes(1));

    assertThat(seen).containsExactly(0, 0);
    assertThat(answers).allMatch(Enqueued::created);
    assertThat(ran).extracting(Execution::job).containsExactly("book", "say");
  }

  @Test
  void keysMeetInATransactionAsInLife() {
    List<Enqueued> answers = new ArrayList<>();
    List<Exception> refusals = new ArrayList<>();
    TestScheduler given =
        given(
            context -> {
              var using = scheduler().using(context.connection());
              answers.add(using.submit(SAY.with("new").key("live")));
              answers.add(using.submit(SAY.with("new").key("live").onConflict(OnConflict.REPLACE)));
              answers.add(using.submit(SAY.with("a").key("fresh")));
              answers.add(using.submit(SAY.with("b").key("fresh")));
              try {
                using.submitAll(
                    List.of(
                        SAY.with("unwanted"),
                        SAY.with("c").key("fresh").onConflict(OnConflict.FAIL)));
              } catch (DuplicateKeyException e) {
                refusals.add(e);
              }
            });
    Enqueued live = given.submit(SAY.with("old").key("live").after(Duration.ofDays(1)));

    List<Execution> ran = given.runDue();

    assertThat(answers)
        .extracting(Enqueued::result)
        .containsExactly(
            Enqueued.Result.KEPT,
            Enqueued.Result.REPLACED,
            Enqueued.Result.CREATED,
            Enqueued.Result.KEPT);
    assertThat(answers.get(1).id()).isEqualTo(live.id());
    assertThat(answers.get(3).id()).isEqualTo(answers.get(2).id());
    assertThat(refusals).hasSize(1);
    assertThat(ran).extracting(Execution::job).containsExactly("book", "say", "say");
  }

  @Test
  void whatIsEnqueuedThroughAnotherConnectionIsThereAtOnce() throws SQLException {
    TestScheduler given = given(context -> {});
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      given.using(connection).enqueue(SAY, "now");
      given.assertEnqueued(SAY, "now");
      connection.rollback();
    }
    given.assertEnqueued(SAY, "now");
  }

  @Test
  void aConnectionInAutocommitIsRefused() throws SQLException {
    TestScheduler given = given(context -> {});
    try (Connection connection = database.getConnection()) {
      assertThatThrownBy(() -> given.using(connection).enqueue(SAY, "now"))
          .isInstanceOf(NoTransactionsException.class)
          .hasMessageContaining("autocommit");
    }
    given.assertNotEnqueued(SAY);
  }
}
