package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.DuplicateKeyException;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Work of the application's and of the store's that commits together. */
final class TransactionsTest {

  /** A connection's calls that fail, by name; what is not named is done. */
  private final AtomicReference<@Nullable SQLException> atCommit = new AtomicReference<>();

  private boolean commitsFirst;

  abstract class OnEach {

    Movement node;
    Transactions transactions;

    abstract DataSource source();

    abstract JdbcStore.Builder builder(DataSource source);

    @BeforeEach
    void begin() throws SQLException {
      node = Movement.on(builder(failing(source())).build());
      transactions = node.store().transactions().orElseThrow();
      try (Connection connection = source().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS callers_own");
        statement.execute("CREATE TABLE callers_own (id INTEGER PRIMARY KEY)");
      }
    }

    private DataSource failing(DataSource source) {
      return Wrapped.source(
          () ->
              Wrapped.connection(
                  source.getConnection(),
                  (method, call) -> {
                    SQLException error = atCommit.get();
                    if (error == null || !method.getName().equals("commit")) {
                      return call.proceed();
                    }
                    if (commitsFirst) {
                      call.proceed();
                    }
                    throw error;
                  },
                  (method, call) -> call.proceed()));
    }

    int own() throws SQLException {
      try (Connection connection = source().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM callers_own")) {
        rows.next();
        return rows.getInt(1);
      }
    }

    boolean isThere(NewTrigger trigger) {
      return node.store().triggers().find(trigger.id()).isPresent();
    }

    private Ended run(Claim claim) {
      return transactions.run(
          connection -> {
            insert(connection, 1);
            return success(claim);
          });
    }

    @Test
    void whatIsEnqueuedIsThereIfAndOnlyIfTheTransactionCommits() throws SQLException {
      NewTrigger first = Movement.trigger(Due.now());
      NewTrigger second = Movement.trigger(Due.now());
      try (Connection connection = source().getConnection()) {
        connection.setAutoCommit(false);
        insert(connection, 1);
        transactions.enqueue(connection, List.of(first));
        assertThat(isThere(first)).isFalse();
        connection.commit();
        insert(connection, 2);
        transactions.enqueue(connection, List.of(second));
        connection.rollback();

        assertThat(isThere(first)).isTrue();
        assertThat(isThere(second)).isFalse();
        assertThat(own()).isOne();
      }
    }

    @Test
    void theCallersConnectionStaysAsItWas() throws SQLException {
      try (Connection connection = source().getConnection()) {
        connection.setAutoCommit(false);
        int network = connection.getNetworkTimeout();
        transactions.enqueue(connection, List.of(Movement.trigger(Due.now())));

        assertThat(connection.isClosed()).isFalse();
        assertThat(connection.getAutoCommit()).isFalse();
        assertThat(connection.getNetworkTimeout()).isEqualTo(network);
        try (Statement statement = connection.createStatement()) {
          assertThat(statement.getQueryTimeout()).isZero();
        }
        if (connection.isWrapperFor(PGConnection.class)) {
          assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold()).isEqualTo(5);
        }
        connection.rollback();
      }
    }

    @Test
    void aConnectionInAutocommitIsRefused() throws SQLException {
      NewTrigger trigger = Movement.trigger(Due.now());
      try (Connection connection = source().getConnection()) {
        assertThatThrownBy(() -> transactions.enqueue(connection, List.of(trigger)))
            .isInstanceOf(NoTransactionsException.class)
            .hasMessageContaining("setAutoCommit(false)");

        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(isThere(trigger)).isFalse();
      }
    }

    @Test
    void aListThatFailsLeavesTheTransactionUsableAndNothingEnqueued() throws SQLException {
      NewTrigger taken = keyed("taken", OnConflict.KEEP);
      NewTrigger fresh = keyed("fresh", OnConflict.KEEP);
      node.store().triggers().enqueue(List.of(taken));
      try (Connection connection = source().getConnection()) {
        connection.setAutoCommit(false);
        List<NewTrigger> list = List.of(fresh, keyed("taken", OnConflict.FAIL));
        assertThatThrownBy(() -> transactions.enqueue(connection, list))
            .isInstanceOf(DuplicateKeyException.class);
        insert(connection, 1);
        connection.commit();
      }

      assertThat(own()).isOne();
      assertThat(isThere(fresh)).isFalse();
    }

    @Test
    void theWorkAndTheEndOfItsRunCommitTogether() throws SQLException {
      TriggerId id = node.enqueue();
      Claim claim = node.claim(1).get(0);

      assertThat(run(claim).written()).containsExactly(id);
      assertThat(own()).isOne();
      assertThat(node.store().triggers().find(id)).isEmpty();
      assertThat(node.store().history().of(id)).hasSize(1);
    }

    @Test
    void whoHasLostTheClaimHasDoneNothing() throws SQLException {
      node.enqueue();
      Claim claim = node.claim(1).get(0);
      node.complete(List.of(claim));

      assertThat(run(claim)).isEqualTo(Ended.NOTHING);
      assertThat(own()).isZero();
    }

    @Test
    void noCompletionRollsBack() throws SQLException {
      Ended ended =
          transactions.run(
              connection -> {
                insert(connection, 1);
                return null;
              });

      assertThat(ended).isEqualTo(Ended.NOTHING);
      assertThat(own()).isZero();
    }

    @Test
    void whatTheWorkThrowsPassesThroughAfterTheRollback() throws SQLException {
      for (Throwable thrown :
          List.of(new IllegalStateException("own"), new AssertionError("own"))) {
        assertThatThrownBy(
                () ->
                    transactions.run(
                        connection -> {
                          insert(connection, 1);
                          return sneak(thrown);
                        }))
            .isSameAs(thrown);
        assertThat(own()).isZero();
      }
    }

