package dev.escapement.engine;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.engine.FaultyStore.Fault;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Request;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CompleterTest {

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
    for (int claims = 0; claims < count; claims += 500) {
      node.poller.turn();
    }
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

  @Test
  void aTransientFaultIsTriedAgainAndWrittenOnce() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.TRANSIENT);
    bench.store.atComplete.add(Fault.TRANSIENT);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(bench.completer::turn).isInstanceOf(TransientStoreException.class);
      assertThat(bench.holdings.guards().size()).as("it counts as held").isEqualTo(1);
      assertThat(bench.settled).isEmpty();
    }
    assertThat(bench.completer.turn()).isEqualTo(Long.MAX_VALUE);
    assertWrittenOnce(id);
  }

  @Test
  void notEvenAnErrorLosesAnOutcome() {
    TriggerId id = ended("good");
    bench.store.refused =
        completion -> {
          throw new OutOfMemoryError("of a test");
        };
    assertThatThrownBy(bench.completer::turn).isInstanceOf(OutOfMemoryError.class);
    bench.store.refused = completion -> false;
    bench.completer.turn();
    assertWrittenOnce(id);
  }

  /** The store answers by triggers, so two claims of one trigger mustn't be in one question. */
  @Test
  void aLostClaimIsFencedAlsoBesideALaterClaimOfTheSameTrigger() {
    TriggerId id = bench.enqueue("good");
    bench.poller.turn();
    RunningTrigger first = bench.store.claims().running(bench.session().id(), 1).get(0);
    bench.store.claims().takeOver(List.of(Verdict.lost(first, 3)));
    bench.store.claims().complete(List.of(Verdict.lost(first, 3)));
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
    assertThat(bench.isGone(id)).isTrue();
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(bench.counters.fenced.sum()).isEqualTo(1);
    assertThat(bench.holdings.guards()).isEmpty();
  }

  @Test
  void anUnknownCommitThatDidCommitIsFoundInTheHistory() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    assertThat(bench.holdings.guards().size()).as("held until it is known").isEqualTo(1);
    bench.completer.turn();
    assertWrittenOnce(id);
  }

  @Test
  void anUnknownCommitThatDidNotIsWrittenByTheNextTry() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_NOT_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    assertThat(bench.isRunning(id)).isTrue();
    bench.completer.turn();
    assertWrittenOnce(id);
  }

  @Test
  void anOutageAfterAnUnknownCommitForgetsNothing() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    bench.store.atComplete.add(Fault.TRANSIENT);
    bench.store.atFind.add(Fault.TRANSIENT);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(TransientStoreException.class);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(TransientStoreException.class);
    bench.completer.turn();
    assertWrittenOnce(id);
  }

  /** The look into the history fails when others of the same batch are written already. */
  @Test
  void whatIsWrittenIsNotWrittenAgainBecauseAnotherIsUnclear() {
    TriggerId unclear = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    TriggerId clear = ended("good");
    bench.store.atFind.add(Fault.TRANSIENT);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(TransientStoreException.class);

    assertThat(bench.settled).extracting(Run::triggerId).containsExactly(clear);
    bench.completer.turn();
    assertThat(bench.settled).extracting(Run::triggerId).containsExactly(clear, unclear);
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(bench.counters.fenced.sum()).isZero();
    assertThat(bench.completer.turn()).isEqualTo(Long.MAX_VALUE);
    assertThat(bench.settled).hasSize(2);
  }

  @Test
  void anUnknownCommitOfATriggerThatWasTakenOverIsNotMistakenForItsOwn() {
    TriggerId id = ended("good");
    bench.store.atComplete.add(Fault.UNKNOWN_NOT_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    takenOver();
    bench.completer.turn();
    assertThat(bench.history(id)).containsExactly(Outcome.LOST);
    assertThat(bench.counters.fenced.sum()).isEqualTo(1);
    assertThat(bench.count(Outcome.SUCCEEDED)).isZero();
    assertThat(bench.holdings.guards().size()).isZero();
  }

  /** Another node has found this one's session dead. */
  private void takenOver() {
    memory.sessions().declareDead(bench.session().id(), 0);
    List<RunningTrigger> rows = memory.claims().running(bench.session().id(), 100);
    memory.claims().takeOver(rows.stream().map(row -> Verdict.lost(row, 3)).toList());
  }

  @Test
  void anOutcomeOfALostClaimIsFencedCountedAndSettled() {
    TriggerId id = ended("good");
    takenOver();
    bench.completer.turn();
    assertThat(bench.row(id).lost()).isEqualTo(1);
    assertThat(bench.history(id)).containsExactly(Outcome.LOST);
    assertThat(bench.counters.fenced.sum()).isEqualTo(1);
    assertThat(bench.settled).hasSize(1);
    assertThat(bench.holdings.guards().size()).isZero();
  }

  private static Predicate<Completion> detailed(TriggerId id) {
    return completion -> {
      Failure failure = completion.ending().failure();
      return completion.guard().id().equals(id) && failure != null && !failure.trace().isEmpty();
    };
  }

  @Test
  void oneThatTheStoreRefusesIsWrittenWithoutItsDetailsAndAllOthersWithTheirs() {
    List<TriggerId> ids = ended(bench, "bad", 9);
    TriggerId refused = ids.get(4);
    bench.store.refused = detailed(refused);
    bench.completer.turn();

    for (TriggerId id : ids) {
      assertThat(bench.isGone(id)).isTrue();
      List<ExecutionRecord> history = bench.store.history().of(id);
      assertThat(history).hasSize(1);
      Failure failure = history.get(0).failure();
      assertThat(failure).isNotNull();
      assertThat(failure.type())
          .isEqualTo(id.equals(refused) ? "unknown" : IllegalStateException.class.getName());
    }
    assertThat(bench.settled).extracting(Run::triggerId).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(bench.count(Outcome.FAILED)).isEqualTo(9);
  }

  @Test
  void oneThatTheStoreRefusesHoweverItIsWrittenIsKeptAndHoldsNoOtherUp() {
    List<TriggerId> ids = ended(bench, "good", 5);
    TriggerId refused = ids.get(2);
    bench.store.refused = completion -> completion.guard().id().equals(refused);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(StoreException.class);
    TriggerId later = ended("good");
    assertThatThrownBy(bench.completer::turn).isInstanceOf(StoreException.class);

    assertThat(bench.isGone(later)).isTrue();
    assertThat(bench.settled).hasSize(5);
    assertThat(bench.isRunning(refused)).isTrue();
    assertThat(bench.holdings.guards().size()).isEqualTo(1);

    bench.store.refused = completion -> false;
    bench.completer.turn();
    assertThat(bench.isGone(refused)).isTrue();
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(6);
    assertThat(bench.settled).hasSize(6);
  }

  @Test
  void anOutageInTheMiddleOfABisectionLosesNothing() {
    List<TriggerId> ids = ended(bench, "bad", 8);
    bench.store.refused = detailed(ids.get(0));
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    bench.store.atComplete.add(Fault.TRANSIENT);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(StoreException.class);
    bench.completer.turn();
    assertThat(bench.settled).extracting(Run::triggerId).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(bench.count(Outcome.FAILED)).isEqualTo(8);
    assertThat(bench.counters.fenced.sum()).isZero();
    assertThat(ids).allSatisfy(id -> assertThat(bench.history(id)).hasSize(1));
  }

  @Test
  void manyOutcomesAreFewCommits() {
    Bench large = new Bench(clock, memory, "large", 2_000, List.of(GOOD));
    large.heart.open();
    ended(large, "good", 1_200);
    large.completer.turn();
    assertThat(large.store.batches).containsExactly(500, 500, 200);
    assertThat(large.count(Outcome.SUCCEEDED)).isEqualTo(1_200);
    assertThat(large.holdings.guards().size()).isZero();
  }

  @Test
  void whileOthersRunAnOutcomeLingersForMillisecondsAtMost() {
    bench.enqueue("good", 2);
    bench.poller.turn();
    List<Run> runs = List.copyOf(bench.holdings.all());
    bench.completer.add(runs.get(0), Verdict.of(runs.get(0), GOOD, null, 0.5), null);
    long wait = bench.completer.turn();
    assertThat(wait).isEqualTo(MILLISECONDS.toNanos(5));
    assertThat(bench.store.batches).isEmpty();
    bench.completer.add(runs.get(1), Verdict.of(runs.get(1), GOOD, null, 0.5), null);
    assertThat(bench.completer.turn()).as("nothing runs any more").isEqualTo(Long.MAX_VALUE);
    assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(2);
  }

  @Test
  void drainWaitsUntilAllIsWritten() throws Exception {
    ended(bench, "good", 10);
    bench.store.atComplete.add(Fault.TRANSIENT);
    bench.completer.start();
    try {
      assertThat(bench.completer.drain(Duration.ofSeconds(20))).isZero();
      assertThat(bench.count(Outcome.SUCCEEDED)).isEqualTo(10);
    } finally {
      assertThat(bench.completer.stop(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void drainTellsHowManyAreUnwrittenWhenItsTimeIsUp() throws Exception {
    ended(bench, "good", 10);
    bench.store.refused = completion -> true;
    assertThat(bench.completer.drain(Duration.ofMillis(20))).isEqualTo(10);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(StoreException.class);
    assertThat(bench.completer.drain(Duration.ZERO)).isEqualTo(10);
  }

  private Run claimed(String job) {
    bench.enqueue(job);
    bench.poller.turn();
    return bench.holdings.all().iterator().next();
  }

  private static Completion succeeded(Run run, Job<?> job) {
    run.begin();
    run.end();
    return Verdict.succeeded(run, job, null);
  }

  @Test
  void whatARequestHasTurnedIsCountedAndAwokenForAsItIs() {
    TriggerId id = bench.enqueue("bad");
    bench.poller.turn();
    bench.store.requests().put(List.of(id), new Request.Cancel());
    bench.store.requests().put(List.of(id), new Request.RunNow());
    bench.work();
    bench.completer.turn();
    assertThat(bench.history(id)).containsExactly(Outcome.FAILED);
    assertThat(bench.row(id).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(bench.again).containsExactly(Due.at(clock.instant()));
  }

  @Test
  void whatACancelHasTurnedIsCountedAsCancelled() {
    Run run = claimed("good");
    bench.store.requests().put(List.of(run.triggerId()), new Request.Cancel());
    bench.completer.add(run, Verdict.unstarted(run), null);
    bench.completer.turn();
    assertThat(bench.history(run.triggerId())).containsExactly(Outcome.CANCELLED);
    assertThat(bench.count(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(bench.count(Outcome.RELEASED)).isZero();
  }

  @Test
  void aTransactionThatWasCommittedAfterAllIsFoundInTheHistory() {
    Run run = claimed("good");
    Completion hoped = succeeded(run, GOOD);
    memory.claims().complete(List.of(hoped));
    bench.completer.addUnknown(
        run, Verdict.uncommitted(run, new IllegalStateException()), hoped, new IOException());
    bench.completer.turn();
    assertWrittenOnce(run.triggerId());
  }

  @Test
  void aTransactionThatWasNotCommittedIsRunAgain() {
    Run run = claimed("good");
    Completion hoped = succeeded(run, GOOD);
    bench.completer.addUnknown(
        run, Verdict.uncommitted(run, new IllegalStateException()), hoped, new IOException());
    bench.completer.turn();
    assertThat(bench.history(run.triggerId())).containsExactly(Outcome.RELEASED);
    assertThat(bench.row(run.triggerId()).attempt()).isZero();
    assertThat(bench.count(Outcome.SUCCEEDED)).isZero();
  }

  @Test
  void withoutHistoryNobodyKnowsAndThatIsCounted() {
    Run run = claimed("good");
    Job<?> silent = GOOD.keepHistory(KeepHistory.NONE);
    bench.completer.add(run, succeeded(run, silent), null);
    bench.store.atComplete.add(Fault.UNKNOWN_DONE);
    assertThatThrownBy(bench.completer::turn).isInstanceOf(UnknownCommitException.class);
    bench.completer.turn();
    assertThat(bench.counters.unconfirmed.sum()).isEqualTo(1);
    assertThat(bench.counters.fenced.sum()).isZero();
    assertThat(bench.holdings.guards()).isEmpty();
    assertThat(bench.settled).containsExactly(run);
  }

  @Test
  void whatWasWrittenWithItsEffectsIsSettledAtOnce() {
    Run run = claimed("good");
    Completion end = succeeded(run, GOOD);
    bench.completer.written(run, end, memory.claims().complete(List.of(end)));
    assertWrittenOnce(run.triggerId());
    assertThat(bench.holdings.unfinished()).isZero();
  }

  @Test
  void whatWasRolledBackBecauseItsClaimWasLostIsFenced() {
    Run run = claimed("good");
    bench.completer.written(run, succeeded(run, GOOD), Ended.NOTHING);
    assertThat(bench.counters.fenced.sum()).isEqualTo(1);
    assertThat(bench.holdings.guards()).isEmpty();
  }
}
