package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--replicas 1",
        "--replicas 21",
        "--replicas three",
        "--seconds 4",
        "--seconds 601",
        "--postgres jdbc:mysql://localhost/test",
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
  }
}
