package dev.escapement.torture;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything at once, for minutes: {@code -Dtorture.minutes=30}. */
@Tag("torture")
class MixedTortureTest {

  private static final Duration LENGTH =
      Duration.ofMinutes(Integer.getInteger("torture.minutes", 10));

  @Test
  void everyPromiseIsKeptOnPostgres() throws Exception {
    Given.onPostgres("mixed, PostgreSQL", plan(LENGTH, Faults.ofPostgres()));
  }

  @Test
  void everyPromiseIsKeptOnH2() throws Exception {
    try (DatabaseServer database = new H2Database()) {
      Given.run("mixed, H2", plan(LENGTH.dividedBy(4), Faults.ofH2()), database);
    }
  }

  private static Torture.Plan plan(Duration length, List<Fault> faults) {
    return new Torture.Plan(
        Given.SEED, length, 2, Duration.ofMillis(1_500), faults, Given.QUICK, Given.RATE);
  }
}
