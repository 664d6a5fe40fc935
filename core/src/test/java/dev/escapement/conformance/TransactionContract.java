package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escapement.Due;
import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Ended;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import dev.escapement.store.TriggerRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Taking part in the transactions of the application's own data. Only for a store that has them;
 * notes in a table of the test's own stand for that data.
 */
abstract class TransactionContract extends Contract {

  private final Supplier<Optional<DataSource>> application;
  private final String table = "note_" + UUID.randomUUID().toString().replace("-", "");
  private DataSource source;
  private Transactions transactions;

  TransactionContract(Supplier<Store> newStore, Supplier<Optional<DataSource>> application) {
    super(newStore);
    this.application = application;
  }

  @BeforeEach
  void createTable() throws SQLException {
    Optional<Transactions> there = store.transactions();
    assumeThat(there).as("this store takes part in transactions").isPresent();
    transactions = there.orElseThrow();
    source =
        application
            .get()
            .orElseThrow(() -> new AssertionError("applicationData() must say where the data is"));
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (text VARCHAR(100) NOT NULL)");
    }
  }

  @AfterEach
  void dropTable() throws SQLException {
    if (source != null) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE " + table);
      }
    }
  }

  private Connection begin() throws SQLException {
    Connection connection = source.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private void note(Connection connection, String text) {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
      insert.setString(1, text);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError("the application can't write", e);
    }
  }

  private long notes() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private List<Enqueued> enqueue(Connection connection, NewTrigger... triggers) {
    return transactions.enqueue(connection, List.of(triggers));
  }

  @Test
  void enqueuesWithTheCommit() throws SQLException {
    NewTrigger made = Draft.of(JOB).key("k").payload(new byte[] {1}).make();
    try (Connection connection = begin()) {
      note(connection, "an order");
      assertThat(enqueue(connection, made))
          .containsExactly(new Enqueued(made.id(), Enqueued.Result.CREATED));
      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(connection.isClosed()).isFalse();
      assertThat(isGone(made.id())).as("not there for others before the commit").isTrue();
      assertThat(openNode().claim(10)).isEmpty();
      connection.commit();
    }
    assertThat(ids(openNode().claim(10))).containsExactly(made.id());
    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void enqueuesNothingWithARollback() throws SQLException {
    TriggerId live = enqueue(Draft.of(JOB).key("live").due(Due.in(HOUR)));
    TriggerRecord before = row(live);
    NewTrigger made = Draft.of(JOB).key("k").make();
    try (Connection connection = begin()) {
      note(connection, "an order");
      enqueue(connection, made, Draft.of(JOB).key("live").onConflict(OnConflict.REPLACE).make());
      connection.rollback();
    }
    assertThat(isGone(made.id())).isTrue();
    assertThat(row(live)).usingRecursiveComparison().isEqualTo(before);
    assertThat(notes()).isZero();
    assertThat(enqueueAll(Draft.of(JOB).key("k")).get(0).created()).as("the key is free").isTrue();
  }

  @Test
  void refusesAConnectionThatIsInNoTransaction() throws SQLException {
    NewTrigger made = Draft.of(JOB).make();
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> enqueue(connection, made))
          .isInstanceOf(NoTransactionsException.class)
          .hasMessageContaining("autocommit");
      assertThat(connection.getAutoCommit()).isTrue();
    }
    assertThat(isGone(made.id())).isTrue();
  }

  @Test
  void goesOnAfterAKeyThatWasTaken() throws SQLException {
    TriggerId live = enqueue(Draft.of(JOB).key("k"));
    NewTrigger fresh = Draft.of(JOB).make();
    try (Connection connection = begin()) {
      note(connection, "before");
      assertThat(enqueue(connection, Draft.of(JOB).key("k").make(), fresh))
          .containsExactly(
              new Enqueued(live, Enqueued.Result.KEPT),
              new Enqueued(fresh.id(), Enqueued.Result.CREATED));
      note(connection, "after");
      connection.commit();
    }
    assertThat(notes()).isEqualTo(2);
    assertThat(isGone(fresh.id())).isFalse();
  }

  @Test
  void goesOnAfterARefusalWithNothingEnqueued() throws SQLException {
    TriggerRecord live = row(enqueue(Draft.of(JOB).key("k").due(Due.in(HOUR))));
    NewTrigger earlier = Draft.of(JOB).make();
    NewTrigger refused = Draft.of(JOB).make();
    Draft replacing = Draft.of(JOB).key("k").onConflict(OnConflict.REPLACE);
    try (Connection connection = begin()) {
      note(connection, "before");
      enqueue(connection, earlier);
      assertThatThrownBy(
              () ->
                  enqueue(
                      connection,
                      refused,
                      replacing.make(),
                      Draft.of(JOB).key("k").onConflict(OnConflict.FAIL).make()))
          .isInstanceOfSatisfying(
              DuplicateKeyException.class, e -> assertThat(e.live()).isEqualTo(live.id()));
      note(connection, "after");
      connection.commit();
    }
    assertThat(notes()).isEqualTo(2);
    assertThat(isGone(earlier.id())).as("an earlier enqueue stands").isFalse();
    assertThat(isGone(refused.id())).isTrue();
    assertThat(row(live.id())).usingRecursiveComparison().isEqualTo(live);
  }

  @Test
  void meetsWhatTheSameTransactionHasEnqueued() throws SQLException {
    NewTrigger first = Draft.of(JOB).key("k").make();
    try (Connection connection = begin()) {
      enqueue(connection, first);
      assertThat(enqueue(connection, Draft.of(JOB).key("k").onConflict(OnConflict.REPLACE).make()))
          .containsExactly(new Enqueued(first.id(), Enqueued.Result.REPLACED));
      connection.commit();
    }
    assertThat(isGone(first.id())).isFalse();
  }

  @Test
  void commitsWorkAndItsCompletionTogether() throws SQLException {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Ended ended =
        transactions.run(
            connection -> {
              note(connection, "done");
              return success(claim);
            });
    assertThat(ended.written()).containsExactly(claim.guard().id());
    assertThat(ended.turned()).isEmpty();
    assertThat(notes()).isEqualTo(1);
    assertThat(isGone(claim.guard().id())).isTrue();
    assertThat(execution(claim.guard().id()).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void rollsBackWorkThatHasNoCompletion() throws SQLException {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    assertThat(
            transactions.run(
                connection -> {
                  note(connection, "not done");
                  return null;
                }))
        .isEqualTo(Ended.NOTHING);
    assertThat(notes()).isZero();
    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).as("it still holds").isTrue();
  }

  @Test
  void rollsBackWorkThatThrows() throws SQLException {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    IllegalStateException boom = new IllegalStateException("boom");
    assertThatThrownBy(
            () ->
                transactions.run(
                    connection -> {
                      note(connection, "not done");
                      throw boom;
                    }))
        .isSameAs(boom);
    assertThat(notes()).isZero();
    assertThat(row(claim.guard().id()).state()).isEqualTo(TriggerState.RUNNING);
  }

  @Test
  void rollsBackTheWorkOfWhoLostTheClaim() throws SQLException {
    Node stale = openNode();
    Claim lost = claimed(stale, Draft.of(JOB));
    stale.die();
    Ended ended =
        transactions.run(
            connection -> {
              note(connection, "too late");
              store.claims().takeOver(List.of(completion(lost, Outcome.LOST, new Next.Recover())));
              return success(lost);
            });
    assertThat(ended).isEqualTo(Ended.NOTHING);
    assertThat(notes()).isZero();
    assertThat(row(lost.guard().id()).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(execution(lost.guard().id()).outcome()).isEqualTo(Outcome.LOST);
  }

  @Test
  void rollsBackTheWorkOfAnEarlierClaimOfTheSameSession() throws SQLException {
    Node node = openNode();
    Claim earlier = claimed(node, Draft.of(JOB));
    assertThat(end(earlier, Outcome.RELEASED, new Next.Release(null))).isTrue();
    Claim present = node.claim(10).get(0);
    Ended ended =
        transactions.run(
            connection -> {
              note(connection, "too late");
              return success(earlier);
            });
    assertThat(ended).isEqualTo(Ended.NOTHING);
    assertThat(notes()).isZero();
    assertThat(end(present, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
  }

  @Test
  void honoursWhatWasAskedMeanwhile() throws SQLException {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    Ended ended =
        transactions.run(
            connection -> {
              note(connection, "done");
              ask(claim.guard().id(), new Request.RunNow());
              return success(claim);
            });
    TriggerRecord row = row(claim.guard().id());
    assertThat(ended.turned())
        .containsEntry(
            row.id(), new Ended.Turn(Outcome.SUCCEEDED, TriggerState.SCHEDULED, row.due()));
    assertThat(notes()).isEqualTo(1);
    assertThat(ids(node.claim(10))).containsExactly(row.id());
  }

  @Test
  void enqueuesInTheTransactionOfAJob() throws SQLException {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    NewTrigger lost = Draft.of(JOB).make();
    NewTrigger kept = Draft.of(JOB).make();
    transactions.run(
        connection -> {
          enqueue(connection, lost);
          return null;
        });
    transactions.run(
        connection -> {
          enqueue(connection, kept);
          return success(claim);
        });
    assertThat(isGone(lost.id())).isTrue();
    assertThat(isGone(kept.id())).isFalse();
    assertThat(notes()).isZero();
  }
}
