package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.store.Claim;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGStatement;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** What the driver keeps prepared on one connection, and how it is planned then. */
final class PlannedTest {

  private static final String SCANS =
      """
      SELECT pg_stat_get_numscans(oid)
      FROM pg_class
      WHERE relnamespace = '%s'::regnamespace
        AND relname IN ('escapement_trigger', 'escapement_node', 'escapement_execution')
        AND pg_stat_get_numscans(oid) > 0
      """;

  /** 1,042 are claimed and end. */
  private static final String FETCHED =
      """
      SELECT sum(idx_tup_read) < 20000
      FROM pg_stat_user_indexes
      WHERE schemaname = '%s' AND relname = 'escapement_trigger'
      """;

  private final TestPostgres postgres = new TestPostgres();
  private Connection connection;
  private Movement node;

  @BeforeEach
  void open() throws SQLException {
    connection = preparing(1).getConnection();
    node = Movement.on(postgres.store(Wrapped.always(connection)).build());
  }

  /** How often a statement is executed before the driver keeps it prepared; 0 for never. */
  private static PGSimpleDataSource preparing(int threshold) {
    PGSimpleDataSource source = TestPostgres.dataSource();
    source.setPrepareThreshold(threshold);
    return source;
  }

  private void reopen(PGSimpleDataSource source) throws SQLException {
    connection.close();
    connection = source.getConnection();
    node = Movement.on(postgres.store(Wrapped.always(connection)).build());
  }

  @AfterEach
  void drop() throws SQLException {
    connection.close();
    postgres.close();
  }

  private List<String> ask(String query) throws SQLException {
    List<String> answers = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      ResultSet rows = statement.executeQuery(query);
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  private List<String> prepared() throws SQLException {
    return ask(
        "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%escapement_trigger%'");
  }

  @Test
  void claimsAndEndsArePlannedOnce() throws SQLException {
    for (int i = 0; i < 10; i++) {
      node.round();
    }
    assertThat(
            ask(
                "SELECT generic_plans > 5 AND custom_plans = 0 FROM pg_prepared_statements"
                    + " WHERE statement LIKE '%escapement_trigger%'"
                    + " AND statement NOT LIKE 'INSERT%'"))
        .containsExactly("t", "t");
  }

  @Test
  void nothingIsKeptWhereTheSettingsOfTheConnectionSayNo() throws SQLException {
    reopen(preparing(0));
    for (int i = 0; i < 10; i++) {
      node.round();
    }
    assertThat(prepared()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void goesWithEveryWayToTalkToTheServer(PreferQueryMode mode) throws SQLException {
    PGSimpleDataSource source = preparing(1);
    source.setPreferQueryMode(mode);
    reopen(source);
    for (int i = 0; i < 10; i++) {
      node.round();
    }
    node.enqueue(100);
    assertThat(node.complete(node.claim(100))).hasSize(100);
  }

  /** Behind the driver's back, as by a pooler that gives each transaction another connection. */
  @Test
  void whatGetsLostIsDoneWithoutKeepingAnything() throws SQLException {
    node.round();
    node.enqueue(2);
    try (Statement statement = connection.createStatement()) {
      statement.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
    }
    assertThat(node.complete(node.claim(10))).as("at once").hasSize(2);
    for (int i = 0; i < 10; i++) {
      node.round();
    }
    assertThat(prepared()).isEmpty();
  }

  /** Whatever else is kept would be planned for the tables of today. */
  @Test
  void nothingElseIsKept() throws SQLException {
    for (int i = 0; i < 10; i++) {
      node.round();
      node.store()
          .triggers()
          .enqueue(List.of(Movement.trigger(Due.now()), Movement.trigger(Due.now())));
      List<Claim> claims = node.claim(2);
      assertThat(node.complete(claims)).hasSize(2);
      assertThat(node.complete(claims)).isEmpty();
      node.store().holds().park("nobody", 10);
      node.store().history().purge(Duration.ofDays(1), 10);
      node.store().claims().running(node.session(), 10);
    }
    assertThat(
            ask("SELECT split_part(ltrim(statement, E'\\n '), ' ', 2) FROM pg_prepared_statements"))
        .containsOnly("set_config('plan_cache_mode',", "candidate", "held", "t.id,", "INTO");
  }

  @Test
  void theSettingsOfTheSessionStayAsTheyAre() throws SQLException {
    node.round();

    assertThat(ask("SHOW plan_cache_mode")).containsExactly("auto");
    assertThat(ask("SHOW enable_seqscan")).containsExactly("on");
    assertThat(ask("SHOW jit")).isEqualTo(ask("SELECT boot_val FROM pg_settings WHERE name='jit'"));
  }

  /** It is the plan for an empty table that would be good for nothing later. */
  @Test
  void aPlanMadeForEmptyTablesReadsByIndexes() throws SQLException {
    for (int i = 0; i < 10; i++) {
      node.round();
    }
    postgres.execute(
        "ALTER TABLE escapement_trigger SET (autovacuum_enabled = false)",
        """
        INSERT INTO escapement_trigger
          (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold, job,
           queue, payload)
        SELECT gen_random_uuid(), 0, due, due, now(), 0, 0, 0, n %% 3, 1, 0, '%s', 'default', ''
        FROM generate_series(1, 20000) n,
             LATERAL (SELECT now() + (n - 5000) * interval '1 second' AS due) times
        """
            .formatted(Movement.JOB));
    List<String> before = scans();
    for (int count : List.of(1, 20, 500)) {
      assertThat(node.complete(node.claim(count))).hasSize(count);
      assertThat(node.store().claims().complete(Movement.retries(node.claim(count))).written())
          .hasSize(count);
    }
    assertThat(scans()).isEqualTo(before);
    ask("SELECT pg_stat_force_next_flush()");
    assertThat(ask(FETCHED.formatted(postgres.schema())))
        .as("not even by an index")
        .containsOnly("t");
  }

  /** How often whole tables were read so far. */
  private List<String> scans() throws SQLException {
    ask("SELECT pg_stat_force_next_flush()");
    return ask(SCANS.formatted(postgres.schema()));
  }
}
