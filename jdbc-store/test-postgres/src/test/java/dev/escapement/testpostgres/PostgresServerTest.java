package dev.escapement.testpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.testpostgres.PostgresServer.Stop;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class PostgresServerTest {

  private final PostgresServer server = PostgresServer.start(Map.of("max_connections", "301"));

  @AfterAll
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasCommittedIsThereAfterARestart(Stop how) throws SQLException {
    long first = server.pid();
    int logged = server.log().length();
    execute("CREATE TABLE kept_" + how + " AS SELECT 7 AS number");
    try (Connection open = DriverManager.getConnection(server.url())) {
      server.stop(how);
      assertThat(open.isValid(5)).isFalse();
    }
    assertThatThrownBy(() -> DriverManager.getConnection(server.url()))
        .isInstanceOf(SQLException.class);

    server.start();

    assertThat(ask(server, "SELECT number FROM kept_" + how)).isEqualTo("7");
    assertThat(ask(server, "SHOW max_connections")).isEqualTo("301");
    assertThat(ask(server, "SHOW fsync")).isEqualTo("on");
    assertThat(server.pid()).isNotEqualTo(first);
    assertThat(server.log().substring(logged).contains("not properly shut down"))
        .isEqualTo(how != Stop.FAST);
  }

  /** Last, for it closes what the others need. */
  @Test
  @Order(Integer.MAX_VALUE)
  void nothingIsLeftAfterwards() throws SQLException {
    Path data = Path.of(ask(server, "SHOW data_directory"));
    long pid = server.pid();
    assertThat(data).exists();

    server.close();
    server.close();

    assertThat(data.resolveSibling("")).doesNotExist();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void nothingIsLeftWhenTheJvmIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = jvm.inputReader()) {
      String url = out.readLine();
      Path data = Path.of(out.readLine());
      DriverManager.getConnection(url).close();

      jvm.destroyForcibly().waitFor();

      while (Files.exists(data.resolveSibling(""))) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void whatItCannotUnderstandIsInTheError() {
    assertThatThrownBy(() -> PostgresServer.start(Map.of("no_such_setting", "1")))
        .hasStackTraceContaining("unrecognized configuration parameter \"no_such_setting\"");
  }

  /** Starts a server, says where, and waits to be killed. */
  static final class Owner {
    private Owner() {}

    @SuppressWarnings("resource")
    public static void main(String[] args) throws Exception {
      PostgresServer server = PostgresServer.start(Map.of());
      System.out.println(server.url());
      System.out.println(ask(server, "SHOW data_directory"));
      Thread.currentThread().join();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
