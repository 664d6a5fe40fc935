package dev.escapement.speed.measure;

import dev.escapement.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, ours or somebody's, and databases on it that are made and dropped. */
public final class Server implements AutoCloseable {

  private static final List<String> TELLING =
      List.of(
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_level",
          "shared_buffers",
          "max_wal_size",
          "autovacuum");

  private final @Nullable PostgresServer own;
  private final String url;
  private int made;

  private Server(@Nullable PostgresServer own, String url) {
    this.own = own;
    this.url = url;
  }

  /** Starts one, with all settings as they come: durable. */
  public static Server own() {
    PostgresServer started = PostgresServer.start(Map.of());
    return new Server(started, started.url());
  }

  /**
   * One that runs.
   *
   * @param url of JDBC, of a database in which databases may be made
   */
  public static Server at(String url) {
    return new Server(null, url);
  }

  /** The process that all others of it descend from; 0 if it isn't ours. */
  public long process() {
    return own == null ? 0 : own.pid();
  }

  /** Makes a database. */
  public Fresh fresh() throws SQLException {
    String name = "escapement_speed_" + ProcessHandle.current().pid() + "_" + made++;
    run("CREATE DATABASE " + name);
    return new Fresh(name);
  }

  /** A new database, dropped when it is closed. */
  public final class Fresh implements AutoCloseable {

    private final String name;

    private Fresh(String name) {
      this.name = name;
    }

    /** Its URL of JDBC. */
    public String url() {
      int question = url.indexOf('?');
      String base = question < 0 ? url : url.substring(0, question);
      String rest = question < 0 ? "" : url.substring(question);
      return base.substring(0, base.lastIndexOf('/') + 1) + name + rest;
    }

    @Override
    public void close() throws SQLException {
      run("DROP DATABASE " + name + " WITH (FORCE)");
    }
  }

  /** What it is and how it is set, for reports. */
  public Map<String, String> settings() throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String name : TELLING) {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
          row.next();
          settings.put(name, row.getString(1));
        }
      }
    }
    return settings;
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
