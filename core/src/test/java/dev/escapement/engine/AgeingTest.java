package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No priority starves: five minutes in which there are twice as many HIGH jobs as can be run, two
 * hundred a second where a hundred can, with others between them.
 */
class AgeingTest {

  private static final Logger LOG = LoggerFactory.getLogger(AgeingTest.class);
  private static final int SECONDS = 300;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Overload overload(Duration ageing) {
    return new Overload(
        new Serving(Set.of(Given.QUEUE), Overload.WORKERS, Map.of(), List.of(), ageing),
        new Overload.Kind("high", Given.QUEUE, Priority.HIGH),
        new Overload.Kind("normal", Given.QUEUE, Priority.NORMAL),
        new Overload.Kind("low", Given.QUEUE, Priority.LOW));
  }

  /** So many a second, besides twice as many HIGH ones as can be run. */
  private static void flood(Overload overload, int normal, int low) {
    for (int second = 0; second < SECONDS; second++) {
      overload.bench.enqueue("normal", normal);
      overload.bench.enqueue("low", low);
      for (int tick = 0; tick < Overload.TICKS_PER_SECOND; tick++) {
        overload.bench.enqueue("high", 2 * Overload.WORKERS);
        overload.tick();
      }
    }
    LOG.info("runs {}, longest waits {}", overload.runs, overload.longest);
    assertThat(overload.allRuns())
        .as("no slot is wasted")
        .isGreaterThanOrEqualTo(SECONDS * Overload.TICKS_PER_SECOND * Overload.WORKERS - 10);
  }

  private static double share(Overload overload, String job) {
    return (double) overload.runs(job) / overload.allRuns();
  }

  @Test
  void aLowJobWaitsLittleLongerThanTheAgeingWhileHighFloods() {
    Overload overload = overload(MINUTE);
    flood(overload, 0, 5);
    assertThat(overload.runs("low")).isGreaterThanOrEqualTo(5 * (SECONDS - 62));
    assertThat(overload.longestWait("low")).isBetween(MINUTE, MINUTE.plusSeconds(2));
    assertThat(share(overload, "high")).isGreaterThan(0.95);
  }

  @Test
  void aBacklogOfLowJobsTakesNoMoreThanATenth() {
    Overload overload = overload(MINUTE);
    overload.bench.enqueue("low", 5_000);
    flood(overload, 0, 0);
    assertThat(share(overload, "high")).isBetween(0.90, 0.93);
    assertThat(share(overload, "low")).isBetween(0.075, 0.085);
  }

  @Test
  void lowDoesNotStarveNormalNorNormalLow() {
    Overload overload = overload(MINUTE);
    overload.bench.enqueue("low", 5_000);
    flood(overload, 4, 0);
    assertThat(overload.longestWait("normal")).isBetween(MINUTE, MINUTE.plusSeconds(2));
    assertThat(share(overload, "low")).isBetween(0.04, 0.055);
    assertThat(share(overload, "high")).isGreaterThanOrEqualTo(0.90);
  }

  @Test
  void withoutAgeingALowJobWouldNeverRun() {
    Overload overload = overload(Duration.ofDays(1));
    flood(overload, 1, 1);
    assertThat(overload.runs).containsOnlyKeys("high");
  }

  @Test
  void aNodeWithoutContentionAsksForNothingMore() {
    Overload overload = overload(MINUTE);
    for (int second = 0; second < 120; second++) {
      overload.bench.enqueue("high", 5);
      overload.bench.enqueue("low", 4);
      overload.tick();
    }
    assertThat(overload.bench.store.requests)
        .flatExtracting(request -> request.demands())
        .allSatisfy(demand -> assertThat(demand.waited()).isNull());
    assertThat(overload.allRuns()).isEqualTo(120 * 9);
  }
}
