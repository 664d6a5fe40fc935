package dev.escapement.jdbc;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What PostgreSQL does for a statement on a table with 100,000 triggers in the future, 10,000 that
 * are held and 500 that are due, 200,000 of a paused job, and some that spawn: with and without
 * statistics, planned for the values and planned without knowing them (as a driver that keeps
 * statements prepared would have it).
 */
final class PostgresPlanTest {

  private static final String SESSION = "'00000000-0000-0000-0000-000000000001'::uuid";
  private static final String ALWAYS = "'{-infinity,-infinity}'::timestamptz[]";

  private static final TestPostgres postgres = new TestPostgres();
  private static final Tables tables = new Tables(null, Tables.DEFAULT_PREFIX);
  private static final PostgresSql sql = new PostgresSql(tables);
  private static final PostgresEnqueueSql enqueueSql = new PostgresEnqueueSql(tables);
  private static final PostgresRequestSql requestSql = new PostgresRequestSql(tables);
  private static final PostgresEndSql endSql = new PostgresEndSql(tables);
  private static final PostgresJobSql jobSql = new PostgresJobSql(tables);

  @BeforeAll
  static void load() {
    postgres.store(TestPostgres.dataSource()).build().open();
    postgres.execute(
        "ALTER TABLE escapement_trigger SET (autovacuum_enabled = false)",
        "INSERT INTO escapement_node VALUES ("
            + SESSION
            + ", 'node', '', true, 0, 1, 1, '{default}', now(), now())",
        rows(100_000, "now() + interval '1 hour' + n * interval '1 second'", 0, "known"),
        rows(10_000, "now() - interval '1 hour'", 2, "held"),
        "INSERT INTO escapement_job (name, paused) VALUES ('paused', true)",
        rows(200_000, "now() - interval '1 hour'", 1, "paused"),
        rows(500, "now() - n * interval '1 second'", 0, "known"),
        rows(30, "now() - interval '1 second'", 0, "spawns"),
        "UPDATE escapement_trigger SET kind = 1, queue = 'spawns' WHERE job = 'spawns'",
        rows(3_000, "now() + interval '1 hour' + n * interval '1 second'", 0, "child"),
        "UPDATE escapement_trigger SET parent ="
            + " (SELECT min(id::text)::uuid FROM escapement_trigger WHERE job = 'spawns')"
            + " WHERE job = 'child'",
        rows(5_000, "now() + interval '1 hour'", 0, "keyed"),
        """
        UPDATE escapement_trigger t
        SET job_key = 'k' || keyed.n, version = 1, owner = %s, claimed_at = now(),
            state = CASE WHEN keyed.n <= 200 THEN 2 ELSE 1 END,
            id = ('00000000-0000-0000-0001-' || lpad(keyed.n::text, 12, '0'))::uuid
        FROM (SELECT id, row_number() OVER () AS n
              FROM escapement_trigger
              WHERE job = 'keyed') keyed
        WHERE t.id = keyed.id
        """
            .formatted(SESSION),
        "INSERT INTO escapement_checkpoint (trigger_id, fire_time)"
            + " SELECT id, fire_time FROM escapement_trigger WHERE job = 'keyed'",
        "UPDATE escapement_trigger SET stale = true WHERE job = 'spawns' AND priority = 0");
  }

