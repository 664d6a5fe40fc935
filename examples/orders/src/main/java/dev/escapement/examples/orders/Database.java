package dev.escapement.examples.orders;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.tools.Server;

/** The one database of all processes, for as long as the story lasts. It leaves nothing behind. */
final class Database implements AutoCloseable {

  private static final String URL = "ORDERS_URL";
  private static final String SCHEMA = "ORDERS_SCHEMA";

  private final String description;
  private final String url;
  private final String schema;
  private final Cleanup cleanup;
  private final AtomicBoolean closed = new AtomicBoolean();

  @FunctionalInterface
  private interface Cleanup {
    void run() throws SQLException;
  }

  private Database(String description, String url, String schema, Cleanup cleanup) {
    this.description = description;
    this.url = url;
    this.schema = schema;
    this.cleanup = cleanup;
  }

  /**
   * H2, in the memory of this process, served to the offices on a free port of the loopback
   * interface (on all interfaces, were it not for the property). It has a random password.
   */
  static Database embedded() throws SQLException {
    System.setProperty("h2.bindAddress", "127.0.0.1");
    String credentials = ";USER=orders;PASSWORD=" + UUID.randomUUID();
    String name = "mem:orders-" + UUID.randomUUID();
    Connection keepsItAlive =
        DriverManager.getConnection("jdbc:h2:" + name + ";DB_CLOSE_ON_EXIT=FALSE" + credentials);
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    return new Database(
        "H2 in this process, port " + server.getPort(),
        "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + name + credentials,
        "PUBLIC",
        () -> {
          server.stop();
          keepsItAlive.close();
        });
  }

  /** A PostgreSQL server of the user's: a schema of our own there, dropped at the end. */
  static Database postgres(String url) throws SQLException {
    String schema =
        "escapement_orders_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    try (Connection connection = DriverManager.getConnection(url)) {
      Sql.run(connection, "CREATE SCHEMA " + schema);
      return new Database("PostgreSQL, schema " + schema, url, schema, () -> drop(url, schema));
    }
  }

  private static void drop(String url, String schema) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      Sql.run(connection, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
  }

  /** The pool of this process. */
  HikariDataSource connect(int connections) {
    return connect(url, schema, connections);
  }

  /** The pool of a process to which {@link #putInto} has told how to reach the database. */
  static HikariDataSource connect(Map<String, String> environment, int connections) {
    return connect(
        Objects.requireNonNull(environment.get(URL), URL),
        Objects.requireNonNull(environment.get(SCHEMA), SCHEMA),
        connections);
  }

  private static HikariDataSource connect(String url, String schema, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setSchema(schema);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** The URL bears the password, and command lines can be read by everybody. */
  void putInto(Map<String, String> environment) {
    environment.put(URL, url);
    environment.put(SCHEMA, schema);
  }

  /** Idempotent. */
  @Override
  public void close() throws SQLException {
    if (closed.compareAndSet(false, true)) {
      cleanup.run();
    }
  }

  /** What and where it is, without credentials. */
  @Override
  public String toString() {
    return description;
  }
}
