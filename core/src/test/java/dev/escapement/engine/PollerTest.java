package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.engine.FaultyStore.Fault;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Position;
import dev.escapement.store.Request;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollerTest {

  private static final Job<?> JOB = Job.of(JobType.of("job"), context -> {});
  private static final long POLL = Given.TIMING.poll().toNanos();

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench bench = Bench.opened(clock, memory, "node", JOB);

  private void dueIn(Duration delay) {
    bench.store.triggers().enqueue(List.of(Given.oneTime("job", Due.in(delay))));
  }

  private int limit(int request) {
    return bench.store.requests.get(request).demands().stream()
        .mapToInt(ClaimRequest.Demand::limit)
        .sum();
  }

  @Test
  void withNothingDueItSleepsForOnePoll() {
    assertThat(bench.poller.turn()).isEqualTo(POLL);
  }

  @Test
  void itSleepsToTheNextDueAndNeverLongerThanAPoll() {
    dueIn(Duration.ofSeconds(5));
    assertThat(bench.poller.turn()).isEqualTo(POLL);
    dueIn(Duration.ofMillis(400));
    assertThat(bench.poller.turn()).isEqualTo(Duration.ofMillis(400).toNanos());
    clock.pass(Duration.ofNanos(399_999_000));
    assertThat(bench.poller.turn()).as("never early").isEqualTo(1_000);
    assertThat(bench.holdings.guards().size()).isZero();
    clock.pass(Duration.ofNanos(1_000));
    bench.poller.turn();
    assertThat(bench.holdings.guards().size()).isEqualTo(1);
  }

  @Test
  void itAsksForWhatThereIsRoomForAndForNoneWithoutRoom() {
    bench.enqueue("job", 14);
    assertThat(bench.poller.turn()).isEqualTo(POLL);
    assertThat(limit(0)).isEqualTo(10);
    bench.poller.turn();
    assertThat(limit(1)).isZero();
    assertThat(bench.counters.claimed.sum()).isEqualTo(10);
  }

  @Test
  void aNodeWithoutRoomHearsAllTheSameThatAJobIsPaused() throws Exception {
    List<String> ran = new ArrayList<>();
    Bench busy =
        Bench.opened(
            clock,
            memory,
            "busy",
            Job.of(JobType.of("long"), context -> ran.add("long")),
            Job.of(JobType.of("short"), context -> ran.add("short")));
    busy.enqueue("long", 10);
    busy.poller.turn();
    busy.audit.turn();
    busy.enqueue("short");
    memory.jobs().pause("short", true);
    clock.pass(Duration.ofSeconds(1));
    assertThat(busy.poller.turn()).as("not oftener than it would sleep").isEqualTo(POLL);
    busy.audit.turn();
    busy.work();
    busy.completer.turn();
    busy.poller.turn();
    busy.work();
    assertThat(ran).hasSize(10).containsOnly("long");
  }

  @Test
  void aFullBatchAsksAgainAtOnceWhereThereIsRoom() {
    bench.enqueue("job", 14);
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    bench.enqueue("job", 100);
    assertThat(bench.poller.turn())
        .as("20 asked for, all won but 2 for lower priorities, and no need for more yet")
        .isEqualTo(POLL);
    assertThat(limit(1)).isEqualTo(20);
    assertThat(bench.holdings.guards().size()).isEqualTo(18);
    bench.work();
    assertThat(bench.holdings.idle()).isTrue();
    bench.completer.turn();
    clock.pass(Duration.ofMillis(1));
    assertThat(bench.poller.turn()).isEqualTo(POLL);
    assertThat(bench.counters.claimed.sum()).isGreaterThan(50);
  }

  @Test
  void aSessionThatIsNotTrustedClaimsNothing() {
    bench.enqueue("job");
    clock.pass(Duration.ofSeconds(18));
    assertThat(bench.poller.turn()).isEqualTo(POLL);
    assertThat(bench.store.requests).isEmpty();
    bench.heart.turn();
    bench.poller.turn();
    assertThat(bench.holdings.guards().size()).isEqualTo(1);
  }

  @Test
  void trustThatLapsesWhileTheAnswerIsUnderWayStartsNothing() {
    TriggerId id = bench.enqueue("job");
    bench.store.underWay = () -> clock.pass(Duration.ofSeconds(18));
    bench.poller.turn();
    bench.work();
    assertThat(bench.isRunning(id)).isTrue();
    assertThat(bench.pools.buffered()).isEqualTo(1);
    assertThat(bench.completer.turn()).as("no outcome").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void itsPositionGoesOnWithEachClaimAndBeginsAnewAfterAWhile() {
    bench.enqueue("job", 3);
    bench.store.underWay = () -> clock.pass(Duration.ofMillis(10));
    bench.poller.turn();
    bench.store.underWay = () -> {};
    bench.poller.turn();
    clock.pass(Duration.ofMillis(89));
    bench.poller.turn();
    clock.pass(Duration.ofMillis(1));
    bench.poller.turn();
    assertThat(bench.store.requests)
        .extracting(ClaimRequest::position)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(Position.START),
            second -> assertThat(second.dues()).containsValue(HandClock.NOON),
            third -> assertThat(third.dues()).containsValue(HandClock.NOON),
            fourth -> assertThat(fourth).isEqualTo(Position.START));
  }

  @Test
  void whileTriggersComeItLooksAgainWhenAFewMoreWillBeThere() {
    clock.pass(Duration.ofMillis(600));
    bench.enqueue("job", 8);
    assertThat(bench.poller.turn()).isEqualTo(Duration.ofMillis(750).toNanos());
    finishAll();
    clock.pass(Duration.ofMillis(750));
    assertThat(bench.poller.turn()).as("none came").isEqualTo(POLL);
    clock.pass(Duration.ofMillis(100));
    bench.enqueue("job");
    assertThat(bench.poller.turn()).as("one says nothing of how many come").isEqualTo(POLL);
    clock.pass(Duration.ofMillis(1));
    bench.enqueue("job", 2);
    assertThat(bench.poller.turn()).as("not too soon").isEqualTo(10_000_000);
    clock.pass(Duration.ofMillis(10));
    assertThat(bench.poller.turn()).as("none just now").isEqualTo(40_000_000);
    clock.pass(Duration.ofMillis(40));
    assertThat(bench.poller.turn()).as("it is over").isEqualTo(POLL);
    finishAll();
    clock.pass(Duration.ofMillis(20));
    bench.enqueue("job", 8);
    bench.store.underWay = () -> clock.pass(Duration.ofMillis(300));
    assertThat(bench.poller.turn()).as("half of the time at most").isEqualTo(300_000_000);
  }

  private void finishAll() {
    bench.work();
    bench.completer.turn();
  }

  @Test
  void beginningAnewTakesATenthOfTheTimeAtMostAndWaitsForTenPollsAtMost() {
    assertThat(beginsAnew(Duration.ofMillis(300))).isTrue();
    clock.pass(Duration.ofMillis(2_699));
    assertThat(beginsAnew(Duration.ZERO)).isFalse();
    clock.pass(Duration.ofMillis(1));
    assertThat(beginsAnew(Duration.ofSeconds(4))).isTrue();
    assertThat(beginsAnew(Duration.ofSeconds(4))).as("one alone says nothing").isTrue();
    clock.pass(Duration.ofMillis(5_999));
    assertThat(beginsAnew(Duration.ZERO)).isFalse();
    clock.pass(Duration.ofMillis(1));
    assertThat(beginsAnew(Duration.ZERO)).isTrue();
    assertThat(beginsAnew(Duration.ZERO)).as("where it costs nothing, each time").isTrue();
  }

  /** Whether the next claim, which wins something and takes so long, begins at the oldest due. */
  private boolean beginsAnew(Duration took) {
    bench.enqueue("job");
    bench.heart.turn();
    bench.store.underWay = () -> clock.pass(took);
    bench.poller.turn();
    return bench.store.requests.get(bench.store.requests.size() - 1).position().dues().isEmpty();
  }

  @Test
  void whereBeginningAnewFailsTheNextClaimGoesOnFromTheLast() {
    bench.enqueue("job", 3);
    bench.store.underWay = () -> clock.pass(Duration.ofMillis(10));
    bench.poller.turn();
    clock.pass(Duration.ofMillis(90));
    bench.store.atClaim.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(() -> bench.poller.turn()).isInstanceOf(UnknownCommitException.class);
    bench.poller.turn();
    assertThat(bench.store.requests)
        .last()
        .satisfies(request -> assertThat(request.position().dues()).isNotEmpty());
  }

  @Test
  void aClaimThatFailedIsToldOfAndLeavesNothingBehind() {
    bench.enqueue("job");
    bench.store.atClaim.add(Fault.TRANSIENT);
    assertThatThrownBy(bench.poller::turn).isInstanceOf(TransientStoreException.class);
    assertThat(bench.answersLost).isEqualTo(1);
    assertThat(bench.holdings.claiming.isLocked()).isFalse();
    bench.poller.turn();
    assertThat(bench.holdings.guards().size()).isEqualTo(1);
  }

  @Test
  void afterALostAnswerItAsksForOthersAsIfNothingHadHappened() {
    TriggerId lost = bench.enqueue("job");
    bench.store.atClaim.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.poller::turn).isInstanceOf(UnknownCommitException.class);
    TriggerId other = bench.enqueue("job");
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    assertThat(bench.history(other)).containsExactly(Outcome.SUCCEEDED);
    assertThat(bench.isRunning(lost)).as("left to the audit").isTrue();
  }

  @Test
  void whatIsClaimedWhileTheNodeBeginsToStopIsGivenBack() {
    TriggerId id = bench.enqueue("job");
    bench.store.underWay = bench.pools::close;
    bench.poller.turn();
    bench.completer.turn();
    assertThat(bench.history(id)).containsExactly(Outcome.RELEASED);
    assertThat(bench.row(id).attempt()).isZero();
    assertThat(bench.holdings.guards().size()).isZero();
  }

  @Test
  void aChangeOfTheClusterIsToldOfOnce() {
    bench.poller.turn();
    int before = bench.clusterChanges;
    bench.poller.turn();
    assertThat(bench.clusterChanges).isEqualTo(before);
    Bench.opened(clock, memory, "other", JOB);
    bench.poller.turn();
    bench.poller.turn();
    assertThat(bench.clusterChanges).isEqualTo(before + 1);
  }

  @Test
  void twoNodesShareABacklogWithoutATriggerTooMany() {
    Bench other = Bench.opened(clock, memory, "other", JOB);
    List<TriggerId> ids = bench.enqueue("job", 200);
    IntStream.range(0, 60)
        .forEach(
            i -> {
              Bench node = i % 2 == 0 ? bench : other;
              node.poller.turn();
              node.work();
              node.completer.turn();
            });
    assertThat(ids)
        .allSatisfy(id -> assertThat(bench.history(id)).containsExactly(Outcome.SUCCEEDED));
    assertThat(bench.counters.claimed.sum() + other.counters.claimed.sum()).isEqualTo(200);
    assertThat(other.counters.claimed.sum()).isPositive();
  }

  @Test
  void nothingIsAskedOfAPausedQueue() {
    memory.queues().pause(Given.QUEUE, true);
    bench.declarations.refresh();
    bench.enqueue("job", 3);
    assertThat(bench.poller.turn()).isEqualTo(POLL);
    assertThat(bench.store.requests.get(0).demands()).isEmpty();
    bench.poller.roomMade();
    memory.queues().pause(Given.QUEUE, false);
    bench.declarations.refresh();
    bench.poller.turn();
    assertThat(bench.counters.claimed.sum()).isEqualTo(3);
  }

  @Test
  void aDecisionAboutAQueueChangesTheEpochAndIsHeard() throws Exception {
    bench.poller.turn();
    int before = bench.clusterChanges;
    memory.queues().pause(Given.QUEUE, true);
    bench.poller.turn();
    assertThat(bench.clusterChanges).isEqualTo(before + 1);
    bench.audit.turn();
    assertThat(bench.declarations.pausedQueues()).containsExactly(Given.QUEUE);
  }

  @Test
  void whatIsAskedOfARunIsHeardAtTheNextPoll() {
    TriggerId cancelled = bench.enqueue("job");
    TriggerId paused = bench.enqueue("job");
    bench.poller.turn();
    bench.store.requests().put(List.of(cancelled), new Request.Cancel());
    bench.store.requests().put(List.of(paused), new Request.Pause());
    bench.poller.turn();
    for (Run run : bench.holdings.all()) {
      assertThat(run.stopped())
          .isEqualTo(run.triggerId().equals(cancelled) ? Run.Stop.CANCELLED : null);
    }
  }

  @Test
  void itAsksWhatIsAskedOfItsRunsOnlyWhenSomethingIs() {
    TriggerId id = bench.enqueue("job");
    bench.poller.turn();
    int looks = bench.store.looksForRequests;
    bench.poller.turn();
    bench.store.requests().put(List.of(id), new Request.RunNow());
    bench.poller.turn();
    assertThat(bench.store.looksForRequests).as("to run again is nothing to hear").isEqualTo(looks);
    bench.store.requests().put(List.of(id), new Request.Pause());
    bench.poller.turn();
    bench.poller.turn();
    assertThat(bench.store.looksForRequests).isEqualTo(looks + 1);
  }
}