  private static String rows(int count, String due, int hold, String job) {
    return """
    INSERT INTO escapement_trigger
      (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold, job,
       queue, payload)
    SELECT gen_random_uuid(), 0, %2$s, %2$s, now(), 0, 0, 0, n %% 3, 1, %3$d, '%4$s',
           CASE WHEN n %% 10 = 0 THEN 'mail' ELSE 'default' END, ''
    FROM generate_series(1, %1$d) n
    """
        .formatted(count, due, hold, job);
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  private static Map<String, String> claim(String limits) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("queues", "'{default,mail}'::text[]");
    values.put("limits", "'" + limits + "'::integer[]");
    values.put("high", ALWAYS);
    values.put("normal", ALWAYS);
    values.put("low", ALWAYS);
    values.put("known", "'{known,another}'::text[]");
    values.put("session", SESSION);
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "false, force_custom_plan",
    "false, force_generic_plan",
    "true, force_custom_plan",
    "true, force_generic_plan"
  })
  void claimReadsTheClaimIndexInItsOrder(boolean analysed, String mode) {
    String plan = explain(sql.claim, claim("{20,5}"), analysed, mode);

    assertThat(plan)
        .contains("Index Only Scan using escapement_trigger_claim")
        .contains("Tid Scan on escapement_trigger t_1")
        .doesNotContain("Bitmap")
        .doesNotContain("Rows Removed by Filter");
    assertClaims25(plan);
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void claimReadsItsIndexJustSoForThoseWhoKnowJobsThatSpawn(boolean analysed, String mode) {
    Map<String, String> values = claim("{20,5}");
    values.put("spawning", "'{another}'::text[]");
    String plan = explain(sql.claimSpawning, values, analysed, mode);

    assertThat(plan)
        .contains("Tid Scan on escapement_trigger t_2")
        .containsPattern("escapement_trigger child \\(never executed\\)");
    assertClaims25(plan);
  }

  @ParameterizedTest
  @CsvSource({
    "false, force_custom_plan",
    "false, force_generic_plan",
    "true, force_custom_plan",
    "true, force_generic_plan"
  })
  void claimReadsNoMoreOfWhatHasWaitedThanIsWanted(boolean analysed, String mode) {
    Map<String, String> values = claim("{18,2,5}");
    values.put("queues", "'{default,default,mail}'::text[]");
    values.put("high", "'{-infinity,9999-12-31,-infinity}'::timestamptz[]");
    values.put("normal", "'{-infinity,9999-12-31,-infinity}'::timestamptz[]");
    values.put("low", "'{-infinity,-infinity,-infinity}'::timestamptz[]");
    values.put("waited", "'{PT0S,PT1M,PT0S}'::interval[]");
    String plan = explain(sql.claimAged, values, analysed, mode);

    assertThat(plan).contains("Index Only Scan using escapement_trigger_claim");
    assertClaims25(plan);
    assertThat(buffers(plan.substring(plan.indexOf("CTE candidate")))).as(plan).isLessThan(400);
  }

  private static void assertClaims25(String plan) {
    assertThat(plan)
        .contains("Index Scan using escapement_trigger_claim on escapement_trigger t")
        .doesNotContain("Seq Scan on escapement_trigger")
        .doesNotContain("Sort");
    assertThat(plan.substring(0, plan.indexOf("CTE claimed")))
        .doesNotContain("Rows Removed by Filter");
    assertThat(rowsOf(plan, "Update on escapement_trigger")).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void whatSpawnsIsReadByItsIdAndItsChildrenByTheirParent(boolean analysed, String mode) {
    Map<String, String> values = claim("{20}");
    values.put("queues", "'{spawns}'::text[]");
    values.put("known", "'{spawns}'::text[]");
    values.put("spawning", "'{spawns}'::text[]");
    String plan = explain(sql.claimSpawning, values, analysed, mode);

    assertThat(plan)
        .contains("Index Scan using escapement_trigger_pkey on escapement_trigger t ")
        .containsPattern("escapement_trigger_child .*\\(actual")
        .doesNotContain("Seq Scan on escapement_trigger")
        .doesNotContain("Bitmap Heap Scan on escapement_trigger t");
    assertThat(rowsOf(plan, "Update on escapement_trigger")).isZero();
    assertThat(rowsOf(plan, "CTE Scan on candidate (")).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStaleHaveAnIndexOfTheirOwn(boolean analysed) {
    String plan =
        explain(
            tables.in(JdbcTriggers.STALE), Map.of("limit", "100"), analysed, "force_custom_plan");

    assertThat(plan)
        .contains("escapement_trigger_stale")
        .doesNotContain("Seq Scan on escapement_trigger");
    assertThat(buffers(plan)).as(plan).isLessThan(60);
  }

  @Test
  void anIdlePollProbesTheIndexOncePerQueueAndPriority() {
    String plan = explain(sql.claim, claim("{0,0}"), false, "force_custom_plan");

    assertThat(plan).doesNotContain("Sort").doesNotContain("Seq Scan on escapement_trigger");
    assertThat(rowsOf(plan, "Update on escapement_trigger")).isZero();
    assertThat(buffers(plan)).as(plan).isLessThan(60);
  }

  @ParameterizedTest
  @CsvSource({
    "false, force_custom_plan",
    "false, force_generic_plan",
    "true, force_custom_plan",
    "true, force_generic_plan"
  })
  void completionFindsItsRowsByTheirIds(boolean analysed, String mode) {
    assertFoundByIds(explain(endSql.complete, ends(100), analysed, mode));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takeoverFindsItsRowsByTheirIds(boolean analysed) {
    assertFoundByIds(explain(endSql.takeOver, ends(100), analysed, "force_custom_plan"));
  }

  private static void assertFoundByIds(String plan) {
    assertThat(plan)
        .contains("Index Scan using escapement_trigger_pkey on escapement_trigger t_2")
        .doesNotContain("Seq Scan on escapement_trigger");
  }

  @ParameterizedTest
  @CsvSource({
    "false, force_custom_plan",
    "false, force_generic_plan",
    "true, force_custom_plan",
    "true, force_generic_plan"
  })
  void whatIsHeldIsFoundByItsId(boolean analysed, String mode) {
    Planned held = new Planned(tables.in(JdbcClaims.HELD));
    Map<String, String> values = Map.of("ids", named(50, PostgresPlanTest::id) + "::uuid[]");

    assertThat(explain(held, values, analysed, mode))
        .contains("escapement_trigger_pkey")
        .doesNotContain("Seq Scan")
        .doesNotContain("escapement_trigger_owner");
  }

  @ParameterizedTest
  @CsvSource({
    "false, force_custom_plan",
    "false, force_generic_plan",
    "true, force_custom_plan",
    "true, force_generic_plan"
  })
  void theUsualEndFindsItsRowsByTheirIdsAndThenByTheirPlaces(boolean analysed, String mode) {
    Map<String, String> values = ends(100);
    values
        .keySet()
        .retainAll(
            Set.of("ids", "versions", "outcomes", "started", "ended", "results", "recorded"));
    values.put("owner", SESSION);
    values.put("started", "array_fill(1::bigint, '{100}')");
    values.put("ended", "array_fill(1::bigint, '{100}')");
    String plan = explain(endSql.remove, values, analysed, mode);

    assertThat(plan)
        .contains("escapement_trigger_pkey")
        .contains("Tid Scan on escapement_trigger t_1")
        .doesNotContain("Seq Scan on escapement_trigger");
    assertThat(rowsOf(plan, "Delete on escapement_trigger")).isEqualTo(100);
  }

  private static Map<String, String> ends(int count) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ids", named(count, PostgresPlanTest::id) + "::uuid[]");
    values.put("versions", "array_fill(1::bigint, '{100}')");
    values.put("owners", "array_fill(" + SESSION + ", '{100}')");
    values.put("next", "array_fill('remove'::text, '{100}')");
    values.put("dueAt", "'{}'::timestamptz[]");
    values.put("dueIn", "'{}'::interval[]");
    values.put("fireAt", "'{}'::timestamptz[]");
    values.put("fireIn", "'{}'::interval[]");
    values.put("missed", "'{}'::bigint[]");
    values.put("reasons", "'{}'::text[]");
    values.put("outcomes", "array_fill(1::smallint, '{100}')");
    values.put("started", "'{}'::timestamptz[]");
    values.put("ended", "'{}'::timestamptz[]");
    values.put("types", "'{}'::text[]");
    values.put("messages", "'{}'::text[]");
    values.put("traces", "'{}'::text[]");
    values.put("keep", "'{}'::boolean[]");
    values.put("results", "'{}'::bytea[]");
    values.put("recorded", "array_fill(TRUE, '{100}')");
    return values;
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void anEndThatIsAskedForNothingTouchesNoCheckpoint(boolean analysed, String mode) {
    String plan = explain(endSql.complete, ends(100), analysed, mode);

    assertThat(rowsOf(plan, "Delete on escapement_checkpoint c")).isZero();
    assertThat(plan).doesNotContain("Seq Scan on escapement_checkpoint");
    assertThat(rowsOf(plan, "CTE Scan on ruled")).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void anEnqueueThatChangesRowsFindsThemByTheirKeys(boolean analysed, String mode) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ids", "array_fill(gen_random_uuid(), '{50}')");
    values.put("kinds", "array_fill(0::smallint, '{50}')");
    values.put("jobs", "array_fill('keyed'::text, '{50}')");
    values.put("keys", named(50, n -> "k" + n) + "::text[]");
    values.put("queues", "'{}'::text[]");
    values.put("priorities", "'{}'::smallint[]");
    values.put("dueAt", "'{}'::timestamptz[]");
    values.put("dueIn", "array_fill('1 hour'::interval, '{50}')");
    values.put("schedules", "'{}'::text[]");
    values.put("fireTimes", "'{}'::timestamptz[]");
    values.put("payloads", "array_fill(''::bytea, '{50}')");
    values.put("headers", "'{}'::text[]");

    for (String statement : List.of(enqueueSql.replace, enqueueSql.reschedule)) {
      String plan = explain(statement, values, analysed, mode);
      assertThat(plan)
          .contains("using escapement_trigger_key on escapement_trigger")
          .contains("Conflicting Tuples: 50")
          .doesNotContain("Seq Scan on escapement_trigger")
          .doesNotContain("Seq Scan on escapement_checkpoint");
      assertThat(rowsOf(plan, "CTE Scan on locked")).isEqualTo(50);
    }
    Map<String, String> kept = new LinkedHashMap<>(values);
    kept.keySet().retainAll(List.of("ids", "jobs", "keys"));
    assertThat(explain(enqueueSql.live, kept, analysed, mode))
        .contains("using escapement_trigger_key on escapement_trigger")
        .doesNotContain("Seq Scan on escapement_trigger");
  }

  private static String named(int count, IntFunction<String> name) {
    return IntStream.rangeClosed(1, count).mapToObj(name).collect(joining(",", "'{", "}'"));
  }

  /** What the rows of the job "keyed" are called. */
  private static String id(int number) {
    return "00000000-0000-0000-0001-%012d".formatted(number);
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void requestsFindTheirRowsByTheirIds(boolean analysed, String mode) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ids", named(50, PostgresPlanTest::id) + "::uuid[]");
    values.put("nobody", SESSION);
    values.put("dueAt", "NULL::timestamptz");
    values.put("dueIn", "'1 hour'::interval");

    for (String statement :
        List.of(
            requestSql.cancel,
            requestSql.pause,
            requestSql.resume,
            requestSql.reschedule,
            requestSql.runNow)) {
      Map<String, String> bound = new LinkedHashMap<>(values);
      bound.keySet().removeIf(name -> !statement.contains(":" + name));
      assertThat(explain(statement, bound, analysed, mode))
          .containsPattern("(Index|Bitmap Index) Scan (using|on) escapement_trigger_pkey")
          .doesNotContain("Seq Scan on escapement_trigger")
          .doesNotContain("Seq Scan on escapement_checkpoint");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsAskedOfASessionIsReadFromWhatItRuns(boolean analysed) {
    assertThat(
            explain(
                tables.in(JdbcRequests.OF),
                Map.of("session", SESSION),
                analysed,
                "force_custom_plan"))
        .contains("escapement_trigger_owner")
        .doesNotContain("Seq Scan on escapement_trigger");
  }

  @Test
  void parkingReadsOnlyWhatIsDue() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job", "'known'::text");
    values.put("hold", "2");
    values.put("limit", "50");
    String plan = explain(jobSql.park, values, false, "force_custom_plan");

    assertThat(plan).doesNotContain("Seq Scan on escapement_trigger").doesNotContain("Sort");
    assertThat(rowsOf(plan, "CTE Scan on head")).isEqualTo(50);
    assertThat(buffers(plan)).as(plan).isLessThan(2_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unparkingReadsOnlyWhatIsHeld(boolean analysed) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("jobs", "'{known,held}'::text[]");
    values.put("limit", "50");
    String plan = explain(jobSql.unpark, values, analysed, "force_custom_plan");

    assertThat(plan)
        .contains("Index Scan using escapement_trigger_held")
        .doesNotContain("Seq Scan on escapement_trigger");
    assertThat(rowsOf(plan, "CTE Scan on parked")).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource({"false, force_custom_plan", "true, force_custom_plan", "true, force_generic_plan"})
  void unparkingReadsNothingOfWhatAPausedJobHoldsBack(boolean analysed, String mode) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("jobs", "'{known,paused}'::text[]");
    values.put("limit", "50");
    String plan = explain(jobSql.unpark, values, analysed, mode);

    assertThat(plan)
        .containsPattern("Index Scan using escapement_trigger_held .*\\(actual")
        .containsPattern("Index Cond: \\(\\(job = given.job\\) AND \\(hold >= .*\\)")
        .doesNotContain("Seq Scan on escapement_trigger");
    assertThat(rowsOf(plan, "CTE Scan on parked")).isZero();
    assertThat(buffers(plan)).as(plan).isLessThan(60);
  }

  @Test
  void theAuditReadsOnlyWhatRuns() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("self", SESSION);
    values.put("limit", "100");

    assertThat(explain(tables.in(JdbcClaims.RUNNING), values, false, "force_custom_plan"))
        .contains("escapement_trigger_owner")
        .doesNotContain("Seq Scan on escapement_trigger");
  }

  private static int rowsOf(String plan, String node) {
    return number(plan, Pattern.quote(node) + ".*actual.* rows=(\\d+)");
  }

  private static int buffers(String plan) {
    return number(plan, "Buffers: shared hit=(\\d+)");
  }

  private static int number(String plan, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(plan);
    assertThat(matcher.find()).as(plan).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** Prepares the statement, runs it in a transaction that is rolled back, and says how it ran. */
  private static String explain(
      Planned statement, Map<String, String> values, boolean analysed, String mode) {
    boolean once = mode.equals("force_generic_plan");
    return explain(once ? statement.once() : statement.sql(), values, analysed, mode, !once);
  }

  private static String explain(
      String statement, Map<String, String> values, boolean analysed, String mode) {
    return explain(statement, values, analysed, mode, true);
  }

  private static String explain(
      String statement, Map<String, String> values, boolean analysed, String mode, boolean scans) {
    List<String> names = new ArrayList<>(values.keySet());
    String numbered =
        Pattern.compile("(?<!:):([a-zA-Z]+)")
            .matcher(statement)
            .replaceAll(found -> "\\$" + (names.indexOf(found.group(1)) + 1));
    try (Connection connection = TestPostgres.dataSource().getConnection();
        Statement jdbc = connection.createStatement()) {
      connection.setAutoCommit(false);
      jdbc.execute("SET LOCAL search_path TO " + postgres.schema());
      jdbc.execute("SET LOCAL plan_cache_mode = " + mode);
      jdbc.execute("SET LOCAL jit = off");
      jdbc.execute("SET LOCAL enable_seqscan = " + scans);
      if (analysed) {
        jdbc.execute("ANALYZE escapement_trigger");
      }
      jdbc.execute("PREPARE explained AS " + numbered);
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines =
          jdbc.executeQuery(
              "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) EXECUTE explained ("
                  + String.join(", ", values.values())
                  + ")")) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      connection.rollback();
      jdbc.execute("DEALLOCATE explained");
      connection.rollback();
      return plan.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