    @Test
    void aCommitWhoseAnswerIsLostIsUnknown() throws SQLException {
      TriggerId id = node.enqueue();
      Claim claim = node.claim(1).get(0);
      commitsFirst = true;
      atCommit.set(new SQLException("An I/O error occurred.", "08006"));

      assertThatThrownBy(() -> run(claim)).isInstanceOf(UnknownCommitException.class);

      atCommit.set(null);
      assertThat(own()).isOne();
      assertThat(node.store().history().of(id)).hasSize(1);
    }

    @Test
    void aCommitThatFailsWithoutAReasonIsUnknown() {
      node.enqueue();
      Claim claim = node.claim(1).get(0);
      atCommit.set(new SQLException("Something."));

      assertThatThrownBy(() -> run(claim)).isInstanceOf(UnknownCommitException.class);
      atCommit.set(null);
    }

    @Test
    void aCommitThatTheDatabaseRefusesChangesNothing() throws SQLException {
      TriggerId id = node.enqueue();
      Claim claim = node.claim(1).get(0);
      atCommit.set(new SQLException("could not serialize access", "40001"));
      assertThatThrownBy(() -> run(claim)).isInstanceOf(TransientStoreException.class);
      atCommit.set(new SQLException("violates a constraint", "23503"));
      assertThatThrownBy(() -> run(claim))
          .isExactlyInstanceOf(StoreException.class)
          .hasMessageContaining("23503");

      atCommit.set(null);
      assertThat(own()).isZero();
      assertThat(node.store().triggers().find(id)).isPresent();
      assertThat(run(claim).written()).containsExactly(id);
    }

    @Test
    void whoWorksCanNeitherCommitNorRollBackNorClose() throws SQLException {
      transactions.run(
          connection -> {
            insert(connection, 1);
            assertThatThrownBy(connection::commit)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("commit()")
                .hasMessageContaining("exactly once");
            assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.setAutoCommit(true))
                .isInstanceOf(SQLException.class);
            return null;
          });

      assertThat(own()).isZero();
    }

    @Test
    void whoWorksMayGoBackToASavepoint() throws SQLException {
      node.enqueue();
      Claim claim = node.claim(1).get(0);
      transactions.run(
          connection -> {
            insert(connection, 1);
            goBack(connection);
            return success(claim);
          });

      assertThat(own()).isOne();
    }

    private void goBack(Connection connection) {
      try {
        var savepoint = connection.setSavepoint();
        insert(connection, 2);
        connection.rollback(savepoint);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Test
    void whoIsInATransactionEnqueuesInIt() throws SQLException {
      Bound bound = new Bound(source());
      Movement inside = Movement.on(builder(source()).transactions(bound).build());
      NewTrigger lost = Movement.trigger(Due.now());
      NewTrigger kept = Movement.trigger(Due.now());
      StringBuilder told = new StringBuilder();
      bound.transact(
          connection -> {
            inside.store().triggers().enqueue(List.of(lost));
            return false;
          });
      bound.transact(
          connection -> {
            inside.store().triggers().enqueue(List.of(kept));
            inside.store().afterCommit(() -> told.append("committed"));
            assertThat(isThere(kept)).isFalse();
            assertThat(told).isEmpty();
            return true;
          });

      assertThat(isThere(lost)).isFalse();
      assertThat(isThere(kept)).isTrue();
      assertThat(told).hasToString("committed");
    }
  }

  /** As a framework that keeps a transaction for a thread. */
  private static final class Bound implements ConnectionProvider {

    private final ConnectionProvider own;
    private @Nullable Connection current;
    private @Nullable Runnable then;

    Bound(DataSource source) {
      this.own = ConnectionProvider.of(source);
    }

    @Override
    public Optional<Connection> current() {
      return Optional.ofNullable(current);
    }

    @Override
    public void afterCommit(Runnable action) {
      then = action;
    }

    @Override
    public boolean transact(Work work) throws SQLException {
      boolean committed =
          own.transact(
              connection -> {
                current = connection;
                return work.run(connection);
              });
      current = null;
      if (committed && then != null) {
        then.run();
      }
      return committed;
    }
  }

  private static NewTrigger keyed(String key, OnConflict onConflict) {
    NewTrigger plain = Movement.trigger(Due.now());
    return new NewTrigger(
        plain.id(),
        plain.kind(),
        plain.job(),
        key,
        plain.placement(),
        plain.due(),
        null,
        plain.payload(),
        onConflict);
  }

  private static Completion success(Claim claim) {
    return new Completion(
        claim.guard(),
        new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true),
        Next.REMOVE);
  }

  private static void insert(Connection connection, int id) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO callers_own VALUES (" + id + ")");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> @Nullable Completion sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Nested
  final class OnPostgres extends OnEach {

    private final TestPostgres postgres = new TestPostgres();

    @Override
    DataSource source() {
      var source = TestPostgres.dataSource();
      source.setCurrentSchema(postgres.schema());
      return source;
    }

    @Override
    JdbcStore.Builder builder(DataSource source) {
      return postgres.store(source);
    }

    @AfterEach
    void drop() {
      postgres.close();
    }
  }

  @Nested
  final class OnH2 extends OnEach {

    private final JdbcDataSource h2 = new JdbcDataSource();

    OnH2() {
      h2.setURL("jdbc:h2:mem:transactions;DB_CLOSE_DELAY=-1");
    }

    @Override
    DataSource source() {
      return h2;
    }

    @Override
    JdbcStore.Builder builder(DataSource source) {
      return JdbcStore.builder(source);
    }

    @AfterEach
    void drop() throws SQLException {
      try (Connection connection = h2.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      }
    }
  }
}
