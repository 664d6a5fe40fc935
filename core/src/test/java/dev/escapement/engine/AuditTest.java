package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.engine.FaultyStore.Fault;
import dev.escapement.store.BusyStoreException;
import dev.escapement.store.Hold;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The audit over what its own node holds, and over jobs that nobody knows. */
class AuditTest {

  private static final Job<?> JOB = Job.of(JobType.of("job"), context -> {});

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench bench = Bench.opened(clock, memory, "node", JOB);

  private void heartbeat(Bench node) throws InterruptedException {
    clock.pass(Duration.ofSeconds(5));
    node.heart.turn();
    node.audit.turn();
  }

  @Test
  void rowsWhoseClaimsAnswerWasLostAreGivenBackUncounted() throws Exception {
    List<TriggerId> ids = bench.enqueue("job", 3);
    bench.store.atClaim.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.poller::turn).isInstanceOf(UnknownCommitException.class);
    assertThat(ids).allMatch(bench::isRunning);

    bench.audit.turn();
    for (TriggerId id : ids) {
      TriggerRecord row = bench.row(id);
      assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
      assertThat(row.attempt()).isZero();
      assertThat(row.lost()).isZero();
      assertThat(bench.history(id)).containsExactly(Outcome.RELEASED);
    }
    assertThat(bench.count(Outcome.RELEASED)).isEqualTo(3);
    assertThat(bench.somethingDue).isEqualTo(1);

    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    assertThat(ids)
        .allSatisfy(
            id ->
                assertThat(bench.history(id)).containsExactly(Outcome.RELEASED, Outcome.SUCCEEDED));
  }

  @Test
  void aRowWhoseClaimIsUnderWayIsNotGivenBack() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      CompletableFuture<Future<Long>> look = new CompletableFuture<>();
      bench.store.underWay =
          () -> {
            Callable<Long> turn = bench.audit::turn;
            Future<Long> looking = thread.submit(turn);
            look.complete(looking);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!bench.holdings.claiming.hasQueuedThreads()) {
              assertThat(deadline - System.nanoTime()).as("the audit waits").isPositive();
              assertThat(looking.isDone()).as("the audit went past the claim").isFalse();
              Thread.onSpinWait();
            }
          };
      TriggerId id = bench.enqueue("job");
      bench.poller.turn();
      look.get(20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
      assertThat(bench.isRunning(id)).isTrue();
      assertThat(bench.history(id)).isEmpty();
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void whatRunsHereOrWaitsToBeWrittenIsLeftAlone() throws Exception {
    TriggerId id = bench.enqueue("job");
    bench.poller.turn();
    bench.audit.turn();
    assertThat(bench.isRunning(id)).isTrue();
    bench.work();
    bench.store.atComplete.add(Fault.UNKNOWN_NOT_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    bench.audit.turn();
    assertThat(bench.isRunning(id)).isTrue();
    bench.completer.turn();
    assertThat(bench.history(id)).containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void aRunThatEndsDuringTheLookIsNoLostAnswer() throws Exception {
    bench.enqueue("job");
    bench.poller.turn();
    bench.work();
    bench.store.looked = bench.completer::turn;
    try (LogProbe log = LogProbe.of(Audit.class)) {
      bench.audit.turn();
      assertThat(log.from(Level.INFO)).isEmpty();
    }
    assertThat(bench.store.batches).as("the completer's alone").containsExactly(1);
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void whatHasWaitedForAWorkerForAHeartbeatIsGivenBack() throws Exception {
    TriggerId id = bench.enqueue("job");
    bench.poller.turn();
    heartbeat(bench);
    assertThat(bench.pools.buffered()).as("one heartbeat and no more").isEqualTo(1);
    clock.pass(Duration.ofNanos(1));
    bench.audit.turn();
    bench.completer.turn();
    assertThat(bench.history(id)).containsExactly(Outcome.RELEASED);
    assertThat(bench.row(id).attempt()).isZero();
    assertThat(bench.settled).hasSize(1);
    bench.work();
    assertThat(bench.completer.turn()).as("the worker found nothing").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aSessionThatIsNotTrustedTouchesNothing() throws Exception {
    TriggerId stranger = bench.enqueue("stranger");
    clock.pass(Duration.ofSeconds(18));
    assertThat(bench.audit.turn()).isEqualTo(Duration.ofSeconds(5).toNanos());
    assertThat(bench.row(stranger).holds()).isEmpty();
  }

  @Test
  void dueTriggersOfAJobThatNobodyKnowsAreParkedAndFreedWhenSomebodyDoes() throws Exception {
    TriggerId stranger = bench.enqueue("stranger");
    TriggerId known = bench.enqueue("job");
    bench.audit.turn();
    assertThat(bench.row(stranger).holds()).containsExactly(Hold.NO_HANDLER);
    assertThat(bench.row(stranger).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(bench.row(known).holds()).isEmpty();

    Job<?> strangers = Job.of(JobType.of("stranger"), context -> {});
    Bench knowing = Bench.opened(clock, memory, "knowing", strangers);
    knowing.audit.turn();
    assertThat(knowing.row(stranger).holds()).isEmpty();
    assertThat(knowing.somethingDue).isEqualTo(1);
    knowing.poller.turn();
    knowing.work();
    knowing.completer.turn();
    assertThat(knowing.history(stranger)).containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void aJobThatALiveNodeKnowsIsNotParkedByOneThatDoesNot() throws Exception {
    Bench.opened(clock, memory, "knowing", Job.of(JobType.of("stranger"), context -> {}));
    TriggerId stranger = bench.enqueue("stranger");
    bench.audit.turn();
    assertThat(bench.row(stranger).holds()).isEmpty();
  }

  @Test
  void moreThanABatchIsParkedInOneLookAndFreedLookByLook() throws Exception {
    List<TriggerId> ids = bench.enqueue("stranger", 2_500);
    bench.audit.turn();
    assertThat(ids).allMatch(id -> !bench.row(id).holds().isEmpty());

    Bench knowing =
        Bench.opened(clock, memory, "knowing", Job.of(JobType.of("stranger"), context -> {}));
    for (int i = 0; i < 3; i++) {
      knowing.audit.turn();
    }
    assertThat(ids).allMatch(id -> bench.row(id).holds().isEmpty());
  }

  @Test
  void aSlowLookForWhatStandsInTheWayTakesATenthOfTheTimeAtMost() throws Exception {
    Duration slow = Duration.ofSeconds(4);
    AtomicInteger looks = new AtomicInteger();
    bench.store.atStrangers =
        () -> {
          looks.incrementAndGet();
          clock.pass(slow);
        };
    bench.audit.turn();
    assertThat(looks).hasValue(1);
    for (int i = 0; i < 7; i++) {
      heartbeat(bench);
    }
    assertThat(looks).as("within 39 s of the first").hasValue(1);
    TriggerId stranger = bench.enqueue("stranger");
    heartbeat(bench);
    heartbeat(bench);
    assertThat(looks).hasValue(2);
    assertThat(bench.row(stranger).holds()).containsExactly(Hold.NO_HANDLER);
  }

  @Test
  void aFaultInTheLookForWhatStandsInTheWayKeepsNothingElseFromBeingDone() throws Exception {
    TriggerId id = bench.enqueue("job");
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    bench.store.atStrangers =
        () -> {
          throw new BusyStoreException("too slow", null);
        };
    clock.pass(Duration.ofDays(14));
    try (LogProbe log = LogProbe.of(Tending.class)) {
      heartbeat(bench);
      assertThat(log.from(Level.WARN)).hasSize(1);
    }
    assertThat(bench.history(id)).isEmpty();
  }

  @Test
  void onceAMinuteItClearsHistoryAndDeadSessionsThatAreOld() throws Exception {
    TriggerId id = bench.enqueue("job");
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    Bench dead = Bench.opened(clock, memory, "dead", JOB);
    memory.sessions().declareDead(dead.session().id(), 0);

    clock.pass(Duration.ofDays(13));
    heartbeat(bench);
    assertThat(bench.history(id)).hasSize(1);
    assertThat(memory.sessions().all()).hasSize(1);
    clock.pass(Duration.ofDays(1));
    heartbeat(bench);
    assertThat(bench.history(id)).isEmpty();
  }
}
