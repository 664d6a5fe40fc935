package dev.escapement.examples.quickstart;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/**
 * The one database of all replicas, for as long as the quickstart runs. It leaves nothing behind.
 */
final class Database implements AutoCloseable {

  private final String description;
  private final Address address;
  private final Cleanup cleanup;
  private final AtomicBoolean closed = new AtomicBoolean();

  @FunctionalInterface
  private interface Cleanup {
    void run() throws SQLException;
  }

  private Database(String description, Address address, Cleanup cleanup) {
    this.description = description;
    this.address = address;
    this.cleanup = cleanup;
  }

  /**
   * H2, in the memory of this process, served to the replicas on a free port of the loopback
   * interface. H2 itself listens on all interfaces and then turns strangers away; the property
   * makes it listen on this one only. Nobody can make a database through the port, and this one has
   * a random password.
   */
  static Database embedded() throws SQLException {
    return embedded(null);
  }

  /**
   * A Redis server of the user's: keys of our own there for the scheduler's state, deleted at the
   * end. The ledger is in an embedded H2.
   */
  static Database redis(String url) throws SQLException {
    return embedded(RedisAddress.at(url));
  }

  private static Database embedded(@Nullable RedisAddress redis) throws SQLException {
    System.setProperty("h2.bindAddress", "127.0.0.1");
    String credentials = ";USER=quickstart;PASSWORD=" + UUID.randomUUID();
    Connection keepsItAlive =
        DriverManager.getConnection("jdbc:h2:mem:quickstart;DB_CLOSE_ON_EXIT=FALSE" + credentials);
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    String h2 = product(keepsItAlive) + " in this process, port " + server.getPort();
    return new Database(
        redis == null ? h2 : "your Redis, prefix " + redis.prefix() + ", with the ledger in " + h2,
        new Address(
            "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:quickstart" + credentials,
            "PUBLIC",
            redis),
        () -> {
          server.stop();
          keepsItAlive.close();
          if (redis != null) {
            redis.deleteKeys();
          }
        });
  }

  /** A PostgreSQL server of the user's: a schema of our own there, dropped at the end. */
  static Database postgres(String url) throws SQLException {
    String schema =
        "escapement_quickstart_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    try (Connection connection = DriverManager.getConnection(url)) {
      execute(connection, "CREATE SCHEMA " + schema);
      return new Database(
          product(connection) + ", schema " + schema,
          new Address(url, schema, null),
          () -> drop(url, schema));
    }
  }

  private static void drop(String url, String schema) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      execute(connection, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String product(Connection connection) throws SQLException {
    DatabaseMetaData metaData = connection.getMetaData();
    return metaData.getDatabaseProductName()
        + " "
        + metaData.getDatabaseMajorVersion()
        + "."
        + metaData.getDatabaseMinorVersion();
  }

  Address address() {
    return address;
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
