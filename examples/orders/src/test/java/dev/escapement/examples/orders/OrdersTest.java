package dev.escapement.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrdersTest {

  private static final String NOBODY = "jdbc:postgresql://127.0.0.1:1/test?connectTimeout=1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unknown",
        "surplus",
        "--postgres",
        "--postgres jdbc:mysql://localhost/test",
        "--postgres " + NOBODY,
        "--postgres jdbc:postgresql:///?port=no",
      })
  void refusesWrongOptionsAndSaysSo(String arguments) {
    PrintStream standard = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(Orders.run(arguments.split(" "))).isEqualTo(2);
    } finally {
      System.setErr(standard);
    }
    assertThat(said.toString(UTF_8)).containsPattern("(?m)^orders: \\S.*\nIts options: --help\n$");
  }

  @Test
  @Timeout(120)
  @EnabledIfEnvironmentVariable(named = "ESCAPEMENT_TEST_POSTGRES_URL", matches = ".+")
  void keepsEveryPromiseOnPostgres() {
    String url = System.getenv("ESCAPEMENT_TEST_POSTGRES_URL");

    assertThat(Orders.run("--postgres", url)).isZero();
  }
}
