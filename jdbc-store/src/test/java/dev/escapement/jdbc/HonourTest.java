package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.TriggerRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever waits for a row that another transaction changes goes by what the row is then. */
@Timeout(60)
final class HonourTest {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");

  enum Kind {
    POSTGRES,
    H2
  }

  private final TestPostgres postgres = new TestPostgres();
  private final JdbcDataSource h2 = new JdbcDataSource();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void drop() {
    thread.shutdownNow();
    postgres.close();
  }

  private Movement node(Kind kind) {
    h2.setURL(
        "jdbc:h2:mem:honour-"
            + System.identityHashCode(this)
            + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000");
    return Movement.on(
        kind == Kind.H2 ? JdbcStore.of(h2) : postgres.store(TestPostgres.dataSource()).build());
  }

  /** Does something that has to wait for a row, which is changed before it gets it. */
  private <T> T whileLocked(Kind kind, String change, Callable<T> work) throws Exception {
    DataSource source = kind == Kind.H2 ? h2 : TestPostgres.dataSource();
    try (Connection blocker = source.getConnection();
        Statement statement = blocker.createStatement()) {
      if (kind == Kind.POSTGRES) {
        statement.execute("SET search_path TO " + postgres.schema());
      }
      blocker.setAutoCommit(false);
      statement.execute("UPDATE escapement_trigger SET " + change);
      Future<T> waits = thread.submit(work);
      awaitWaiting(source, question(kind, statement));
      assertThat(waits).isNotDone();
      blocker.commit();
      return waits.get(30, TimeUnit.SECONDS);
    }
  }

  /** How many wait for the transaction that a statement belongs to. */
  private static String question(Kind kind, Statement blocker) throws SQLException {
    if (kind == Kind.H2) {
      return "SELECT count(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
    }
    try (ResultSet row = blocker.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return "SELECT count(*) FROM pg_stat_activity WHERE %d = ANY (pg_blocking_pids(pid))"
          .formatted(row.getInt(1));
    }
  }

  private static void awaitWaiting(DataSource source, String question) throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try (Connection observer = source.getConnection();
        Statement statement = observer.createStatement()) {
      for (int waiting = 0; waiting == 0; ) {
        assertThat(System.nanoTime() - deadline).as("nobody waits").isNegative();
        try (ResultSet row = statement.executeQuery(question)) {
          row.next();
          waiting = row.getInt(1);
        }
      }
    }
  }

  /** As a transactional job does, whose end can't come back later. */
  private static Ended end(Movement node, Claim claim, Next next) {
    Ending ending = new Ending(Outcome.FAILED, null, null, null, false, null, true);
    return node.store()
        .transactions()
        .orElseThrow()
        .run(connection -> new Completion(claim.guard(), ending, next));
  }

  @ParameterizedTest
  @EnumSource
  void anEndHonoursWhatWasAskedWhileItWaitedForTheRow(Kind kind) throws Exception {
    Movement node = node(kind);
    node.enqueue();
    Claim claim = node.claim(1).get(0);

    Ended ended =
        whileLocked(kind, "request = 1", () -> end(node, claim, new Next.Retry(Due.at(LATER))));

    assertThat(ended.turned())
        .containsOnly(Map.entry(claim.guard().id(), new Ended.Turn(Outcome.CANCELLED, null, null)));
    assertThat(node.store().triggers().find(claim.guard().id())).isEmpty();
    assertThat(node.store().history().of(claim.guard().id()).get(0).outcome())
        .isEqualTo(Outcome.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource
  void anEndTakesTheDueAndThePayloadThatWereAskedForWhileItWaited(Kind kind) throws Exception {
    Movement node = node(kind);
    node.enqueue();
    Claim claim = node.claim(1).get(0);
    String payload = kind == Kind.H2 ? "X'0709'" : "'\\x0709'";

    Ended ended =
        whileLocked(
            kind,
            "request = 10, request_due = TIMESTAMP WITH TIME ZONE '2150-06-07 08:09:10.111213+00',"
                + " request_payload = "
                + payload,
            () -> end(node, claim, Next.REMOVE));

    assertThat(ended.turned().get(claim.guard().id()))
        .isEqualTo(new Ended.Turn(Outcome.FAILED, TriggerState.PAUSED, LATER));
    TriggerRecord row = node.store().triggers().find(claim.guard().id()).orElseThrow();
    assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(List.of(row.due(), row.fireTime())).containsOnly(LATER);
    assertThat(row.payload()).containsExactly(7, 9);
    assertThat(row.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aRequestGoesByTheStateThatTheRowHasOnceItIsLocked(Kind kind) throws Exception {
    Movement node = node(kind);
    node.enqueue();
    Claim claim = node.claim(1).get(0);

    whileLocked(
        kind,
        "state = 1, owner = NULL, claimed_at = NULL, version = version + 1",
        () -> node.store().requests().put(List.of(claim.guard().id()), new Request.Pause()));

    TriggerRecord row = node.store().triggers().find(claim.guard().id()).orElseThrow();
    assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(row.requests()).isEmpty();
    assertThat(row.version()).isEqualTo(claim.guard().version() + 2);
  }
}
