package dev.escapement.torture;

import dev.escapement.testpostgres.PostgresServer;
import dev.escapement.testpostgres.PostgresServer.Stop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** PostgreSQL, as durable as by default. */
final class PostgresDatabase implements DatabaseServer {

  private static final String BACKENDS =
      """
      SELECT pid
      FROM pg_stat_activity
      WHERE starts_with(application_name, ?) AND pid <> pg_backend_pid()
      ORDER BY pid
      """;

  private final PostgresServer server;

  /**
   * Starts it.
   *
   * @param settings others than PostgreSQL's own
   */
  PostgresDatabase(Map<String, String> settings) {
    this.server = PostgresServer.start(settings);
  }

  @Override
  public String url(int port) {
    return server.url(port);
  }

  @Override
  public String url(int port, String application) {
    return server.url(port) + "&ApplicationName=" + application;
  }

  @Override
  public Proxy proxy(RandomGenerator random) {
    return Proxy.toPostgres(port(), random);
  }

  @Override
  public int port() {
    return server.port();
  }

  /** The process that all others of the server descend from, while it is up. */
  long pid() {
    return server.pid();
  }

  /** Doesn't go through anyone who passes on. */
  @Override
  public int endConnections(String application, double share, RandomGenerator random)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url())) {
      int ended = 0;
      for (int backend : backends(connection, application)) {
        if (random.nextDouble() < share && terminate(connection, backend)) {
          ended++;
        }
      }
      return ended;
    }
  }

  private static List<Integer> backends(Connection connection, String application)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BACKENDS)) {
      query.setString(1, application);
      try (ResultSet rows = query.executeQuery()) {
        List<Integer> found = new ArrayList<>();
        while (rows.next()) {
          found.add(rows.getInt(1));
        }
        return found;
      }
    }
  }

  private static boolean terminate(Connection connection, int backend) throws SQLException {
    try (PreparedStatement call = connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
      call.setInt(1, backend);
      try (ResultSet row = call.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  @Override
  public void stop(Stop how) {
    server.stop(how);
  }

  @Override
  public void start() {
    server.start();
  }

  @Override
  public void close() {
    server.close();
  }
}
