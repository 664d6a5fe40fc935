package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** How the tables come about, and what is said when they aren't what they must be. */
final class SchemaTest {

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final TestPostgres postgres = new TestPostgres();

  @AfterEach
  void drop() {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"read\\ committed", "repeatable\\ read", "serializable"})
  void tenNodesMayStartAtOnceOnPostgres(String isolation) throws Exception {
    PGSimpleDataSource source = TestPostgres.dataSource();
    source.setOptions("-c default_transaction_isolation=" + isolation);
    List<JdbcStore> stores = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stores.add(postgres.store(source).build());
    }
    openAtOnce(stores);
    Movement.on(stores.get(3)).round();
  }

  @Test
  void tenNodesMayStartAtOnceOnH2() throws Exception {
    for (int round = 0; round < 10; round++) {
      List<JdbcStore> stores = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        stores.add(JdbcStore.of(h2("at-once-" + round)));
      }
      openAtOnce(stores);
      Movement.on(stores.get(3)).round();
    }
  }

  private static void openAtOnce(List<JdbcStore> stores) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(stores.size());
    try {
      CyclicBarrier start = new CyclicBarrier(stores.size());
      List<Future<?>> opening = new ArrayList<>();
      for (JdbcStore store : stores) {
        opening.add(
            threads.submit(
                () -> {
                  start.await();
                  store.open();
                  return null;
                }));
      }
      for (Future<?> opened : opening) {
        opened.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static JdbcDataSource h2(String name) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  @Test
  void twoPrefixesInOneSchemaAreTwoStores() {
    DataSource source = TestPostgres.dataSource();
    Movement one = Movement.on(postgres.store(source).tablePrefix("one_").build());
    Movement other = Movement.on(postgres.store(source).tablePrefix("Escapement_x").build());
    one.enqueue();

    assertThat(other.claim(10)).isEmpty();
    assertThat(one.claim(10)).hasSize(1);
  }

  @Test
  void schemaAndPrefixWorkOnH2() {
    JdbcDataSource source = h2("schema-and-prefix");
    Movement one = Movement.on(JdbcStore.builder(source).schema("jobs").tablePrefix("e_").build());
    Movement other = Movement.on(JdbcStore.of(source));
    one.round();
    one.enqueue();

    assertThat(other.claim(10)).isEmpty();
    assertThat(one.claim(10)).hasSize(1);
    JdbcStore.builder(source)
        .schema("jobs")
        .tablePrefix("e_")
        .migrate(SchemaPolicy.VALIDATE)
        .build()
        .open();
  }

  @Test
  void aMigrationMayTakeLongerThanACall() {
    postgres.execute(
        Upgrade.script("postgresql/V1__movement.sql"),
        """
        CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_sleep(3.5); RETURN new; END $$\
        """,
        "CREATE TRIGGER slow BEFORE INSERT ON escapement_schema EXECUTE FUNCTION take_time()");
    PGSimpleDataSource hurried = TestPostgres.dataSource();
    hurried.setOptions("-c statement_timeout=1500 -c lock_timeout=1500");
    hurried.setSocketTimeout(2);

    postgres.store(hurried).timeout(Duration.ofMillis(100)).build().open();

    validating().build().open();
  }

  @Test
  void aMigrationGivesWayToALongTransactionAndTriesAgain() throws Exception {
    postgres.execute(Upgrade.script("postgresql/V1__movement.sql"));
    CountDownLatch second = new CountDownLatch(2);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection reader = reading("escapement_trigger")) {
      Future<?> migration =
          thread.submit(() -> schema(second::countDown, PATIENCE).ensure(SchemaPolicy.APPLY));
      assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(migration.isDone()).isFalse();
      reader.rollback();
      migration.get(30, TimeUnit.SECONDS);
    } finally {
      thread.shutdownNow();
    }
    validating().build().open();
  }

  @Test
  void aMigrationThatFindsNoGapSaysWhatIsInTheWay() throws SQLException {
    postgres.execute(Upgrade.script("postgresql/V1__movement.sql"));
    AtomicInteger rounds = new AtomicInteger();
    try (Connection reader = reading("escapement_trigger")) {
      Schema schema = schema(rounds::incrementAndGet, Duration.ofMillis(20));
      assertThatThrownBy(() -> schema.ensure(SchemaPolicy.APPLY))
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("lock timeout")
          .hasMessageContaining("10 times a long transaction")
          .hasMessageContaining("was in the way");
      reader.rollback();
    }
    assertThat(rounds).hasValue(10);
  }

  @Test
  void aMigrationWhoseScriptFailsIsNotTriedAgain() {
    postgres.execute(
        Upgrade.script("postgresql/V1__movement.sql"), "DROP TABLE escapement_execution");
    AtomicInteger rounds = new AtomicInteger();
    Schema schema = schema(rounds::incrementAndGet, PATIENCE);

    assertThatThrownBy(() -> schema.ensure(SchemaPolicy.APPLY))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(TransientStoreException.class)
        .hasMessageContaining("escapement_execution");
    assertThat(rounds).hasValue(1);
  }

  /** A schema that says when it begins to migrate, each time. */
  private Schema schema(Runnable begins, Duration patience) {
    Tables tables = new Tables(postgres.schema(), Tables.DEFAULT_PREFIX);
    DataSource source = TestPostgres.dataSource();
    DataSource counted =
        Wrapped.source(
            () -> {
              begins.run();
              return source.getConnection();
            });
    return new Schema(
        new Database(source, "here", Duration.ofSeconds(10), Manner.POSTGRES),
        new Database(counted, "here", Schema.LIMIT, Manner.POSTGRES),
        new PostgresDialect(tables),
        tables,
        patience);
  }

  /** In the middle of a transaction that has read from that table. */
  private Connection reading(String table) throws SQLException {
    Connection reader = TestPostgres.dataSource().getConnection();
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.execute("SELECT FROM " + postgres.schema() + "." + table);
    }
    return reader;
  }

  @Test
  void theFilesDoAsTheyAre() {
    postgres.execute(Upgrade.script("postgresql/V1__movement.sql"));
    postgres.execute(Upgrade.script("postgresql/V2__time.sql"));
    postgres.execute(Upgrade.script("postgresql/V3__life.sql"));
    postgres.execute(Upgrade.script("postgresql/V4__headers.sql"));
    Movement.on(validating().build()).round();
  }

  private JdbcStore.Builder validating() {
    return postgres.store(TestPostgres.dataSource()).migrate(SchemaPolicy.VALIDATE);
  }

  @Test
  void missingTablesAreAnErrorThatSaysWhatToRun() {
    assertThatThrownBy(() -> validating().build().open())
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(TransientStoreException.class)
        .hasMessageContaining("no tables of Escapement")
        .hasMessageContaining("dev/escapement/jdbc/schema/postgresql/V1__movement.sql")
        .hasMessageContaining("with " + postgres.schema() + ".escapement_ for escapement_")
        .hasMessageContaining(".migrate(SchemaPolicy.APPLY)");
  }

  @Test
  void postgresIsOnlyValidatedUnlessToldOtherwise() {
    JdbcStore store =
        JdbcStore.builder(TestPostgres.dataSource()).schema(postgres.schema()).build();

    assertThatThrownBy(store::open).hasMessageContaining("no tables of Escapement");
    postgres.store(TestPostgres.dataSource()).build().open();
    store.open();
  }

  @Test
  void tooOldIsAnErrorThatSaysWhatToRun() {
    postgres.store(TestPostgres.dataSource()).build().open();
    postgres.execute(
        "DELETE FROM escapement_schema WHERE version > 1",
        "UPDATE escapement_schema SET version = 0");

    assertThatThrownBy(() -> validating().build().open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("of version 0")
        .hasMessageContaining("needs version 4")
        .hasMessageContaining("V1__movement.sql, then ")
        .hasMessageContaining("V2__time.sql, then ")
        .hasMessageContaining("V3__life.sql, then ")
        .hasMessageContaining("V4__headers.sql");
  }

  @Test
  void newerThatStillServesIsWelcome() {
    postgres.store(TestPostgres.dataSource()).build().open();
    postgres.execute("INSERT INTO escapement_schema (version, serves) VALUES (5, 4)");

    Movement.on(validating().build()).round();
  }

  @Test
  void tooNewIsAnErrorWhateverThePolicy() {
    postgres.store(TestPostgres.dataSource()).build().open();
    postgres.execute("INSERT INTO escapement_schema (version, serves) VALUES (6, 5)");

    for (SchemaPolicy policy : SchemaPolicy.values()) {
      assertThatThrownBy(() -> validating().migrate(policy).build().open())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("of version 6")
          .hasMessageContaining("serves code from version 5")
          .hasMessageContaining("Use a newer escapement-jdbc-store");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1st_",
        "a-b",
        "a b",
        "x;DROP TABLE y",
        "é_",
        "a\u0000",
        "a1234567890123456789012345678901"
      })
  void aPrefixOrSchemaThatIsNoIdentifierIsRefused(String name) {
    JdbcStore.Builder builder = JdbcStore.builder(TestPostgres.dataSource());

    assertThatThrownBy(() -> builder.tablePrefix(name))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("table prefix");
    assertThatThrownBy(() -> builder.schema(name))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void theLongestPrefixAndSchemaWork() {
    String longest = "p23456789012345678901234567890_";
    Movement.on(postgres.store(TestPostgres.dataSource()).tablePrefix(longest).build()).round();
    Movement.on(JdbcStore.builder(h2("longest")).schema(longest).tablePrefix(longest).build())
        .round();
  }
}
