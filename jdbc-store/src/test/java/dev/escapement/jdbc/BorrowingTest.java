package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.store.Claim;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections as pools and poolers hand them out, and how they get them back. */
final class BorrowingTest {

  private final TestPostgres postgres = new TestPostgres();

  @AfterEach
  void drop() {
    postgres.close();
  }

  @Test
  void aConnectionGoesBackAsItWas() throws SQLException {
    try (Connection connection = TestPostgres.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Movement.on(postgres.store(Wrapped.always(connection)).build()).round();

      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(connection.getNetworkTimeout()).isZero();
      assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold()).isEqualTo(5);
      assertThat(transactionState(connection)).isEqualTo("IDLE");
      connection.setNetworkTimeout(Runnable::run, 60_000);
      Movement.on(postgres.store(Wrapped.always(connection)).build()).round();
      assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
    }
  }

  /** HikariCP's way with a connection that it closes at the same time. */
  @Test
  void whatIsDoneIsDoneEvenIfThePoolFailsAfterwards() {
    AtomicBoolean fails = new AtomicBoolean();
    DataSource failing =
        Wrapped.source(
            () ->
                Wrapped.connection(
                    TestPostgres.dataSource().getConnection(),
                    (method, call) -> {
                      @Nullable Object result = call.proceed();
                      if (fails.get() && method.getName().equals("close")) {
                        throw new NullPointerException("the connection is gone");
                      }
                      return result;
                    },
                    (method, call) -> call.proceed()));

    Movement node = Movement.on(postgres.store(failing).build());
    fails.set(true);
    node.round();
  }

  private static String transactionState(Connection connection) throws SQLException {
    return connection.unwrap(BaseConnection.class).getTransactionState().name();
  }

  @Test
  void h2ForgetsTheTimeLimitOfAStatement() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:borrowing");
    try (Connection connection = h2.getConnection()) {
      connection.setAutoCommit(false);
      Movement.on(JdbcStore.of(Wrapped.always(connection))).round();

      assertThat(connection.getAutoCommit()).isFalse();
      try (Statement statement = connection.createStatement()) {
        assertThat(statement.getQueryTimeout()).isZero();
      }
    }
  }

  @Test
  void theCallersTransactionIsLeftAloneOnPostgres() throws SQLException {
    postgres.store(TestPostgres.dataSource()).build().open();
    try (Connection connection = TestPostgres.dataSource().getConnection()) {
      assertLeftAlone(connection, postgres.store(Wrapped.always(connection)).build());
    }
  }

  @Test
  void theCallersTransactionIsLeftAloneOnH2() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:bound");
    try (Connection connection = h2.getConnection()) {
      JdbcStore.of(h2).open();
      assertLeftAlone(connection, JdbcStore.of(Wrapped.always(connection)));
    }
  }

  private static void assertLeftAlone(Connection connection, Store store) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS callers_own (id INTEGER)");
      connection.setAutoCommit(false);
      Movement node = Movement.on(store);
      statement.execute("INSERT INTO callers_own VALUES (1)");

      assertThatThrownBy(node::enqueue)
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(TransientStoreException.class)
          .hasMessageContaining("bound to a transaction")
          .hasMessageContaining("the pool itself");

      connection.rollback();
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM callers_own")) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
      }
      connection.rollback();
      node.round();
      statement.execute("DROP TABLE callers_own");
      connection.commit();
    }
  }

  @Test
  void h2MayBeAServer() throws SQLException {
    Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    try {
      JdbcDataSource remote = new JdbcDataSource();
      remote.setURL("jdbc:h2:" + server.getURL() + "/mem:served;DB_CLOSE_DELAY=-1");
      Movement.on(JdbcStore.of(remote)).round();
      Movement.on(JdbcStore.of(remote)).round();
    } finally {
      server.stop();
    }
  }

  /** As behind a pooler in transaction mode, which forgets everything between transactions. */
  @Test
  void eachTransactionMayHaveAnotherConnection() throws SQLException {
    try (HikariDataSource physical = TestPostgres.pool(3)) {
      DataSource pooler = Wrapped.source(() -> new TransactionPooled(physical).connection());
      Movement node = Movement.on(postgres.store(pooler).build());
      for (int i = 0; i < 20; i++) {
        node.round();
        assertThat(node.store().holds().park("nobody", 10)).isZero();
      }
    }
  }

  @Test
  void noLockOfAdviceStays() throws SQLException {
    try (Connection connection = TestPostgres.dataSource().getConnection()) {
      DataSource source = Wrapped.always(connection);
      Movement node = Movement.on(postgres.store(source).build());
      for (int i = 0; i < 10; i++) {
        node.round();
        node.store().holds().park("nobody", 10);
      }
      assertThat(number(source, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
          .isZero();
    }
  }

  /** Under SERIALIZABLE the loser of a race sees an error instead of no row: it claims nothing. */
  @Test
  void aRaceIsLostInSilenceUnderAnyIsolation() throws Exception {
    PGSimpleDataSource strict = TestPostgres.dataSource();
    strict.setOptions("-c default_transaction_isolation=serializable");
    Movement node = Movement.on(postgres.store(strict).build());
    node.enqueue(300);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Claim>>> racing = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        racing.add(threads.submit(() -> claimAll(node)));
      }
      List<Claim> claims = new ArrayList<>();
      for (Future<List<Claim>> racer : racing) {
        claims.addAll(racer.get(60, TimeUnit.SECONDS));
      }
      assertThat(claims).extracting(Claim::guard).doesNotHaveDuplicates().hasSize(300);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Under REPEATABLE READ whoever waited for a row that then changed gets an error. */
  @Test
  void aWriteThatLosesARaceIsTriedAgain() throws Exception {
    PGSimpleDataSource strict = TestPostgres.dataSource();
    strict.setOptions("-c default_transaction_isolation=repeatable\\ read");
    Movement node = Movement.on(postgres.store(strict).build());
    ExecutorService threads = Executors.newSingleThreadExecutor();
    String table = postgres.schema() + ".escapement_node";
    try (Connection blocker = TestPostgres.dataSource().getConnection();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("UPDATE " + table + " SET workers = 7");
      Future<Boolean> beat =
          threads.submit(() -> node.store().sessions().beat(node.session(), new NodeLoad(1, 0)));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (waiting(table) == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      blocker.commit();

      assertThat(beat.get(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }

  private static int waiting(String table) throws SQLException {
    return number(
        TestPostgres.dataSource(),
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"
            + table
            + "%'");
  }

  @Test
  void aClaimThatLosesARaceIsTriedAgain() throws SQLException {
    try (Connection connection = TestPostgres.dataSource().getConnection()) {
      AtomicInteger races = new AtomicInteger();
      Wrapped.Around loser =
          (method, call) -> {
            if (method.getName().equals("execute") && races.getAndDecrement() > 0) {
              throw new SQLException("could not serialize access", "40001");
            }
            return call.proceed();
          };
      DataSource source =
          Wrapped.source(
              () ->
                  Wrapped.connection(
                      connection,
                      (method, call) -> method.getName().equals("close") ? null : call.proceed(),
                      loser));
      Movement node = Movement.on(postgres.store(source).build());
      node.enqueue(3);
      races.set(2);

      assertThat(node.claim(10)).hasSize(3);
      assertThat(races).hasNegativeValue();
    }
  }

  private static List<Claim> claimAll(Movement node) {
    List<Claim> all = new ArrayList<>();
    for (int empty = 0; empty < 20; ) {
      List<Claim> claims = node.claim(10);
      all.addAll(claims);
      empty = claims.isEmpty() ? empty + 1 : 0;
    }
    return all;
  }

  private static int number(DataSource source, String query) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getInt(1);
    }
  }
}
