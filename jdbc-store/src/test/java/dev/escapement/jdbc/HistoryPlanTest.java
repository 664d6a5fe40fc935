package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What PostgreSQL reads of a history of 200,000 executions of four jobs, in one table and in twenty
 * partitions of an hour, before it has statistics and after.
 */
final class HistoryPlanTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int PAGE = 20;
  private static final Tables tables = new Tables(null, Tables.DEFAULT_PREFIX);
  private static final PostgresExecutionLists lists = new PostgresExecutionLists(tables);
  private static final TestPostgres whole = new TestPostgres();
  private static final TestPostgres parted = new TestPostgres();

  @BeforeAll
  static void load() {
    whole.store(TestPostgres.dataSource()).build().open();
    parted.store(TestPostgres.dataSource()).partitionedHistory(Duration.ofHours(1)).build().open();
    parted.execute(
        "DROP TABLE escapement_execution_first",
        """
        DO $$ BEGIN FOR i IN 0 .. 18 LOOP
          EXECUTE format('CREATE TABLE part_%s PARTITION OF escapement_execution
                            FOR VALUES FROM (%L) TO (%L) WITH (autovacuum_enabled = false)', i,
                         '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 hour',
                         '2026-01-01T01:00:00Z'::timestamptz + i * interval '1 hour');
        END LOOP; END $$
        """);
    whole.execute("ALTER TABLE escapement_execution SET (autovacuum_enabled = false)");
    for (TestPostgres each : List.of(whole, parted)) {
      each.execute(
          """
          INSERT INTO escapement_execution
            (claimed_at, trigger_id, version, session, fire_time, due, ended_at, attempt, kind,
             outcome, node, job)
          SELECT at, gen_random_uuid(), 1, gen_random_uuid(), at, at, at, 1, 0,
                 CASE WHEN n % 100 < 8 THEN 2 ELSE 1 END, 'node', 'job-' || n % 4
          FROM (SELECT n, '2026-01-01T00:00:00Z'::timestamptz + n / 3 * interval '1 second' AS at
                FROM generate_series(1, 200000) n) given
          """,
          "VACUUM escapement_execution");
    }
  }

  @AfterAll
  static void drop() {
    whole.close();
    parted.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trimmingReadsAsManyEntriesOfTheIndexAsAreKept(boolean partitioned) {
    String plan = plan(partitioned, true, trim(), 100);
    String border = plan.substring(plan.indexOf("CTE border"), plan.indexOf("CTE beyond"));

    assertThat(border)
        .contains("Index Only Scan Backward")
        .doesNotContain("Seq Scan")
        .doesNotContain("Bitmap");
    assertThat(rows(border, "Index Only Scan.*")).as(plan).isBetween(1_001, 1_200);
    assertThat(rows(plan, "CTE Scan on beyond ")).as(plan).isEqualTo(100);
    assertThat(buffers(plan)).as(plan).isLessThan(5_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trimmingNeverReadsAWholePartition(boolean partitioned) {
    assertThat(plan(partitioned, false, trim(), 100))
        .doesNotContain("Seq Scan on part_")
        .doesNotContain("Seq Scan on escapement_execution e");
  }

  private static Listing trim() {
    Listing listing = new Listing();
    listing.with("", "job", "job-1");
    listing.with("", "keep", 1_000);
    return listing.of(tables.in(PostgresRetention.TRIM));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoLooksForAnExecutionReadsOnePartition(boolean analysed) {
    Listing listing = new Listing();
    listing.with("", "claimedAt", NOON);
    listing.with("", "trigger", TriggerId.next().value());
    listing.with("", "version", 1L);
    String plan = plan(true, analysed, listing.of(tables.in(JdbcHistory.FIND)), 1);

    assertThat(plan).contains("part_12").doesNotContain("part_11").doesNotContain("Seq Scan");
  }

  @Test
  void aPageReadsTheHeadsOfTheStretchesOfEachPartition() {
    ExecutionFilter all = ExecutionFilter.all();
    ExecutionFilter range = all.from(NOON).until(NOON.plusSeconds(600));
    ExecutionId before = new ExecutionId(NOON.plusSeconds(60), TriggerId.next(), 1);
    for (ExecutionFilter filter :
        List.of(
            all,
            range,
            all.job("job-1"),
            all.job("job-1").outcome(Outcome.FAILED),
            range.job("job-1"),
            all.job("nobody"))) {
      String head = plan(true, true, lists.executions(filter, null), PAGE);
      String further = plan(true, true, lists.executions(filter, before), PAGE);

      for (String plan : List.of(head, further)) {
        assertThat(plan).doesNotContain("Seq Scan on part_");
        assertThat(buffers(plan)).as("%s\n%s", filter, plan).isLessThan(3_000);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void purgingReadsTheOldEnd(boolean analysed) {
    Listing listing = new Listing();
    listing.with("", "before", NOON);
    String plan = plan(true, analysed, listing.of(tables.in(PostgresRetention.PURGE)), 1_000);

    assertThat(plan).doesNotContain("Seq Scan on part_");
    assertThat(buffers(plan)).as(plan).isLessThan(20_000);
  }

  /** All rows that such nodes of the plan have read. */
  private static int rows(String plan, String node) {
    Matcher found = Pattern.compile("(?m)^.*(?:" + node + ")\\(actual rows=(\\d+)").matcher(plan);
    int rows = 0;
    while (found.find()) {
      rows += Integer.parseInt(found.group(1));
    }
    return rows;
  }

  private static int buffers(String plan) {
    Matcher buffers = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?").matcher(plan);
    assertThat(buffers.find()).as(plan).isTrue();
    String read = buffers.group(2);
    return Integer.parseInt(buffers.group(1)) + (read == null ? 0 : Integer.parseInt(read));
  }

  private static String plan(boolean partitioned, boolean analysed, Listing listing, int limit) {
    Jdbi jdbi = Jdbi.create(TestPostgres.dataSource());
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    jdbi.registerArgument(new Values.InstantArgumentFactory());
    return jdbi.withHandle(
        handle -> {
          handle.begin();
          handle.execute("SET LOCAL search_path TO " + (partitioned ? parted : whole).schema());
          handle.execute("SET LOCAL jit = off");
          if (analysed) {
            handle.execute("ANALYZE escapement_execution");
          }
          String plan = explained(handle, listing, limit);
          handle.rollback();
          return plan;
        });
  }

  private static String explained(Handle handle, Listing listing, int limit) {
    Listing explain = new Listing();
    listing.values().forEach((name, value) -> explain.with("", name, value));
    explain.of("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + listing.sql());
    return String.join("\n", explain.in(handle).bind("limit", limit).mapTo(String.class).list());
  }
}
