package dev.escapement.torture;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of the torture run: everything at once, for some seconds. */
class ShortTortureTest {

  private static final Duration LENGTH = Duration.ofSeconds(15);

  @Test
  void everyPromiseIsKeptOnPostgres() throws Exception {
    Given.onPostgres("short, PostgreSQL", plan(Faults.ofPostgres()));
  }

  @Test
  void everyPromiseIsKeptOnH2() throws Exception {
    try (DatabaseServer database = new H2Database()) {
      Given.run("short, H2", plan(Faults.ofH2()), database);
    }
  }

  private static Torture.Plan plan(List<Fault> faults) {
    return new Torture.Plan(
        Given.SEED, LENGTH, 2, Duration.ofMillis(700), faults, Given.QUICK, Given.RATE);
  }
}
