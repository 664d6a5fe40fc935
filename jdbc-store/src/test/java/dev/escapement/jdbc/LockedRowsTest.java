package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Ended;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody holds rows and does nothing: a process that was stopped before its commit. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class LockedRowsTest {

  abstract static class OnEach {

    private final TestDatabase database;
    private Connection frozen;
    private Movement node;

    OnEach(TestDatabase.Kind kind) {
      database = kind.open();
    }

    @BeforeEach
    void connect() throws SQLException {
      node = Movement.on(database.store(database.source()).build());
      frozen = database.source().getConnection();
      frozen.setAutoCommit(false);
    }

    @AfterEach
    void drop() throws SQLException {
      frozen.rollback();
      frozen.close();
      database.close();
    }

    private void freezeAfter(String sql) throws SQLException {
      try (Statement statement = frozen.createStatement()) {
        assertThat(statement.executeUpdate(sql)).isPositive();
      }
    }

    private void freezeAClaimOf(TriggerId id) throws SQLException {
      freezeAfter(
          "UPDATE escapement_trigger SET state = 2, version = version + 1, attempt = 1,"
              + " claimed_at = CURRENT_TIMESTAMP, owner = '00000000-0000-0000-0000-000000000007'"
              + (" WHERE id = '" + id.value() + "'"));
    }

    @Test
    void aClaimerThatIsFrozenBeforeItsCommitKeepsItsOwnRowsAndNoOther() throws SQLException {
      TriggerId first = node.enqueue();
      freezeAClaimOf(first);
      node.enqueue(3);

      List<Claim> claims = node.claim(10);
      assertThat(claims).hasSize(3);
      assertThat(node.complete(claims)).hasSize(3);
      Store store = node.store();
      assertThat(store.sessions().beat(node.session(), new NodeLoad(1, 0))).isTrue();
      assertThat(store.claims().running(node.session(), 10)).isEmpty();
      assertThat(store.holds().strangers(Set.of("default"), Set.of(), 10)).isNotEmpty();
      assertThat(store.holds().park("stranger", 10)).isZero();
      assertThat(store.triggers().find(first).orElseThrow().state())
          .isEqualTo(TriggerState.SCHEDULED);
    }

    @Test
    void whoeverLosesToAClaimerThatRollsBackClaimsItAfterAll() throws SQLException {
      TriggerId id = node.enqueue();
      freezeAClaimOf(id);
      assertThat(node.claim(10)).isEmpty();
      frozen.rollback();

      assertThat(node.claim(10))
          .singleElement()
          .satisfies(claim -> assertThat(claim.attempt()).isEqualTo(1));
    }

    @Test
    void whoeverLosesToAClaimerThatCommitsHasLost() throws SQLException {
      TriggerId id = node.enqueue();
      freezeAClaimOf(id);
      assertThat(node.claim(10)).isEmpty();
      frozen.commit();

      assertThat(node.claim(10)).isEmpty();
      assertThat(node.store().triggers().find(id).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void retentionThatIsFrozenHoldsUpNeitherClaimsNorEnds() {
      node.round();
      Store purging = database.store(Wrapped.source(this::neverCommitting)).build();
      assertThat(purging.history().purge(Duration.ZERO, 10)).isEqualTo(1);

      node.round();
    }

    /** The frozen connection, which pretends to be in autocommit. */
    private Connection neverCommitting() {
      return Wrapped.connection(
          frozen,
          (method, call) ->
              switch (method.getName()) {
                case "getAutoCommit" -> true;
                case "setAutoCommit", "close" -> null;
                default -> call.proceed();
              },
          (method, call) -> call.proceed());
    }

    /** Another connection might be long in coming, and what was written be heard of by nobody. */
    @Test
    void whatIsHeldIsToldOverTheConnectionThatHasWrittenTheRest() throws SQLException {
      AtomicInteger borrowed = new AtomicInteger();
      Movement single =
          Movement.on(
              database
                  .store(
                      Wrapped.source(
                          () -> {
                            borrowed.incrementAndGet();
                            return database.source().getConnection();
                          }))
                  .build());
      single.enqueue(3);
      List<Claim> claims = single.claim(10);
      TriggerId held = claims.get(1).guard().id();
      freezeAfter("UPDATE escapement_trigger SET missed = 0 WHERE id = '" + held.value() + "'");
      borrowed.set(0);
      Ended ended = single.store().claims().complete(Movement.successes(claims));
      assertThat(borrowed).hasValue(1);
      assertThat(ended.written()).hasSize(2).doesNotContain(held);
      assertThat(ended.busy()).containsExactly(held);
    }
  }

  @Nested
  final class OnPostgres extends OnEach {
    OnPostgres() {
      super(TestDatabase.Kind.POSTGRES);
    }
  }

  @Nested
  final class OnH2 extends OnEach {
    OnH2() {
      super(TestDatabase.Kind.H2);
    }
  }
}
