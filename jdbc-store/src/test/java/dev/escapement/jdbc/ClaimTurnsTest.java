package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.BusyStoreException;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Guard;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.util.PSQLException;

/** Who waits for a turn to claim, and who does without. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ClaimTurnsTest {

  /** By itself, without a database. */
  @Nested
  final class Asked {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow
    private final ClaimTurns turns = new ClaimTurns(clock::get);
    private final List<Boolean> asked = new ArrayList<>();

    private void claims(int count) {
      claims(500, count);
    }

    private void claims(int wanted, int count) {
      turns.take(
          wanted,
          inTurn -> {
            asked.add(inTurn);
            return answer(count);
          });
    }

    private ClaimResult answer(int count) {
      Instant now = Instant.parse("2026-11-22T00:00:00Z");
      Guard guard = new Guard(TriggerId.next(), 1, SessionId.next());
      Claim claim =
          new Claim(
              guard,
              TriggerKind.ONE_TIME,
              "job",
              null,
              "default",
              Priority.NORMAL,
              now,
              now,
              now,
              1,
              0,
              null,
              0,
              false,
              new byte[0],
              null);
      List<Claim> claims = Stream.generate(() -> claim).limit(count).toList();
      return new ClaimResult(claims, List.of(), now, null, 0, 0);
    }

    @Test
    void whoeverWasGivenManyTakesATurnNext() {
      claims(49);
      claims(50);
      claims(500);
      claims(0);
      claims(500);

      assertThat(asked).containsExactly(false, false, true, true, false);
    }

    @Test
    void whoeverWantsFewTakesNoneAndForgetsNothing() {
      claims(500);
      claims(49, 0);
      claims(500);

      assertThat(asked).containsExactly(false, false, true);
    }

    @Test
    void aTurnThatDoesNotComeIsDoneWithoutForAWhile() {
      claims(500);
      ClaimResult result =
          turns.take(
              500,
              inTurn -> {
                if (inTurn) {
                  throw new BusyStoreException("No turn.", new SQLException("no lock", "55P03"));
                }
                return answer(70);
              });
      assertThat(result.claims()).hasSize(70);

      clock.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
      claims(500);
      clock.incrementAndGet();
      claims(500);
      assertThat(asked).containsExactly(false, false, true);
    }

    /** The database has no time: to ask again at once would double that. */
    @Test
    void whatTakesTooLongIsNotAskedForAgainAtOnce() {
      claims(500);
      assertThatThrownBy(
              () ->
                  turns.take(
                      500,
                      inTurn -> {
                        asked.add(inTurn);
                        throw new BusyStoreException("Late.", new SQLException("late", "57014"));
                      }))
          .isInstanceOf(BusyStoreException.class);
      claims(500);
      assertThat(asked).as("and the next one goes without").containsExactly(false, true, false);
    }
  }

  /** On PostgreSQL, while somebody has the turn. */
  @Nested
  final class Taken {

    private final TestPostgres postgres = new TestPostgres();
    private final Tables tables = new Tables(postgres.schema(), Tables.DEFAULT_PREFIX);
    private final Movement node = Movement.on(postgres.store(TestPostgres.dataSource()).build());
    private Connection other;

    @BeforeEach
    void take() throws SQLException {
      other = TestPostgres.dataSource().getConnection();
      other.setAutoCommit(false);
      turn(other);
    }

    @AfterEach
    void drop() throws SQLException {
      other.close();
      postgres.close();
    }

    private void turn(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT " + ClaimTurns.sql(tables));
      }
    }

    /** One who stands still with it, for example. */
    @Test
    void manyAreClaimedAllTheSame() {
      node.enqueue(200);
      assertThat(node.claim(60)).hasSize(60);

      long begun = System.nanoTime();
      assertThat(node.claim(60)).hasSize(60);
      assertThat(System.nanoTime() - begun).isGreaterThan(Duration.ofMillis(400).toNanos());
      assertThat(node.claim(60)).hasSize(60);
    }

    /** What each claim's transaction holds of turns is noted by a trigger of the database's. */
    @ParameterizedTest
    @EnumSource
    void aTurnLastsAsLongAsTheTransactionThatClaims(PreferQueryMode mode) throws SQLException {
      other.rollback();
      PGSimpleDataSource source = TestPostgres.dataSource();
      source.setPreferQueryMode(mode);
      source.setCurrentSchema(postgres.schema());
      try (Connection one = source.getConnection()) {
        Movement same = Movement.on(postgres.store(Wrapped.always(one)).build());
        same.enqueue(200);
        postgres.execute(
            "CREATE TABLE noted (turns bigint)",
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO noted SELECT count(*) FROM pg_locks
              WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid();
              RETURN NULL;
            END $$
            """,
            "CREATE TRIGGER note AFTER UPDATE ON escapement_trigger EXECUTE FUNCTION note()");
        assertThat(same.claim(60)).hasSize(60);
        assertThat(same.claim(60)).hasSize(60);
        turn(other); // it was given back
        assertThat(same.claim(10)).hasSize(10);
      }
      long taken = mode == PreferQueryMode.SIMPLE ? 0 : 1;
      assertThat(noted()).containsExactly(0L, taken, 0L);
    }

    private List<Long> noted() throws SQLException {
      try (Connection connection = TestPostgres.dataSource().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT turns FROM " + postgres.schema() + ".noted ORDER BY ctid")) {
        List<Long> noted = new ArrayList<>();
        while (rows.next()) {
          noted.add(rows.getLong(1));
        }
        return noted;
      }
    }

    @Test
    void nobodyWaitsWhereOneSnapshotServesTheWholeTransaction() throws SQLException {
      try (Connection strict = TestPostgres.dataSource().getConnection()) {
        assertThatThrownBy(() -> turn(strict))
            .isInstanceOfSatisfying(
                PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
        strict.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        turn(strict);
      }
    }
  }
}
