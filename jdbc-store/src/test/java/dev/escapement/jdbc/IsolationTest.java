package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications whose pools hand out connections of a stricter isolation than READ COMMITTED. */
final class IsolationTest {

  private static final int NODES = 4;
  private static final int TRIGGERS = 300;

  /** The loser of a race sees no row or error 40001; both mean that another one has it. */
  @ParameterizedTest
  @CsvSource({
    "POSTGRES, " + Connection.TRANSACTION_READ_COMMITTED,
    "POSTGRES, " + Connection.TRANSACTION_REPEATABLE_READ,
    "POSTGRES, " + Connection.TRANSACTION_SERIALIZABLE,
    "H2, " + Connection.TRANSACTION_READ_COMMITTED,
    "H2, " + Connection.TRANSACTION_REPEATABLE_READ,
    "H2, " + Connection.TRANSACTION_SERIALIZABLE
  })
  @Timeout(value = 100, unit = TimeUnit.SECONDS)
  void nodesInRaceClaimAndEndEachTriggerOnce(TestDatabase.Kind kind, int isolation)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(NODES);
    try (TestDatabase database = kind.open()) {
      List<Movement> nodes = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        nodes.add(
            Movement.on(database.store(Wrapped.source(() -> strict(database, isolation))).build()));
      }
      nodes.get(0).enqueue(TRIGGERS);
      AtomicInteger ended = new AtomicInteger();
      List<Future<List<Guard>>> racing =
          nodes.stream().map(node -> threads.submit(() -> work(node, ended))).toList();
      List<Guard> won = new ArrayList<>();
      for (Future<List<Guard>> racer : racing) {
        won.addAll(racer.get());
      }
      assertThat(won).hasSize(TRIGGERS).doesNotHaveDuplicates();
      assertThat(won).allMatch(guard -> guard.version() == 1);
      assertThat(database.number("SELECT count(*) FROM escapement_execution")).isEqualTo(TRIGGERS);
      assertThat(database.number("SELECT count(*) FROM escapement_trigger")).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRES, " + Connection.TRANSACTION_REPEATABLE_READ,
    "H2, " + Connection.TRANSACTION_REPEATABLE_READ
  })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void aRowThatIsHeldDelaysOnlyItsOwnEnd(TestDatabase.Kind kind, int isolation) throws Exception {
    try (TestDatabase database = kind.open()) {
      Movement node =
          Movement.on(database.store(Wrapped.source(() -> strict(database, isolation))).build());
      node.enqueue(3);
      List<Claim> claims = node.claim(10);
      List<Completion> ends = Movement.successes(claims);
      TriggerId held = claims.get(1).guard().id();
      Claims store = node.store().claims();
      try (Connection holder = strict(database, isolation);
          Statement statement = holder.createStatement()) {
        holder.setAutoCommit(false);
        statement.executeUpdate(
            "UPDATE escapement_trigger SET request = 1 WHERE id = '" + held.value() + "'");
        Ended ended = store.complete(ends);
        assertThat(ended.written()).hasSize(2);
        assertThat(ended.busy()).containsExactly(held);
        assertThat(store.completeInTurn(ends.get(1)).busy()).containsExactly(held);
        holder.commit();
      }
      assertThat(store.completeInTurn(ends.get(1)).written()).containsExactly(held);
      assertThat(store.complete(ends)).isEqualTo(Ended.NOTHING);
    }
  }

  private static Connection strict(TestDatabase database, int isolation) throws SQLException {
    Connection connection = database.source().getConnection();
    connection.setTransactionIsolation(isolation);
    return connection;
  }

  /** In small batches, so that there are many races. */
  private static List<Guard> work(Movement node, AtomicInteger ended) {
    List<Guard> won = new ArrayList<>();
    while (ended.get() < TRIGGERS && !Thread.currentThread().isInterrupted()) {
      List<Claim> left = new ArrayList<>(node.claim(4));
      left.forEach(claim -> won.add(claim.guard()));
      while (!left.isEmpty() && !Thread.currentThread().isInterrupted()) {
        var written = node.complete(left);
        left.removeIf(claim -> written.contains(claim.guard().id()));
        ended.addAndGet(written.size());
      }
    }
    return won;
  }
}
