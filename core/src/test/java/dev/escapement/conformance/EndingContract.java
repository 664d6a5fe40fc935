package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.NewSession;
import dev.escapement.store.Next;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each end of a claim does to the trigger, and what it leaves in history. */
abstract class EndingContract extends Contract {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");

  EndingContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void removes() {
    Claim claim = claimed(openNode(), Draft.of(JOB).key("k"));
    assertThat(store.claims().complete(List.of(success(claim))).written())
        .containsExactly(claim.guard().id());
    assertThat(isGone(claim.guard().id())).isTrue();
    assertThat(store.triggers().find(JOB, "k")).isEmpty();
  }

  /** Whichever of them are the most. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void endsEachOfABatchInItsWay(int removed) {
    Node node = openNode();
    List<Completion> batch = new ArrayList<>();
    for (int i = 0; i < removed; i++) {
      batch.add(success(claimed(node, Draft.of(JOB))));
    }
    Claim retried = claimed(node, Draft.of(JOB));
    Claim again = claimed(node, Draft.of(JOB).key("again"));
    enqueueAll(Draft.of(JOB).key("again").onConflict(OnConflict.REPLACE).due(LATER));
    Claim lost = claimed(node, Draft.of(JOB));
    end(lost, Outcome.LOST, new Next.Recover());
    batch.add(success(again));
    batch.add(completion(retried, Outcome.FAILED, new Next.Retry(Due.at(LATER))));
    batch.add(success(lost));

    Ended ended = store.claims().complete(batch);

    assertThat(ended.written())
        .containsExactlyInAnyOrderElementsOf(
            batch.stream()
                .map(end -> end.guard().id())
                .filter(id -> !id.equals(lost.guard().id()))
                .toList());
    assertThat(ended.busy()).isEmpty();
    assertThat(ended.turned().keySet()).containsExactly(again.guard().id());
    assertThat(batch.subList(0, removed)).allMatch(end -> isGone(end.guard().id()));
    assertWaits(again, LATER, LATER, 0, 0);
    assertWaits(retried, LONG_AGO, LATER, 1, 0);
    assertWaits(lost, LONG_AGO, LONG_AGO, 1, 1);
    assertThat(history(100)).hasSize(removed + 3);
  }

  @Test
  void retriesAtAnInstant() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    end(claim, Outcome.FAILED, new Next.Retry(Due.at(LATER)));
    assertWaits(claim, LONG_AGO, LATER, 1, 0);
  }

  @Test
  void retriesAfterADelay() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Instant before = store.now();
    end(claim, Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    Instant due = row(claim.guard().id()).due();
    assertThat(due).isBetween(before.plus(HOUR), store.now().plus(HOUR));
    assertWaits(claim, LONG_AGO, due, 1, 0);
  }

  @Test
  void recovers() {
    Node node = openNode();
    Claim first = claimed(node, Draft.of(JOB));
    end(first, Outcome.LOST, new Next.Recover());
    assertWaits(first, LONG_AGO, LONG_AGO, 1, 1);
    Claim second = node.claim(10).get(0);
    assertThat(second.lost()).isEqualTo(1);
    end(second, Outcome.LOST, new Next.Recover());
    assertWaits(second, LONG_AGO, LONG_AGO, 2, 2);
  }

  @Test
  void releasesWithoutCountingTheAttempt() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    end(claim, Outcome.RELEASED, new Next.Release(null));
    assertWaits(claim, LONG_AGO, LONG_AGO, 0, 0);
  }

  @Test
  void releasesToAnotherDue() {
    Node node = openNode();
    Claim first = claimed(node, Draft.of(JOB));
    end(first, Outcome.LOST, new Next.Recover());
    Claim second = node.claim(10).get(0);
    assertThat(second.attempt()).isEqualTo(2);
    end(second, Outcome.RELEASED, new Next.Release(Due.at(LATER)));
    assertWaits(second, LONG_AGO, LATER, 1, 1);
  }

  @Test
  void releasesToADelay() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Instant before = store.now();
    end(claim, Outcome.RELEASED, new Next.Release(Due.in(HOUR)));
    assertThat(row(claim.guard().id()).due()).isBetween(before.plus(HOUR), store.now().plus(HOUR));
  }

  @Test
  void firesNext() {
    Node node = openNode();
    Claim first = claimed(node, Draft.standing(JOB));
    end(first, Outcome.LOST, new Next.Recover());
    Claim second = node.claim(10).get(0);
    end(second, Outcome.SUCCEEDED, Next.fireAt(LATER));
    assertWaits(second, LATER, LATER, 0, 0);
  }

  @Test
  void firesAfterADelay() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    Instant before = store.now();
    end(claim, Outcome.SUCCEEDED, new Next.Fire(Due.in(HOUR), Due.in(HOUR), 0));
    TriggerRecord row = row(claim.guard().id());
    assertThat(row.due()).isBetween(before.plus(HOUR), store.now().plus(HOUR));
    assertThat(row.fireTime()).isEqualTo(row.due());
  }

  @Test
  void neverFiresAgain() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    end(claim, Outcome.SUCCEEDED, Next.fireAt(null));
    TriggerRecord row = row(claim.guard().id());
    assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row.due()).isNull();
    assertThat(row.fireTime()).isNull();
    assertThat(node.claim(10)).isEmpty();
  }

  private void assertWaits(
      Claim ended, Instant fireTime, @Nullable Instant due, int attempt, int lost) {
    TriggerRecord row = row(ended.guard().id());
    assertThat(row.version()).isGreaterThan(ended.guard().version());
    assertThat(row)
        .usingRecursiveComparison()
        .isEqualTo(
            new TriggerRecord(
                ended.guard().id(),
                ended.kind(),
                ended.job(),
                ended.key(),
                ended.queue(),
                ended.priority(),
                TriggerState.SCHEDULED,
                Set.of(),
                fireTime,
                due,
                row.version(),
                attempt,
                lost,
                null,
                null,
                null,
                ended.schedule(),
                row.lastFire(),
                row.missed(),
                false,
                null,
                Set.of(),
                ended.payload(),
                ended.headers()));
  }

  @Test
  void advancesToAFireAndItsDueAndNothingElse() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerRecord before = row(claim.guard().id());
    Instant latestMissed = LONG_AGO.plus(HOUR);
    Instant itsDue = latestMissed.plusSeconds(5);
    assertThat(store.claims().advance(claim.guard(), latestMissed, itsDue, 2)).isTrue();
    TriggerRecord after = row(claim.guard().id());
    assertThat(after.fireTime()).isEqualTo(latestMissed);
    assertThat(after.due()).isEqualTo(itsDue);
    assertThat(after.missed()).isEqualTo(2);
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("fireTime", "due", "missed")
        .isEqualTo(before);
    end(claim, Outcome.FAILED, new Next.Retry(Due.at(LATER)));
    assertWaits(claim, latestMissed, LATER, 1, 0);
    assertThat(execution(claim.guard().id()).fireTime()).isEqualTo(latestMissed);
    assertThat(execution(claim.guard().id()).due()).isEqualTo(itsDue);
  }

  @Test
  void waitsForTheDueThatItWasAdvancedTo() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    Instant fireTime = LONG_AGO.plus(HOUR);
    store.claims().advance(claim.guard(), fireTime, fireTime.plusNanos(5_999), 1);
    end(claim, Outcome.RELEASED, new Next.Release(null));
    assertWaits(claim, fireTime, fireTime.plusNanos(5_000), 0, 0);
    assertThat(node.claim(10).get(0).due()).isEqualTo(fireTime.plusNanos(5_000));
  }

  @Test
  void leavesAFullAccount() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k").payload(new byte[] {7, 0, 9}));
    TriggerId id = claim.guard().id();
    Failure failure = new Failure("boom.Boom", "it went boom", "at boom.Boom(Boom.java:1)");
    Instant started = LONG_AGO.plusSeconds(1);
    Instant ended = LONG_AGO.plusSeconds(2);
    Ending ending = new Ending(Outcome.TIMED_OUT, started, ended, failure, true, null, true);
    store.claims().complete(List.of(new Completion(claim.guard(), ending, Next.REMOVE)));
    assertThat(execution(id))
        .usingRecursiveComparison()
        .isEqualTo(
            new ExecutionRecord(
                new ExecutionId(claim.claimedAt(), id, claim.guard().version()),
                node.id(),
                "node",
                claim.kind(),
                JOB,
                "k",
                1,
                LONG_AGO,
                0,
                LONG_AGO,
                started,
                ended,
                Outcome.TIMED_OUT,
                failure,
                new byte[] {7, 0, 9},
                null));
  }

  @Test
  void keepsAResult() {
    for (byte[] result : List.of(new byte[] {7, 0, -9}, new byte[0], new byte[100_000])) {
      Claim claim = claimed(openNode(), Draft.of(JOB));
      Ending ending = new Ending(Outcome.SUCCEEDED, null, null, null, false, result, true);
      store.claims().complete(List.of(new Completion(claim.guard(), ending, Next.REMOVE)));
      assertThat(execution(claim.guard().id()).result()).isEqualTo(result);
      assertThat(store.history().find(key(claim)).orElseThrow().result()).isEqualTo(result);
    }
  }

  @Test
  void leavesNothingInHistoryThatIsNotToBeRecorded() {
    Node node = openNode();
    Ending ending = new Ending(Outcome.SUCCEEDED, null, null, null, false, null, false);
    Claim gone = claimed(node, Draft.of(JOB));
    Claim stays = claimed(node, Draft.standing(JOB));
    Claim recorded = claimed(node, Draft.of(JOB));
    Ended ended =
        store
            .claims()
            .complete(
                List.of(
                    new Completion(gone.guard(), ending, Next.REMOVE),
                    new Completion(stays.guard(), ending, Next.fireAt(LATER)),
                    success(recorded)));
    assertThat(ended.written())
        .containsExactlyInAnyOrderElementsOf(ids(List.of(gone, stays, recorded)));
    assertThat(ended.turned()).isEmpty();
    assertThat(isGone(gone.guard().id())).isTrue();
    assertThat(row(stays.guard().id()).due()).isEqualTo(LATER);
    assertThat(history(10)).extracting(ExecutionRecord::key).containsExactly(key(recorded));
  }

  @Test
  void namesTheNodeOfTheOwnerWhoeverWritesTheEnd() {
    SessionId owner = SessionId.next();
    store.sessions().open(new NewSession(owner, "节点-1 🕰", "", Set.of(Node.QUEUE), List.of()));
    Node node = new Node(store, owner, Set.of(JOB));
    Claim claim = claimed(node, Draft.of(JOB));
    node.close();
    openNode();

    store.claims().takeOver(List.of(completion(claim, Outcome.LOST, Next.REMOVE)));

    assertThat(execution(claim.guard().id()).session()).isEqualTo(owner);
    assertThat(execution(claim.guard().id()).node()).isEqualTo("节点-1 🕰");
  }

  @Test
  void recordsNoInstantThatLiesAhead() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Instant ahead = store.now().plus(HOUR);
    Ending ending = new Ending(Outcome.SUCCEEDED, ahead, ahead, null, false, null, true);
    store.claims().complete(List.of(new Completion(claim.guard(), ending, Next.REMOVE)));
    ExecutionRecord execution = execution(claim.guard().id());
    assertThat(execution.startedAt()).isBeforeOrEqualTo(store.now());
    assertThat(execution.endedAt()).isBeforeOrEqualTo(store.now());
  }

  @Test
  void leavesNoMoreThanItWasTold() {
    Claim claim = claimed(openNode(), Draft.of(JOB).payload(new byte[] {7, 0, 9}));
    Instant before = store.now();
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    ExecutionRecord execution = execution(claim.guard().id());
    assertThat(execution.startedAt()).isNull();
    assertThat(execution.endedAt()).isBetween(before, store.now());
    assertThat(execution.failure()).isNull();
    assertThat(execution.payload()).isNull();
    assertThat(execution.result()).isNull();
    assertThat(execution.jobKey()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void recordsEveryOutcome(Outcome outcome) {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    end(claim, outcome, new Next.Retry(Due.at(LATER)));
    assertThat(execution(claim.guard().id()).outcome()).isEqualTo(outcome);
  }

  @Test
  void recordsEachAttemptWithItsOwnNumber() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    end(claim, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    end(node.claim(10).get(0), Outcome.RELEASED, new Next.Release(null));
    end(node.claim(10).get(0), Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(store.history().of(claim.guard().id()))
        .extracting(ExecutionRecord::attempt)
        .containsExactly(1, 2, 2);
  }

  @Test
  void endsManyAtOnceInManyWays() {
    Node node = openNode();
    enqueue(1_000, Draft.of(JOB));
    List<Claim> claims = node.claim(1_000);
    List<Completion> completions = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      completions.add(
          switch (i % 4) {
            case 0 -> success(claim);
            case 1 -> completion(claim, Outcome.FAILED, new Next.Retry(Due.at(LATER)));
            case 2 -> completion(claim, Outcome.RELEASED, new Next.Release(null));
            default -> completion(claim, Outcome.FAILED, new Next.Pause("enough"));
          });
    }
    assertThat(store.claims().complete(completions).written())
        .containsExactlyInAnyOrderElementsOf(ids(claims));
    for (int i = 0; i < 40; i++) {
      TriggerId id = claims.get(i).guard().id();
      switch (i % 4) {
        case 0 -> assertThat(isGone(id)).isTrue();
        case 1 -> assertThat(row(id).due()).isEqualTo(LATER);
        case 2 -> assertThat(row(id).attempt()).isZero();
        default -> assertThat(row(id).state()).isEqualTo(TriggerState.PAUSED);
      }
      assertThat(execution(id).outcome()).isEqualTo(completions.get(i).ending().outcome());
    }
    assertThat(history(400)).hasSize(1_000);
  }

  @Test
  void takesAnEmptyList() {
    assertThat(store.claims().complete(List.of())).isEqualTo(Ended.NOTHING);
    assertThat(store.claims().takeOver(List.of())).isEqualTo(Ended.NOTHING);
  }
}
