package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.testpostgres.PostgresServer.Stop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabaseServerTest {

  @Test
  void whatPostgresCommittedOutlivesItsEnds() throws SQLException {
    try (PostgresDatabase postgres = new PostgresDatabase(Map.of())) {
      outlives(postgres);
      endsBackendsOfWhoeverIsMeant(postgres);
    }
  }

  @Test
  void whatH2CommittedOutlivesItsEnds() throws SQLException {
    try (H2Database h2 = new H2Database()) {
      outlives(h2);
    }
  }

  private static void outlives(DatabaseServer server) throws SQLException {
    execute(server, "CREATE TABLE kept (number INT)");
    for (Stop how : Stop.values()) {
      // Stays open: the end of its last connection makes H2 write what it has.
      Connection open = DriverManager.getConnection(server.url());
      open.createStatement().execute("INSERT INTO kept VALUES (1)");
      server.stop(how);
      assertThatThrownBy(() -> DriverManager.getConnection(server.url()))
          .as("down, %s", how)
          .isInstanceOf(SQLException.class);
      server.start();
    }
    assertThat(count(server)).isEqualTo(Stop.values().length);
    execute(server, "INSERT INTO kept VALUES (1)");
    server.restart(Stop.KILL);
    assertThat(count(server)).isEqualTo(Stop.values().length + 1);
  }

  private static void endsBackendsOfWhoeverIsMeant(PostgresDatabase postgres) throws SQLException {
    int port = postgres.port();
    try (Connection first = DriverManager.getConnection(postgres.url(port, "replica-1"));
        Connection second = DriverManager.getConnection(postgres.url(port, "replica-2"));
        Connection other = DriverManager.getConnection(postgres.url())) {

      assertThat(postgres.endConnections("replica-", 0, new Random(1))).isZero();
      assertThat(postgres.endConnections("replica-2", 1, new Random(1))).isEqualTo(1);
      assertThat(first.isValid(5)).isTrue();
      assertThat(second.isValid(5)).isFalse();

      assertThat(postgres.endConnections("replica-", 1, new Random(1))).isEqualTo(1);
      assertThat(first.isValid(5)).isFalse();
      assertThat(other.isValid(5)).isTrue();
    }
  }

  private static void execute(DatabaseServer server, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(DatabaseServer server) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
      row.next();
      return row.getInt(1);
    }
  }
}
