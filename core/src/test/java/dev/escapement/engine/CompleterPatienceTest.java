package dev.escapement.engine;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.engine.FaultyStore.Fault;
import dev.escapement.policy.Retry;
import dev.escapement.store.BusyStoreException;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.Completion;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Ends of runs whose row, or something else that they need, somebody holds for a while. */
class CompleterPatienceTest {

  private static final Job<?> GOOD = Job.of(JobType.of("good"), context -> {});
  private static final Job<?> BAD =
      Job.of(
              JobType.of("bad"),
              context -> {
                throw new IllegalStateException("with details");
              })
          .retry(Retry.none());

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench bench = Bench.opened(clock, memory, "node", GOOD, BAD);

  private TriggerId ended(String job) {
    TriggerId id = bench.enqueue(job);
    bench.poller.turn();
    bench.work();
    return id;
  }

  private List<TriggerId> ended(Bench node, String job, int count) {
    List<TriggerId> ids = node.enqueue(job, count);
    node.poller.turn();
    node.work();
    return ids;
  }

  private void assertWrittenOnce(TriggerId id) {
    assertThat(bench.isGone(id)).isTrue();
    assertThat(bench.history(id)).containsExactly(Outcome.SUCCEEDED);
    assertThat(bench.settled).extracting(Run::triggerId).containsOnlyOnce(id);
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(bench.counters.fenced.sum()).isZero();
    assertThat(bench.holdings.guards().size()).isZero();
  }

  private static Predicate<Completion> detailed(TriggerId id) {
    return completion -> {
      Failure failure = completion.ending().failure();
      return completion.guard().id().equals(id) && failure != null && !failure.trace().isEmpty();
    };
  }

  @Test
  void anOutcomeWhoseRowIsPassedOverIsWrittenSoonAfterItIsFree() {
    List<TriggerId> ids = ended(bench, "good", 5);
    Set<TriggerId> held = Set.of(ids.get(1), ids.get(3));
    bench.store.held = held;
    long wait = bench.completer.turn();
    assertThat(wait).as("it is left alone for a moment").isBetween(0L, MILLISECONDS.toNanos(250));
    assertThat(bench.settled).hasSize(3);
    assertThat(bench.holdings.guards()).as("they count as held").hasSize(2);
    for (int looks = 0; looks < 5; looks++) {
      turnUntilTheyAreTried();
    }
    assertThat(bench.store.batches).as("together").containsExactly(5, 2, 2, 2, 2, 2);
    assertThat(bench.counters.fenced.sum()).isZero();

    TriggerId other = ended("good");
    bench.completer.turn();
    assertThat(bench.isGone(other)).as("another one needn't wait for them").isTrue();

    bench.store.held = Set.of();
    clock.pass(Duration.ofMillis(250));
    bench.completer.turn();
    assertThat(held).allMatch(bench::isGone);
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(6);
    assertThat(bench.holdings.guards()).isEmpty();
  }

  /** Takes turns like a loop, until a call has been made. */
  private void turnUntilTheyAreTried() {
    int before = calls();
    long sleep = bench.completer.turn();
    for (int turns = 1; calls() == before; turns++) {
      assertThat(turns).as("turns without a call").isLessThan(10);
      clock.pass(Duration.ofNanos(sleep));
      sleep = bench.completer.turn();
    }
  }

  private int calls() {
    return bench.store.batches.size() + bench.store.inTurn.size();
  }

