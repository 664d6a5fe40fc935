package dev.escapement.spring;

import dev.escapement.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL, started once for each JVM, or an own one whose URL stands in {@code
 * ESCAPEMENT_TEST_POSTGRES_URL}. Each instance is a schema of its own in it.
 */
final class Postgres implements AutoCloseable {

  private static final String OWN = "ESCAPEMENT_TEST_POSTGRES_URL";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String schema =
      "spring_%d_%d_%d"
          .formatted(
              System.currentTimeMillis(), ProcessHandle.current().pid(), COUNT.incrementAndGet());

  private static final class Server {
    static final String URL = start();

    private static String start() {
      String own = System.getProperty(OWN, System.getenv(OWN));
      return own != null ? own : PostgresServer.start(Map.of("fsync", "off")).url();
    }
  }

  Postgres() {
    execute("CREATE SCHEMA " + schema);
  }

  /** Where the schema is what a connection's search path leads to, and has its name. */
  String url() {
    return named(schema);
  }

  private String named(String application) {
    return Server.URL
        + (Server.URL.contains("?") ? "&" : "?")
        + "currentSchema="
        + schema
        + "&ApplicationName="
        + application;
  }

  String schema() {
    return schema;
  }

  /** For an application that uses it. */
  String[] properties(String... others) {
    return Stream.concat(Stream.of("spring.datasource.url=" + url()), Arrays.stream(others))
        .toArray(String[]::new);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(named("test"));
  }

  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long number(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many connections applications have to it. */
  long connections() {
    return number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + schema + "'");
  }

  @Override
  public void close() {
    execute("DROP SCHEMA " + schema + " CASCADE");
  }
}
