package dev.escapement.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.escapement.speed.measure.Server;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of measurement, far too small to tell anything. */
class LapTest {

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.own();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, Double> run(
      String scenario, String variant, String peer, boolean counted) throws Exception {
    try (Server.Fresh database = server.fresh()) {
      return new Lap(scenario, variant, peer, database.url(), server.process(), 0.002, counted)
          .run();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "burn-down, 1 replica, escapement",
    "burn-down, 2 replicas, escapement-no-history",
    "burn-down, 1 replica, raw",
    "burn-down, 1 replica, raw-fused",
    "enqueue, one by one, escapement",
    "enqueue, in the caller's transaction, raw",
    "enqueue, in bulk, escapement",
    "deep-table, '1,000,000 future rows', escapement",
    "deep-table, '100,000 due rows of an unknown job', escapement",
    "deep-table, '1,000,000 future rows, jobs of three priorities', escapement",
    "steady, '1 ms, 50 %', escapement"
  })
  void comesToAFigure(String scenario, String variant, String peer) throws Exception {
    Map<String, Double> figures = run(scenario, variant, peer, false);

    assertThat(figures).containsKey("jobs/s");
    assertThat(figures.values()).allMatch(value -> Double.isFinite(value) && value >= 0);
  }

  @Test
  void aCountedOneCounts() throws Exception {
    Map<String, Double> figures = run("burn-down", "1 replica", "raw", true);

    // 200 jobs: two claims, the second of which finds nothing, and one end.
    assertThat(figures)
        .containsOnly(entry("statements/job", 3 / 200.0), entry("commits/job", 3 / 200.0));
  }

  @Test
  void whatIsUnknownIsNamed() {
    assertThatThrownBy(() -> run("burn-up", "1 replica", "raw", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("There is no scenario \"burn-up\"; there are [burn-down, ");
    assertThatThrownBy(() -> run("burn-down", "1 replica", "cron", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("There is no peer \"cron\"; there are [escapement, ");
  }
}
