package dev.escapement.examples.spring.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances as processes, asked over HTTP. */
class StoryTest {

  private static final String NOBODY = "jdbc:postgresql://127.0.0.1:1/test?connectTimeout=1";

  @Test
  @Timeout(180)
  void keepsEveryPromise() {
    assertThat(Story.run()).isZero();
  }

  @Test
  @Timeout(180)
  @EnabledIfEnvironmentVariable(named = "ESCAPEMENT_TEST_POSTGRES_URL", matches = ".+")
  void keepsEveryPromiseOnPostgres() {
    String url = System.getenv("ESCAPEMENT_TEST_POSTGRES_URL");

    assertThat(Story.run("--postgres", url)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unknown",
        "surplus",
        "--postgres",
        "--postgres jdbc:mysql://localhost/test",
        "--postgres " + NOBODY,
      })
  void refusesWrongOptionsAndSaysSo(String arguments) {
    PrintStream standard = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(Story.run(arguments.split(" "))).isEqualTo(2);
    } finally {
      System.setErr(standard);
    }
    assertThat(said.toString(UTF_8))
        .containsPattern("(?m)^spring-boot: \\S.*\nIts options: --help\n$");
  }
}