  @Test
  void anOutcomeThatIsPassedOverForLongIsTriedFourTimesASecond() {
    TriggerId id = ended("good");
    bench.store.held = Set.of(id);
    bench.store.heldInTurn = Set.of(id);
    List<Long> waits = new ArrayList<>();
    for (int looks = 0; looks < 60; looks++) {
      long wait = bench.completer.turn();
      waits.add(NANOSECONDS.toMillis(wait));
      clock.pass(Duration.ofNanos(wait));
    }
    assertThat(waits.subList(0, 9)).containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L);
    assertThat(waits.subList(9, 60)).containsOnly(250L);
    assertThat(bench.store.inTurn).as("waited for, of 13 s").hasSizeBetween(5, 13);
  }

  @Test
  void anOutcomeThatIsPassedOverForASecondWaitsForItsRow() {
    TriggerId id = ended("good");
    bench.store.held = Set.of(id);
    long began = clock.getAsLong();
    while (bench.store.inTurn.isEmpty()) {
      turnUntilTheyAreTried();
    }
    assertThat(clock.getAsLong() - began)
        .isBetween(SECONDS.toNanos(1), SECONDS.toNanos(1) + MILLISECONDS.toNanos(250));
    assertWrittenOnce(id);
  }

  @Test
  void onlyOneWaitsForItsRowAtATimeAndEachInItsTurnAndTheOthersGoOn() {
    List<TriggerId> ids = ended(bench, "good", 3);
    bench.store.held = Set.copyOf(ids);
    bench.store.heldInTurn = Set.copyOf(ids);
    long began = clock.getAsLong();
    while (bench.store.inTurn.size() < 9) {
      int waitedFor = bench.store.inTurn.size();
      turnUntilTheyAreTried();
      assertThat(bench.store.inTurn.size() - waitedFor).isLessThanOrEqualTo(1);
      if (bench.store.inTurn.size() > waitedFor) {
        TriggerId other = ended("good");
        bench.completer.turn();
        assertThat(bench.isGone(other)).isTrue();
      }
    }
    assertThat(bench.store.inTurn.subList(0, 3)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(bench.store.inTurn).containsAll(ids);
    assertThat(clock.getAsLong() - began).isGreaterThan(SECONDS.toNanos(9));
    assertThat(bench.counters.fenced.sum()).isZero();
  }

  @Test
  void anOutcomeThatIsPassedOverKeepsNoWorkerFromTheNextRun() {
    Bench single = new Bench(clock, memory, "single", 1, List.of(GOOD));
    single.heart.open();
    TriggerId held = ended(single, "good", 1).get(0);
    clock.pass(Duration.ofSeconds(1));
    single.store.held = Set.of(held);
    assertThat(single.pools.anyDemand(Set.of())).as("before it is known").isFalse();
    single.completer.turn();
    List<TriggerId> others = ended(single, "good", 1);
    single.completer.turn();
    assertThat(others).allMatch(single::isGone);
    assertThat(single.isRunning(held)).isTrue();

    single.store.held = Set.of();
    clock.pass(Duration.ofSeconds(1));
    single.completer.turn();
    assertThat(single.isGone(held)).isTrue();
    assertThat(single.pools.demands(Set.of(), clock.getAsLong()))
        .extracting(ClaimRequest.Demand::limit)
        .containsExactly(1);
  }

  @Test
  void oneThatWasRefusedWithItsDetailsIsNeverTriedWithThemAgain() {
    TriggerId id = ended("bad");
    List<Boolean> tries = new ArrayList<>();
    bench.store.refused =
        completion -> {
          boolean detailed = detailed(id).test(completion);
          tries.add(detailed);
          if (!detailed && tries.size() < 4) {
            throw new BusyStoreException("held by a test", null);
          }
          return detailed;
        };
    for (int turns = 0; turns < 3; turns++) {
      bench.completer.turn();
      clock.pass(Duration.ofSeconds(2));
    }
    assertThat(tries).containsExactly(true, false, false, false);
    assertThat(bench.history(id)).containsExactly(Outcome.FAILED);
  }

  @Test
  void anUnknownCommitThatIsPassedOverAfterwardsIsFoundInTheHistory() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    bench.store.held = Set.of(id);
    turnUntilTheyAreTried();
    assertThat(bench.settled).isEmpty();
    bench.store.held = Set.of();
    turnUntilTheyAreTried();
    assertWrittenOnce(id);
  }

  @Test
  void anOutcomeThatBlocksTheStoreKeepsNoOtherWaiting() {
    List<TriggerId> ids = ended(bench, "good", 3);
    TriggerId held = ids.get(1);
    bench.store.refused =
        completion -> {
          if (completion.guard().id().equals(held)) {
            throw new BusyStoreException("held by a test", null);
          }
          return false;
        };
    assertThat(bench.completer.turn()).as("it is left alone for a while").isPositive();
    assertThat(bench.isGone(ids.get(0)) && bench.isGone(ids.get(2))).isTrue();
    assertThat(bench.isRunning(held)).isTrue();
    bench.store.refused = completion -> false;
    clock.pass(Duration.ofSeconds(2));
    bench.completer.turn();
    assertThat(bench.isGone(held)).isTrue();
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(3);
  }
}
