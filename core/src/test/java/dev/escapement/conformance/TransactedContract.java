package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.policy.Retry;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs and the application's own data in one transaction, shown with real nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TransactedContract {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final LiveNodes nodes;
  private final Supplier<Optional<DataSource>> database;
  private final String table =
      "effect_" + Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36);
  private @Nullable DataSource application;

  /**
   * @param database the one that the stores are in; empty if they are in none
   */
  TransactedContract(Supplier<Store> newStore, Supplier<Optional<DataSource>> database) {
    this.nodes = new LiveNodes(newStore);
    this.database = database;
  }

  @AfterEach
  void closeNodes() throws SQLException {
    nodes.close();
    if (application != null) {
      execute(application, "DROP TABLE " + table);
    }
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The application's database, with a table of its own. */
  private DataSource application() throws SQLException {
    Optional<DataSource> source = database.get();
    assumeThat(source).isPresent();
    execute(source.get(), "CREATE TABLE " + table + " (name VARCHAR(100) NOT NULL)");
    application = source.get();
    return source.get();
  }

  private void effect(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO " + table + " (name) VALUES (?)")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }

  private List<String> effects(DataSource source) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name FROM " + table + " ORDER BY name")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  void whatIsEnqueuedInATransactionRunsIfAndOnlyIfItCommits() throws Exception {
    DataSource source = application();
    Scheduler node = nodes.start(Job.of(TEXT, (text, context) -> {}));
    Enqueued kept;
    Enqueued dropped;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      effect(connection, "dropped");
      dropped = node.using(connection).enqueue(TEXT, "dropped");
      connection.rollback();
      effect(connection, "kept");
      kept = node.using(connection).enqueue(TEXT, "kept");
      assertThat(node.triggers().find(kept.id())).as("not committed yet").isEmpty();
      connection.commit();
      connection.setAutoCommit(true);
    }
    node.wakeUp();

    assertThat(node.await(kept.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(node.executions().of(dropped.id())).isEmpty();
    assertThat(effects(source)).containsExactly("kept");
  }

  @Test
  void interceptorsSeeWhatIsEnqueuedInATransactionToo() throws Exception {
    DataSource source = application();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            nodes
                .node(
                    Job.of(
                        TEXT,
                        (text, context) -> seen.add(text + " " + context.headers().get("by"))))
                .enqueueInterceptor(request -> request.header("by", "ada")));
    Enqueued made;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      made = node.using(connection).enqueue(TEXT, "x");
      connection.commit();
      connection.setAutoCommit(true);
    }
    node.wakeUp();

    node.await(made.id(), LONG);
    assertThat(seen).containsExactly("x ada");
  }

  @Test
  void aKeyThatIsTakenDoesNotSpoilTheTransaction() throws Exception {
    DataSource source = application();
    Scheduler node = nodes.start(Job.of(TEXT, (text, context) -> {}));
    Enqueued live = node.submit(TEXT.with("x").key("k").after(Duration.ofHours(1)));
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(node.using(connection).submit(TEXT.with("y").key("k")))
          .isEqualTo(new Enqueued(live.id(), Enqueued.Result.KEPT));
      assertThatThrownBy(
              () ->
                  node.using(connection)
                      .submitAll(
                          List.of(
                              TEXT.with("another").key("free"),
                              TEXT.with("z").key("k").onConflict(OnConflict.FAIL))))
          .isInstanceOf(DuplicateKeyException.class)
          .hasMessageContaining(live.id().toString());
      effect(connection, "goes on");
      connection.commit();
      connection.setAutoCommit(true);
    }

    assertThat(effects(source)).containsExactly("goes on");
    assertThat(node.triggers().find("text", "free")).isEmpty();
  }

  @Test
  void aConnectionInAutocommitIsRefused() throws Exception {
    DataSource source = application();
    Scheduler node = nodes.start(Job.of(TEXT, (text, context) -> {}));
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> node.using(connection).enqueue(TEXT, "x"))
          .isInstanceOf(NoTransactionsException.class)
          .hasMessageContaining("autocommit");
    }
  }

  @Test
  void theEffectsOfATransactionalJobAreThereExactlyOnce() throws Exception {
    DataSource source = application();
    Scheduler node =
        nodes.start(
            Job.returning(
                    TEXT,
                    (text, context) -> {
                      effect(context.connection(), text + " " + context.attempt());
                      if (context.attempt() == 1) {
                        throw new IllegalStateException("after its effect");
                      }
                      return text;
                    })
                .retry(Retry.fixed(Duration.ofMillis(50)))
                .transactional());

    Enqueued made = node.enqueue(TEXT, "x");
    Execution last = node.await(made.id(), LONG);

    assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(last.result().orElseThrow().as(String.class)).isEqualTo("x");
    assertThat(effects(source)).containsExactly("x 2");
    assertThat(nodes.history(made))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
    nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED);
  }

  @Test
  void whatATransactionalJobEnqueuesIsThereWithItsEffects() throws Exception {
    application();
    JobType<String> child = JobType.of("child", String.class);
    Scheduler node =
        nodes.start(
            Job.of(
                    TEXT,
                    (text, context) ->
                        nodes
                            .all()
                            .get(0)
                            .using(context.connection())
                            .submit(child.with(text).key(text)))
                .transactional(),
            Job.of(child, (text, context) -> {}));

    node.await(node.enqueue(TEXT, "x").id(), LONG);

    nodes.witness.awaitEnds(1, "child", Outcome.SUCCEEDED);
  }

  @Test
  void aRunThatIsCancelledInItsTransactionLeavesNothing() throws Exception {
    DataSource source = application();
    CountDownLatch started = new CountDownLatch(1);
    Scheduler node =
        nodes.start(
            Job.of(
                    TEXT,
                    (text, context) -> {
                      effect(context.connection(), text);
                      started.countDown();
                      while (!context.isCancelled()) {
                        Thread.onSpinWait();
                      }
                    })
                .transactional());
    Enqueued made = node.enqueue(TEXT, "x");
    Witness.await(started);

    node.triggers().cancel(made.id());

    assertThat(node.await(made.id(), LONG).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(effects(source)).isEmpty();
  }

  @Test
  void aRunThatLosesItsClaimBeforeItsCommitLeavesNothing() throws Exception {
    DataSource source = application();
    CuttableStore switchboard = new CuttableStore(nodes.store());
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler zombie =
        nodes.start(
            mortal(
                Job.of(
                    TEXT,
                    (text, context) -> {
                      effect(context.connection(), "of the zombie");
                      started.countDown();
                      Witness.await(finish);
                    })),
            switchboard.store());
    Enqueued made = zombie.enqueue(TEXT, "x");
    Witness.await(started);

    switchboard.cut();
    nodes.start(
        mortal(
            Job.of(TEXT, (text, context) -> effect(context.connection(), "of the second owner"))));
    nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED);
    finish.countDown();
    zombie.close();

    assertThat(effects(source)).containsExactly("of the second owner");
    assertThat(zombie.stats().fenced()).isEqualTo(1);
    assertThat(zombie.stats().count(Outcome.SUCCEEDED)).isZero();
    assertThat(nodes.history(made))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
  }

  private SchedulerBuilder mortal(Job<String> job) {
    return nodes
        .node(job.transactional())
        .heartbeat(Duration.ofMillis(250))
        .lease(Duration.ofMillis(1500));
  }

  @Test
  void aTransactionalJobThatCommitsByItselfIsRefused() throws Exception {
    DataSource source = application();
    Scheduler node =
        nodes.start(
            Job.of(
                    TEXT,
                    (text, context) -> {
                      effect(context.connection(), text);
                      context.connection().commit();
                    })
                .retry(Retry.none())
                .transactional());

    Execution last = node.await(node.enqueue(TEXT, "x").id(), LONG);

    assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(last.failure().orElseThrow().message()).contains("commit");
    assertThat(effects(source)).isEmpty();
  }

  @Test
  void aTransactionalJobLeavesNoCheckpointThatOutlivesItsRollback() throws Exception {
    application();
    Scheduler node =
        nodes.start(
            Job.of(TEXT, (text, context) -> context.checkpoint(text))
                .retry(Retry.none())
                .transactional());

    Execution last = node.await(node.enqueue(TEXT, "x").id(), LONG);

    assertThat(last.failure().orElseThrow().message()).contains("can't leave checkpoints");
  }

  @Test
  void onlyATransactionalJobHasAConnection() throws Exception {
    Scheduler node =
        nodes.start(
            Job.of(TEXT, (text, context) -> assertThat(context.connection()).isNull())
                .retry(Retry.none()));

    Execution last = node.await(node.enqueue(TEXT, "x").id(), LONG);

    assertThat(last.failure().orElseThrow().message()).contains("isn't transactional");
  }

  @Test
  void aStoreWithoutTransactionsRefusesWhatNeedsThem() {
    assumeThat(database.get()).isEmpty();
    assertThatThrownBy(() -> nodes.start(Job.of(TEXT, (text, context) -> {}).transactional()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("Job[text")
        .hasMessageContaining("no transactions");
  }
}
