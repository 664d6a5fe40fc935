package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What makes the database slow and must break nothing. */
@Tag("torture")
class BurdenTest {

  /** A million rows that are not due, and a hundred thousand that nobody here can run. */
  @Test
  void othersStayOnTimeBesideAFlood() throws Exception {
    Flood flood = new Flood(1_000_000, 100_000);
    Torture.Plan plan = Given.plan(Duration.ofSeconds(60), List.of(new Once(flood)), Given.QUICK);
    try (DatabaseServer database = new PostgresDatabase(Map.of())) {
      Report report = Given.run(flood.name(), plan, database);

      assertThat(flood.held(database)).isEqualTo(100_000);
      assertThat(report.figures().lateness().at(0.5)).isLessThan(Duration.ofSeconds(1));
    }
  }

  /** A transaction that stays open keeps the dead rows of all others from being cleared. */
  @Test
  void aLongTransactionSlowsAndBreaksNothing() throws Exception {
    try (DatabaseServer database = new PostgresDatabase(Map.of())) {
      BurnDown.Fall fall = new BurnDown(database, Given.QUICK).measure(10_000, 5);
      System.out.println("a long-open transaction: " + fall);

      assertThat(fall.during()).allMatch(rate -> rate > 0);
    }
  }
}
