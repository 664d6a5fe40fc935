package dev.escapement.examples.spring.story;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.tools.Server;

/** The one database of both instances, for as long as the story takes. It leaves nothing behind. */
final class Database implements AutoCloseable {

  private final String description;
  private final Map<String, String> settings;
  private final Cleanup cleanup;
  private final AtomicBoolean closed = new AtomicBoolean();

  @FunctionalInterface
  private interface Cleanup {
    void run() throws SQLException;
  }

  private Database(String description, Map<String, String> settings, Cleanup cleanup) {
    this.description = description;
    this.settings = settings;
    this.cleanup = cleanup;
  }

  /**
   * H2, in the memory of this process, served to the instances on a free port of the loopback
   * interface (on all interfaces, were it not for the property). It has a random password.
   */
  static Database embedded() throws SQLException {
    System.setProperty("h2.bindAddress", "127.0.0.1");
    String credentials = ";USER=shop;PASSWORD=" + UUID.randomUUID();
    String name = "mem:shop-" + UUID.randomUUID();
    Connection keepsItAlive =
        DriverManager.getConnection("jdbc:h2:" + name + ";DB_CLOSE_ON_EXIT=FALSE" + credentials);
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    return new Database(
        "H2 in this process, port " + server.getPort(),
        Map.of(
            "SPRING_DATASOURCE_URL",
            "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + name + credentials),
        () -> {
          server.stop();
          keepsItAlive.close();
        });
  }

  /** A PostgreSQL server of the user's: a schema of our own there, dropped at the end. */
  static Database postgres(String url) throws SQLException {
    String schema =
        "escapement_shop_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    execute(url, "CREATE SCHEMA " + schema);
    return new Database(
        "PostgreSQL, schema " + schema,
        Map.of(
            "SPRING_PROFILES_ACTIVE",
            "postgres",
            "SPRING_DATASOURCE_URL",
            url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema),
        () -> execute(url, "DROP SCHEMA IF EXISTS " + schema + " CASCADE"));
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The URL bears the password, and command lines can be read by everybody. */
  void putInto(Map<String, String> environment) {
    environment.putAll(settings);
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
