package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest.Demand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two queues that share ten workers, three to one. */
class SharingTest {

  private static final Logger LOG = LoggerFactory.getLogger(SharingTest.class);
  private static final Serving THREE_TO_ONE =
      new Serving(
          Set.of("mail", "bulk"),
          1,
          Map.of(),
          List.of(
              new Serving.Shared(Overload.WORKERS, new TreeMap<>(Map.of("mail", 3, "bulk", 1)))),
          Duration.ofMinutes(1));

  private final Overload overload =
      new Overload(
          THREE_TO_ONE,
          new Overload.Kind("mail", "mail", Priority.NORMAL),
          new Overload.Kind("bulk", "bulk", Priority.NORMAL));

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      overload.tick();
    }
    LOG.info("runs {}", overload.runs);
  }

  private List<Demand> asked(int request) {
    return overload.bench.store.requests.get(request).demands();
  }

  @Test
  void runsStartInProportionToTheWeightsWhileAllHaveWork() {
    overload.bench.enqueue("mail", 10_000);
    overload.bench.enqueue("bulk", 10_000);
    ticks(1_000);
    assertThat(overload.allRuns()).isEqualTo(10_000);
    assertThat(overload.runs("mail")).isBetween(7_450, 7_550);
    assertThat(overload.runs("bulk")).isBetween(2_450, 2_550);
  }

  @Test
  void allDemandsTogetherAreNeverMoreThanTheFreeSlots() {
    overload.bench.enqueue("mail", 100);
    overload.bench.enqueue("bulk", 1_000);
    ticks(100);
    assertThat(overload.asked())
        .allSatisfy(asked -> assertThat(asked).isLessThanOrEqualTo(Overload.WORKERS));
    assertThat(overload.allRuns()).isEqualTo(1_000);
  }

  @Test
  void aQueueWithoutWorkCostsTheOtherNothing() {
    overload.bench.enqueue("bulk", 5_000);
    ticks(500);
    assertThat(overload.runs("bulk")).as("all slots, always").isEqualTo(5_000);
    assertThat(overload.bench.store.requests.size())
        .as("claims: one for each tick, and few besides for each poll")
        .isLessThanOrEqualTo(500 + 3 * 50);
  }

  @Test
  void aShareThatWasNotUsedGoesToTheOtherAtOnceAndUntilTheNextPoll() {
    overload.bench.enqueue("bulk", 30);
    ticks(1);
    assertThat(overload.runs("bulk")).isEqualTo(10);
    assertThat(asked(0)).contains(new Demand("mail", 7), new Demand("bulk", 3));
    assertThat(asked(1)).contains(new Demand("mail", 0));
    int before = overload.bench.store.requests.size();
    ticks(1);
    assertThat(asked(before)).contains(new Demand("mail", 0));
    assertThat(overload.runs("bulk")).isEqualTo(20);
  }

  @Test
  void aQueueThatHadNothingIsAskedAgainWithinOnePoll() {
    overload.bench.enqueue("bulk", 5_000);
    ticks(3);
    overload.bench.enqueue("mail", 5_000);
    ticks(12);
    assertThat(overload.runs("mail")).isPositive();
    int mail = overload.runs("mail");
    ticks(100);
    assertThat(overload.runs("mail") - mail).isBetween(740, 760);
  }

  @Test
  void aQueueThatHadNothingIsAskedAtOnceWhenThereIsNews() {
    overload.bench.enqueue("bulk", 5_000);
    ticks(3);
    overload.bench.enqueue("mail", 5_000);
    overload.bench.poller.wake();
    ticks(1);
    assertThat(overload.runs("mail")).isBetween(7, 8);
  }

  @Test
  void aQueueThatHadNothingIsAskedWhenItsNextIsDue() {
    overload
        .bench
        .store
        .triggers()
        .enqueue(List.of(Given.oneTime("mail", Due.in(Duration.ofMillis(300)))));
    overload.bench.enqueue("bulk", 5_000);
    ticks(3);
    assertThat(overload.runs("mail")).isEqualTo(1);
    assertThat(overload.longestWait("mail")).isZero();
  }

  @Test
  void aPausedQueueLeavesItsShareToTheOther() {
    overload.bench.enqueue("bulk", 5_000);
    overload.bench.enqueue("mail", 5_000);
    overload.bench.store.queues().pause("mail", true);
    overload.bench.declarations.refresh();
    ticks(100);
    assertThat(overload.runs).isEqualTo(Map.of("bulk", 1_000));
    overload.bench.store.queues().pause("mail", false);
    overload.bench.declarations.refresh();
    ticks(100);
    assertThat(overload.runs("mail")).isBetween(745, 755);
  }

  @Test
  void prioritiesAgeWithinEachShare() {
    Overload mixed =
        new Overload(
            THREE_TO_ONE,
            new Overload.Kind("mail", "mail", Priority.HIGH),
            new Overload.Kind("digest", "mail", Priority.LOW),
            new Overload.Kind("bulk", "bulk", Priority.NORMAL));
    mixed.bench.enqueue("mail", 20_000);
    mixed.bench.enqueue("bulk", 20_000);
    mixed.bench.enqueue("digest", 20_000);
    for (int i = 0; i < 1_600; i++) {
      mixed.tick();
    }
    LOG.info("runs {}", mixed.runs);
    assertThat(mixed.runs("digest")).as("a tenth of 7,500, after a minute").isBetween(700, 760);
    assertThat(mixed.runs("bulk")).isBetween(3_950, 4_050);
  }
}
