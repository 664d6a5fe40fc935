package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.ExecutionFilter;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The history in partitions: how it gets into them, and how they come and go. */
final class PartitionTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration KEPT = Duration.ofDays(14);
  private static final String SCRIPT = "postgresql/optional/partitions.sql";

  private final TestPostgres postgres = new TestPostgres();

  @AfterEach
  void drop() {
    postgres.close();
  }

  private JdbcStore.Builder plain() {
    return postgres.store(TestPostgres.dataSource());
  }

  private JdbcStore.Builder partitioned() {
    return plain().partitionedHistory(DAY);
  }

  private JdbcStore open(JdbcStore.Builder builder) {
    JdbcStore store = builder.build();
    store.open();
    return store;
  }

  /** Rows of the history, an hour after one another, the newest so long ago. */
  private static String rows(int count, String table, String newest) {
    return """
    INSERT INTO %s (claimed_at, trigger_id, version, session, fire_time, due, ended_at, attempt,
                    kind, outcome, node, job)
    SELECT at, gen_random_uuid(), 1, gen_random_uuid(), at, at, at, 1, 0, 1, 'node', 'job'
    FROM (SELECT now() - interval '%s' - n * interval '1 hour' AS at
          FROM generate_series(0, %d) n) given
    """
        .formatted(table, newest, count - 1);
  }

  private List<String> ask(String sql) {
    try (Connection connection = TestPostgres.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path TO " + postgres.schema());
      List<String> answers = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          answers.add(rows.getString(1));
        }
      }
      return answers;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the rows are, with the number of them. */
  private List<String> places() {
    return ask(
        "SELECT regexp_replace(tableoid::regclass::text, '_from_.*', '_from') || ' ' || count(*)"
            + " FROM escapement_execution GROUP BY tableoid ORDER BY 1");
  }

  private List<String> partitions() {
    return ask(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
            + " WHERE inhparent = 'escapement_execution'::regclass ORDER BY 1");
  }

  private static int count(JdbcStore store) {
    return store.history().list(ExecutionFilter.all(), null, 10_000).size();
  }

  @Test
  void theTableWithItsRowsBecomesTheFirstPartition() {
    Movement before = Movement.on(plain().build());
    before.round();
    postgres.execute(rows(50, "escapement_execution", "1 hour"));
    String file = ask("SELECT pg_relation_filenode('escapement_execution')").get(0);

    JdbcStore store = open(partitioned());

    assertThat(ask("SELECT pg_relation_filenode('escapement_execution_first')"))
        .containsExactly(file);
    assertThat(places()).containsExactly("escapement_execution_first 51");
    assertThat(partitions()).hasSize(5).contains("escapement_execution_default");
    assertThat(ask("SELECT conname FROM pg_constraint WHERE conname LIKE '%border%'")).isEmpty();
    Movement.on(store).round();
    before.round();
    assertThat(count(store)).isEqualTo(53);
    open(partitioned());
    assertThat(partitions()).hasSize(5);
  }

  @Test
  void itsIndexesBearTheNamesOfThoseThatTheyWere() {
    open(plain());
    String names =
        "SELECT regexp_replace(indexdef, ' ON .* USING', ' USING') FROM pg_indexes"
            + " WHERE tablename = 'escapement_execution' AND schemaname = current_schema()"
            + " ORDER BY indexname";
    List<String> before = ask(names);
    List<String> files =
        ask(
            "SELECT indexrelid::text || pg_relation_filenode(indexrelid) FROM pg_index"
                + " WHERE indrelid = 'escapement_execution'::regclass ORDER BY 1");

    open(partitioned());

    assertThat(ask(names)).isEqualTo(before).hasSizeGreaterThan(3);
    assertThat(
            ask(
                "SELECT indexrelid::text || pg_relation_filenode(indexrelid) FROM pg_index"
                    + " WHERE indrelid = 'escapement_execution_first'::regclass ORDER BY 1"))
        .isEqualTo(files);
    assertThat(
            ask(
                "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid"
                    + " WHERE relkind = 'I' AND NOT indisvalid AND relnamespace = '"
                    + postgres.schema()
                    + "'::regnamespace"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"read\\ committed", "repeatable\\ read", "serializable"})
  void tenNodesMayStartAtOnce(String isolation) throws Exception {
    open(plain());
    postgres.execute(rows(50, "escapement_execution", "1 hour"));
    PGSimpleDataSource source = TestPostgres.dataSource();
    source.setOptions("-c default_transaction_isolation=" + isolation);
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try {
      CyclicBarrier start = new CyclicBarrier(10);
      List<Future<JdbcStore>> opening = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        opening.add(
            threads.submit(
                () -> {
                  start.await();
                  return open(postgres.store(source).partitionedHistory(DAY));
                }));
      }
      for (Future<JdbcStore> opened : opening) {
        opened.get(30, TimeUnit.SECONDS);
      }
      Movement.on(opening.get(3).get()).round();
    } finally {
      threads.shutdownNow();
    }
    assertThat(partitions()).hasSize(5);
    assertThat(places()).containsExactly("escapement_execution_first 51");
  }

  @Test
  void aNewNodeGoesOnWhereOneDied() {
    for (int steps = 1; steps <= 2; steps++) {
      try (TestPostgres half = new TestPostgres()) {
        half.store(TestPostgres.dataSource()).build().open();
        String[] script = Upgrade.script(SCRIPT).split("(?m)^(?=-- Step )", -1);
        for (int i = 0; i <= steps; i++) {
          half.execute("SET escapement.period = '1 day'", script[i]);
        }
        Movement.on(half.store(TestPostgres.dataSource()).partitionedHistory(DAY).build()).round();
      }
    }
  }

  @Test
  void aPromiseThatNobodyKeptIsTakenAwayBeforeItIsBroken() {
    JdbcStore store = open(plain());
    postgres.execute(
        "DO $$ BEGIN EXECUTE format('ALTER TABLE escapement_execution ADD CONSTRAINT"
            + " escapement_execution_border CHECK (claimed_at < %L) NOT VALID',"
            + " now() + interval '13 hours'); END $$");
    store.history().purge(KEPT, 10);
    String borders =
        "SELECT conname FROM pg_constraint WHERE conname LIKE '%border'"
            + " AND conrelid = 'escapement_execution'::regclass";
    assertThat(ask(borders)).hasSize(1);
    postgres.execute(
        "ALTER TABLE escapement_execution DROP CONSTRAINT escapement_execution_border",
        "DO $$ BEGIN EXECUTE format('ALTER TABLE escapement_execution ADD CONSTRAINT"
            + " escapement_execution_border CHECK (claimed_at < %L) NOT VALID',"
            + " now() + interval '11 hours'); END $$");

    store.history().purge(KEPT, 10);
    assertThat(ask(borders)).isEmpty();
  }

  @Test
  void theFileDoesAsTheStoreDoes() {
    Movement.on(plain().build()).round();
    postgres.execute(Upgrade.script(SCRIPT));
    JdbcStore store = open(partitioned().migrate(SchemaPolicy.VALIDATE));

    assertThat(partitions()).hasSize(5);
    Movement.on(store).round();
    assertThat(places()).containsExactly("escapement_execution_first 2");
  }

  @Test
  void whoMayReadTheTableStillMay() {
    open(plain());
    postgres.execute("GRANT SELECT ON escapement_execution TO PUBLIC");
    open(partitioned());

    assertThat(
            ask("SELECT relacl::text FROM pg_class WHERE oid = 'escapement_execution'::regclass"))
        .singleElement()
        .asString()
        .contains("=r/");
  }

  @Test
  void underValidateItIsAnErrorThatSaysWhatToRun() {
    open(plain());
    JdbcStore store = partitioned().migrate(SchemaPolicy.VALIDATE).build();

    assertThatThrownBy(store::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("dev/escapement/jdbc/schema/" + SCRIPT)
        .hasMessageContaining("with " + postgres.schema() + ".escapement_ for escapement_")
        .hasMessageContaining(".migrate(SchemaPolicy.APPLY)");
  }

  @Test
  void h2HasNone() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:partitions");
    JdbcStore store = JdbcStore.builder(h2).partitionedHistory(DAY).build();

    assertThatThrownBy(store::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("need PostgreSQL")
        .hasMessageContaining("H2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT59M59S", "P32D", "PT1H0.5S", "PT0S", "PT-1H"})
  void aPeriodOutOfRangeIsRefused(String period) {
    JdbcStore.Builder builder = plain();

    assertThatThrownBy(() -> builder.partitionedHistory(Duration.parse(period)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("PT1H to PT744H");
  }

  @Test
  void worksWithTheLongestNames() {
    String longest = "P23456789012345678901234567890_";
    JdbcStore store = open(partitioned().tablePrefix(longest));
    Movement.on(store).round();
    store.history().purge(KEPT, 10);

    assertThat(open(partitioned().tablePrefix(longest)).history().purge(KEPT, 10)).isZero();
  }

  /** Partitions of a day each around today, instead of those that the conversion made. */
  private void reshape(int from, int until) {
    postgres.execute(
        """
        DO $$
        DECLARE
          part record;
          day timestamptz = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
        BEGIN
          FOR part IN SELECT inhrelid::regclass AS name FROM pg_inherits
                      WHERE inhparent = 'escapement_execution'::regclass
                        AND inhrelid <> 'escapement_execution_default'::regclass
          LOOP
            EXECUTE 'DROP TABLE ' || part.name;
          END LOOP;
          FOR i IN %d .. %d LOOP
            EXECUTE format('CREATE TABLE part_%%s PARTITION OF escapement_execution
                              FOR VALUES FROM (%%L) TO (%%L)',
                           i + 100, day + i * interval '1 day', day + (i + 1) * interval '1 day');
          END LOOP;
        END $$
        """
            .formatted(from, until));
  }

  @Test
  void whatIsOldIsDroppedAWholePeriodAtATime() {
    JdbcStore store = open(partitioned());
    reshape(-20, 5);
    postgres.execute(rows(20 * 24, "escapement_execution", "1 hour"));

    int deleted = store.history().purge(KEPT, 1_000);

    assertThat(deleted).as("row by row").isLessThanOrEqualTo(24);
    assertThat(partitions()).doesNotContain("part_85").contains("part_86", "part_105");
    Instant horizon = store.now().minus(KEPT);
    assertThat(store.history().list(ExecutionFilter.all(), null, 1_000))
        .hasSizeBetween(14 * 24 - 1, 14 * 24)
        .allMatch(execution -> !execution.key().claimedAt().isBefore(horizon));
  }

  @Test
  void partitionsAreMadeAheadInTime() {
    JdbcStore store = open(partitioned());
    reshape(-2, 0);
    store.history().purge(KEPT, 10);

    assertThat(partitions()).filteredOn(name -> name.contains("_from_")).hasSize(3);
    postgres.execute(rows(72, "escapement_execution", "-72 hours"));
    assertThat(places()).noneMatch(place -> place.contains("default"));
    store.history().purge(KEPT, 10);
    assertThat(partitions()).filteredOn(name -> name.contains("_from_")).hasSize(3);
  }

  @Test
  void aChangedPeriodCountsFromTheNewestPartitionOn() {
    open(partitioned());
    reshape(-2, 0);
    JdbcStore store = open(plain().partitionedHistory(Duration.ofHours(7)));
    store.history().purge(KEPT, 10);
    postgres.execute(rows(20, "escapement_execution", "-20 hours"));

    assertThat(places()).noneMatch(place -> place.contains("default"));
  }

  @Test
  void whatFitsNowhereGoesToTheDefaultOneAndDoesNotStopTheNext() {
    JdbcStore store = open(partitioned());
    reshape(-2, -1);
    postgres.execute(rows(1, "escapement_execution", "0 hours"));
    assertThat(places()).containsExactly("escapement_execution_default 1");
    postgres.execute(rows(1, "escapement_execution", "9 days"));

    store.history().purge(KEPT, 10);

    assertThat(partitions()).filteredOn(name -> name.contains("_from_")).hasSizeBetween(3, 4);
    assertThat(count(store)).isEqualTo(2);
    assertThat(store.history().purge(Duration.ofDays(8), 10)).isEqualTo(1);
    postgres.execute(rows(1, "escapement_execution", "-1 day"));
    assertThat(places())
        .containsExactly("escapement_execution_default 1", "escapement_execution_from 1");
  }

  @Test
  void aLargeDefaultPartitionIsProvedNotToOverlapBeforeTheNextIsMade() {
    open(partitioned());
    reshape(-2, -1);
    postgres.execute(
        "ALTER TABLE escapement_execution ALTER COLUMN failure_trace SET STORAGE PLAIN",
        "ALTER TABLE escapement_execution_default ALTER COLUMN failure_trace SET STORAGE PLAIN",
        rows(10_000, "escapement_execution", "0 hours")
            .replace("node, job)", "node, job, failure_trace)")
            .replace("'node', 'job'", "'node', 'job', repeat('x', 7500)")
            .replace("1 hour'", "1 microsecond'"));
    assertThat(
            Long.parseLong(ask("SELECT pg_relation_size('escapement_execution_default')").get(0)))
        .isGreaterThan(64L << 20);

    JdbcStore store = open(partitioned());

    assertThat(partitions()).filteredOn(name -> name.contains("_from_")).hasSize(3);
    assertThat(
            ask(
                "SELECT conname FROM pg_constraint WHERE conname LIKE '%border'"
                    + " AND conrelid = 'escapement_execution_default'::regclass"))
        .isEmpty();
    Movement.on(store).round();
    assertThat(partitions()).filteredOn(name -> name.contains("_from_")).hasSize(3);
  }

  @Test
  void whatAReaderKeepsFromBeingDroppedIsLeftAloneForAWhile() throws SQLException {
    JdbcStore store = open(partitioned());
    reshape(-20, 5);
    postgres.execute(rows(20 * 24, "escapement_execution", "1 hour"));
    try (Connection reader = TestPostgres.dataSource().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT FROM " + postgres.schema() + ".escapement_execution LIMIT 1");

      assertThat(store.history().purge(KEPT, 10)).as("not worth deleting row by row").isZero();
      Movement.on(store).round();
      reader.rollback();
    }
    assertThat(store.history().purge(KEPT, 10)).as("each try makes writers wait").isZero();
    assertThat(partitions()).contains("part_80");
    open(partitioned()).history().purge(KEPT, 10);
    assertThat(partitions()).as("by a node that hasn't tried").doesNotContain("part_80");
  }

  @Test
  void oneNodeAtATimeTendsThem() throws SQLException {
    JdbcStore store = open(partitioned());
    reshape(-20, 5);
    try (Connection other = TestPostgres.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "SELECT pg_advisory_xact_lock(%d, %d)"
              .formatted(0x65736361, (postgres.schema() + ".escapement_").hashCode()));
      store.history().purge(KEPT, 10);
      assertThat(partitions()).contains("part_80");
      other.rollback();
    }
    store.history().purge(KEPT, 10);
    assertThat(partitions()).doesNotContain("part_80");
  }

  @Test
  void withoutTheSettingItWorksAndIsLeftAlone() {
    open(partitioned());
    reshape(-20, -1);
    postgres.execute(rows(20 * 24, "escapement_execution", "1 hour"));
    JdbcStore store = open(plain());
    Movement.on(store).round();
    List<String> before = partitions();

    assertThat(store.history().purge(KEPT, 1_000)).isBetween(6 * 24, 6 * 24 + 1);
    assertThat(partitions()).isEqualTo(before);
  }

  @Test
  void aPageReadsAcrossBorders() {
    JdbcStore store = open(partitioned());
    reshape(-5, 5);
    postgres.execute(rows(100, "escapement_execution", "1 hour"));
    List<ExecutionRecord> all = store.history().list(ExecutionFilter.ofJob("job"), null, 200);
    List<ExecutionRecord> paged = new ArrayList<>();
    for (List<ExecutionRecord> page = store.history().list(ExecutionFilter.ofJob("job"), null, 7);
        !page.isEmpty();
        page =
            store
                .history()
                .list(ExecutionFilter.ofJob("job"), paged.get(paged.size() - 1).key(), 7)) {
      paged.addAll(page);
    }

    assertThat(all).hasSize(100);
    assertThat(paged).isEqualTo(all);
    assertThat(store.history().trim("job", 30, 1_000)).isEqualTo(70);
    assertThat(store.history().list(ExecutionFilter.all(), null, 200))
        .isEqualTo(all.subList(0, 30));
  }

  @Test
  void laterMigrationsReachAllPartitions() {
    JdbcStore store = open(partitioned());
    Movement.on(store).round();
    postgres.execute(
        "ALTER TABLE escapement_execution ADD COLUMN extra bigint NOT NULL DEFAULT 7",
        "DROP INDEX escapement_execution_trigger",
        "CREATE INDEX escapement_execution_trigger ON escapement_execution (trigger_id, extra)");
    Movement.on(store).round();
    reshape(-2, 0);
    store.history().purge(KEPT, 10);
    postgres.execute(rows(1, "escapement_execution", "-2 days"));

    assertThat(places()).containsExactly("escapement_execution_from 1");
    assertThat(ask("SELECT extra FROM escapement_execution")).containsExactly("7");
    assertThat(
            ask(
                "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%(trigger_id, extra)'"
                    + " AND schemaname = current_schema()"))
        .containsExactly(String.valueOf(partitions().size() + 1));
  }
}
