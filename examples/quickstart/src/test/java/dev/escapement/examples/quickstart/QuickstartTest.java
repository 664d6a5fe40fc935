package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickstartTest {

  @TempDir Path directory;

  @Test
  @Timeout(90)
  void keepsEveryPromise() {
    assertThat(Quickstart.run("--replicas", "2", "--seconds", "5")).isZero();
  }

  @Test
  @Timeout(90)
  void keepsEveryPromiseOnRedisAndLeavesNothingThere() {
    try (RedisServer server = RedisServer.start(Map.of())) {
      assertThat(Quickstart.run("--redis", server.url(), "--replicas", "2", "--seconds", "5"))
          .isZero();
      RedisClient client = RedisClient.create(server.url());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        assertThat(connection.sync().dbsize()).isZero();
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--replicas 1",
        "--replicas 21",
        "--replicas three",
        "--seconds 4",
        "--seconds 601",
        "--postgres jdbc:mysql://localhost/test",
        "--redis http://localhost",
        "--redis redis-sentinel://localhost",
        "--redis redis://localhost --postgres jdbc:postgresql://localhost/test",
        "--unknown",
        "--execute",
        "--crontab crontab --input places.csv",
        "--crontab pom.xml",
        "--crontab crontab --seconds 4",
        "surplus",
      })
  void refusesWrongOptions(String arguments) {
    assertThat(Quickstart.run(arguments.split(" "))).isEqualTo(2);
  }

  @Test
  void refusesAnInputFileThatIsNotThere() {
    Path missing = directory.resolve("missing.csv");

    assertThat(Quickstart.run("--input", missing.toString())).isEqualTo(2);
  }

  @Test
  @Timeout(90)
  void runsACrontab() {
    assertThat(Quickstart.run("--crontab", "crontab", "--replicas", "2", "--seconds", "5"))
        .isZero();
  }

  @Test
  void refusesACrontabThatIsNotThere() {
    Path missing = directory.resolve("missing");

    assertThat(Quickstart.run("--crontab", missing.toString())).isEqualTo(2);
  }

  @Test
  void saysThatAServerIsNotThere() {
    assertThat(Quickstart.run("--postgres", "jdbc:postgresql://127.0.0.1:1/test?connectTimeout=1"))
        .isEqualTo(1);
    assertThat(Quickstart.run("--redis", "redis://127.0.0.1:1")).isEqualTo(1);
  }
}
