package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.TriggerPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What PostgreSQL reads for a page, and for a count to 100, of 200,000 triggers and 200,000
 * executions of four jobs: whatever the filter, the heads of a few stretches of an index and the
 * rows of the page.
 */
final class PostgresListPlanTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final TriggerId MIDDLE = TriggerId.parse("80000000-0000-4000-8000-000000000000");
  private static final int PAGE = 20;
  private static final int CAP = 100;

  private static final TestPostgres postgres = new TestPostgres();
  private static final Tables tables = new Tables(null, Tables.DEFAULT_PREFIX);
  private static final PostgresTriggerLists triggers = new PostgresTriggerLists(tables);
  private static final PostgresExecutionLists executions = new PostgresExecutionLists(tables);

  @BeforeAll
  static void load() {
    postgres.store(TestPostgres.dataSource()).build().open();
    postgres.execute(
        "ALTER TABLE escapement_trigger SET (autovacuum_enabled = false)",
        "ALTER TABLE escapement_execution SET (autovacuum_enabled = false)",
        """
        INSERT INTO escapement_trigger
          (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
           job, job_key, queue, owner, payload)
        SELECT gen_random_uuid(), 0, due, due, now(), 0, 0, 0, 1,
               CASE WHEN n % 2000 = 3 THEN 2 WHEN n % 100 = 1 THEN 3 ELSE 1 END, 0,
               'job-' || n % 4, 'key-' || n,
               CASE WHEN n % 20000 = 7 THEN 'rare' WHEN n % 10 = 0 THEN 'mail' ELSE 'default' END,
               CASE WHEN n % 2000 = 3 THEN gen_random_uuid() END, ''
        FROM (SELECT n, CASE WHEN n % 50 <> 0
                             THEN '2026-01-01T00:00:00Z'::timestamptz + n / 3 * interval '1 second'
                        END AS due
              FROM generate_series(1, 200000) n) given
        """,
        """
        INSERT INTO escapement_execution
          (claimed_at, trigger_id, version, session, fire_time, due, ended_at, attempt, kind,
           outcome, node, job, job_key)
        SELECT at, gen_random_uuid(), 1, gen_random_uuid(), at, at, at, 1, 0,
               CASE WHEN n % 4 = 3 OR n % 100 = 0 THEN 2 WHEN n % 20000 = 1 THEN 3 ELSE 1 END,
               'node', 'job-' || n % 4, CASE WHEN n % 3 = 0 THEN '$standing' END
        FROM (SELECT n, '2026-01-01T00:00:00Z'::timestamptz + n / 3 * interval '1 second' AS at
              FROM generate_series(1, 200000) n) given
        """);
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  private static List<TriggerFilter> triggerFilters() {
    TriggerFilter all = TriggerFilter.all();
    Instant later = NOON.plusSeconds(600);
    return List.of(
        all,
        all.state(TriggerState.SCHEDULED),
        all.state(TriggerState.PAUSED),
        all.state(TriggerState.PENDING),
        all.state(TriggerState.RUNNING),
        all.queue("mail"),
        all.queue("rare"),
        all.queue("rare").state(TriggerState.PAUSED),
        all.dueFrom(NOON),
        all.dueFrom(NOON).dueUntil(later).state(TriggerState.PAUSED),
        all.job("job-1"),
        all.job("job-1").state(TriggerState.PAUSED),
        all.job("job-1").queue("rare"),
        all.job("job-1").queue("default").dueFrom(NOON).dueUntil(later),
        all.job("job-1").state(TriggerState.RUNNING),
        all.job("job-1").key("key-1").state(TriggerState.PAUSED),
        all.job("nobody"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPageOfTriggersReadsHeadsOfStretches(boolean analysed) {
    List<@Nullable TriggerPlace> places = new ArrayList<>();
    places.add(null);
    places.add(new TriggerPlace(NOON, MIDDLE));
    places.add(new TriggerPlace(null, MIDDLE));
    explained(
        analysed,
        handle -> {
          for (TriggerFilter filter : triggerFilters()) {
            for (TriggerPlace after : places) {
              assertReadsLittle(handle, triggers.triggers(filter, after), PAGE, filter);
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCountOfTriggersEndsAtItsLimit(boolean analysed) {
    explained(
        analysed,
        handle -> {
          for (TriggerFilter filter : triggerFilters()) {
            assertReadsLittle(handle, triggers.count(filter), CAP, filter);
          }
        });
  }

  private static List<ExecutionFilter> executionFilters() {
    ExecutionFilter all = ExecutionFilter.all();
    ExecutionFilter range = all.from(NOON).until(NOON.plusSeconds(600));
    return Stream.of(all, range)
        .flatMap(
            each ->
                Stream.of(
                    each,
                    each.outcome(Outcome.SUCCEEDED),
                    each.outcome(Outcome.TIMED_OUT),
                    each.outcome(Outcome.SKIPPED),
                    each.job("job-1"),
                    each.job("job-1").outcome(Outcome.TIMED_OUT),
                    each.job("job-3").outcome(Outcome.SUCCEEDED),
                    each.job("job-1").key("$standing"),
                    each.job("job-1").key("$standing").outcome(Outcome.TIMED_OUT),
                    each.job("nobody")))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPageOfExecutionsReadsHeadsOfStretches(boolean analysed) {
    List<@Nullable ExecutionId> places = new ArrayList<>();
    places.add(null);
    places.add(new ExecutionId(NOON.plusSeconds(60), MIDDLE, 1));
    explained(
        analysed,
        handle -> {
          for (ExecutionFilter filter : executionFilters()) {
            for (ExecutionId before : places) {
              assertReadsLittle(handle, executions.executions(filter, before), PAGE, filter);
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCountOfExecutionsEndsAtItsLimit(boolean analysed) {
    explained(
        analysed,
        handle -> {
          for (ExecutionFilter filter : executionFilters()) {
            assertReadsLittle(handle, executions.count(filter), CAP, filter);
          }
        });
  }

  @Test
  void theDepthOfAQueueIsReadFromTheClaimIndexAlone() {
    explained(
        true,
        handle -> {
          Listing depth = new Listing();
          depth.with("", "queue", "default");
          String plan =
              plan(handle, depth.of(JdbcQueues.depth(new PostgresDialect(tables), tables)), CAP);

          assertThat(plan)
              .contains("Index Only Scan using escapement_trigger_claim")
              .doesNotContain("Index Scan")
              .doesNotContain("Sort");
          assertThat(buffers(plan)).as(plan).isLessThan(2 * CAP);
        });
  }

  @Test
  void whoPurgesCheckpointsLooksTriggersUpOneByOne() {
    explained(
        true,
        handle -> {
          handle.execute(
              "INSERT INTO escapement_checkpoint (trigger_id, fire_time)"
                  + " SELECT id, fire_time FROM escapement_trigger"
                  + " WHERE fire_time IS NOT NULL LIMIT 1000");
          String plan = plan(handle, new Listing().of(tables.in(JdbcCheckpoints.PURGE)), CAP);

          assertThat(plan)
              .contains("escapement_trigger_pkey")
              .doesNotContain("Seq Scan on escapement_trigger");
        });
  }

  /** At most 4 jobs x 2 states x 3 queues, two probes for each, and the rows of the page. */
  private static void assertReadsLittle(Handle handle, Listing listing, int limit, Object filter) {
    String plan = plan(handle, listing, limit);

    assertThat(plan).as("%s", filter).doesNotContain("Seq Scan on escapement_");
    assertThat(buffers(plan)).as("%s\n%s", filter, plan).isLessThan(2_000);
    Matcher sort = Pattern.compile("Sort .*actual rows=(\\d+)").matcher(plan);
    while (sort.find()) {
      assertThat(Integer.parseInt(sort.group(1))).as("%s\n%s", filter, plan).isLessThan(24 * limit);
    }
  }

  private static int buffers(String plan) {
    Matcher buffers = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?").matcher(plan);
    assertThat(buffers.find()).as(plan).isTrue();
    String read = buffers.group(2);
    return Integer.parseInt(buffers.group(1)) + (read == null ? 0 : Integer.parseInt(read));
  }

  private interface Look {
    void at(Handle handle);
  }

  private static void explained(boolean analysed, Look look) {
    Jdbi jdbi = Jdbi.create(TestPostgres.dataSource());
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    jdbi.registerArgument(new Values.InstantArgumentFactory());
    jdbi.useHandle(
        handle -> {
          handle.begin();
          handle.execute("SET LOCAL search_path TO " + postgres.schema());
          if (analysed) {
            handle.execute("ANALYZE escapement_trigger, escapement_execution");
          }
          look.at(handle);
          handle.rollback();
        });
  }

  private static String plan(Handle handle, Listing listing, int limit) {
    Listing explain = new Listing();
    listing.values().forEach((name, value) -> explain.with("", name, value));
    explain.of("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + listing.sql());
    return String.join("\n", explain.in(handle).bind("limit", limit).mapTo(String.class).list());
  }
}
