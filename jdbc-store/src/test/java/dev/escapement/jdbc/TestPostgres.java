package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL, started once for each JVM, or an own one whose URL stands in {@code
 * ESCAPEMENT_TEST_POSTGRES_URL} (environment, or system property of that name). Each instance is a
 * schema of its own in it, while it is open.
 */
final class TestPostgres implements AutoCloseable {

  private static final String OWN = "ESCAPEMENT_TEST_POSTGRES_URL";
  private static final String RUN =
      Long.toString(System.currentTimeMillis(), 36) + "_" + ProcessHandle.current().pid();
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Schemas whose tables are there and empty. */
  private static final Deque<String> EMPTIED = new ConcurrentLinkedDeque<>();

  private static final String EMPTY =
      """
      DELETE FROM escapement_trigger;
      DELETE FROM escapement_checkpoint;
      DELETE FROM escapement_execution;
      DELETE FROM escapement_declaration;
      DELETE FROM escapement_handler;
      DELETE FROM escapement_job;
      DELETE FROM escapement_node;
      DELETE FROM escapement_queue;
      DELETE FROM escapement_control;
      INSERT INTO escapement_control (epoch) VALUES (0);
      """;

  private final String schema;
  private final boolean reused;

  TestPostgres() {
    this("test_" + RUN + "_" + COUNT.incrementAndGet(), false);
  }

  private TestPostgres(String schema, boolean reused) {
    this.schema = schema;
    this.reused = reused;
  }

  /**
   * One whose schema may have served another test, which has emptied it: making one takes longer
   * than most tests. Only for who leaves the tables as they are.
   */
  static TestPostgres reused() {
    String emptied = EMPTIED.poll();
    return new TestPostgres(emptied == null ? new TestPostgres().schema : emptied, true);
  }

  private static final class Server {
    static final String URL = start();

    /** It goes when the JVM does. Nothing in it must outlive the machine. */
    private static String start() {
      String own = System.getProperty(OWN, System.getenv(OWN));
      if (own != null) {
        Runtime.getRuntime().addShutdownHook(new Thread(Server::dropEmptied));
        return own;
      }
      return PostgresServer.start(
              Map.of("fsync", "off", "shared_preload_libraries", "pg_stat_statements"))
          .url();
    }

    private static void dropEmptied() {
      EMPTIED.forEach(schema -> new TestPostgres(schema, false).drop());
    }
  }

  /** The schema of this instance; it isn't there before something is migrated. */
  String schema() {
    return schema;
  }

  /** Unpooled: a new connection each time. */
  static PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(Server.URL);
    return source;
  }

  /** A pool of its own; for the caller to close. */
  static HikariDataSource pool(int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(dataSource());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  /** A builder of stores in this schema, which applies migrations. */
  JdbcStore.Builder store(DataSource source) {
    return JdbcStore.builder(source).schema(schema).migrate(SchemaPolicy.APPLY);
  }

  /** Runs statements in this schema. */
  void execute(String... statements) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
      statement.execute("SET search_path TO " + schema);
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (reused) {
      execute(EMPTY);
      EMPTIED.push(schema);
    } else {
      drop();
    }
  }

  private void drop() {
    execute("DROP SCHEMA " + schema + " CASCADE");
  }
}
