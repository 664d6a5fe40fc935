package dev.escapement.conformance;

import static dev.escapement.store.Requests.Answer.Result.DONE;
import static dev.escapement.store.Requests.Answer.Result.REFUSED;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Hold;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request does at once to a trigger that doesn't run. */
abstract class RequestContract extends Contract {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");
  private static final Request CANCEL = new Request.Cancel();
  private static final Request PAUSE = new Request.Pause();
  private static final Request RESUME = new Request.Resume();
  private static final Request RESCHEDULE = new Request.Reschedule(Due.at(LATER));
  private static final Request RUN_NOW = new Request.RunNow();

  RequestContract(Supplier<Store> newStore) {
    super(newStore);
  }

  /** It waits for a third attempt; one of the two before was lost. */
  private TriggerRecord waiting(Draft draft) {
    Node node = openNode();
    Claim first = claimed(node, draft);
    if (first.kind() == TriggerKind.STANDING) {
      store.claims().advance(first.guard(), first.fireTime(), first.due(), 5);
    }
    end(first, Outcome.LOST, new Next.Recover());
    end(node.claim(10).get(0), Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    TriggerRecord row = row(first.guard().id());
    assertThat(List.of(row.attempt(), row.lost())).containsExactly(2, 1);
    return row;
  }

  private TriggerRecord paused(Draft draft) {
    TriggerRecord row = waiting(draft);
    assertThat(store.triggers().pause(row.id(), row.version(), new Next.Pause("enough"))).isTrue();
    return row(row.id());
  }

  /** A standing trigger that never fires again. */
  private TriggerRecord idle(String key) {
    Claim claim = claimed(openNode(), Draft.standing(JOB).key(key));
    end(claim, Outcome.SUCCEEDED, Next.fireAt(null));
    return row(claim.guard().id());
  }

  private void assertChanged(TriggerRecord before, String... fields) {
    TriggerRecord after = row(before.id());
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("version")
        .ignoringFields(fields)
        .isEqualTo(before);
  }

  private void assertRefused(TriggerRecord before, Request request) {
    int ended = store.history().of(before.id()).size();
    assertThat(ask(before.id(), request))
        .isEqualTo(new Answer(REFUSED, before.state(), before.job(), before.key()));
    assertThat(row(before.id())).usingRecursiveComparison().isEqualTo(before);
    assertThat(store.history().of(before.id())).hasSize(ended);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelsAOneTimeTrigger(boolean isPaused) {
    Draft draft = Draft.of(JOB).key("k").payload(new byte[] {1});
    TriggerRecord row = isPaused ? paused(draft) : waiting(draft);
    Instant before = store.now();
    assertThat(ask(row.id(), CANCEL)).isEqualTo(new Answer(DONE, row.state(), JOB, "k"));
    assertThat(isGone(row.id())).isTrue();
    assertThat(enqueueAll(draft).get(0).created()).as("the key is free").isTrue();
    assertCancelledUnclaimed(row, before);
  }

  private void assertCancelledUnclaimed(TriggerRecord row, Instant before) {
    List<ExecutionRecord> story = store.history().of(row.id());
    ExecutionRecord last = story.get(story.size() - 1);
    assertThat(story).extracting(ExecutionRecord::outcome).containsOnlyOnce(Outcome.CANCELLED);
    assertThat(last.key().claimedAt()).isBetween(before, store.now());
    assertThat(store.history().find(last.key())).isPresent();
    assertThat(last)
        .usingRecursiveComparison()
        .isEqualTo(
            new ExecutionRecord(
                last.key(),
                SessionId.NONE,
                "",
                row.kind(),
                row.job(),
                row.key(),
                0,
                requireNonNull(row.fireTime()),
                row.missed(),
                requireNonNull(row.due()),
                null,
                last.key().claimedAt(),
                Outcome.CANCELLED,
                null,
                null,
                null));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelsTheFireThatAStandingTriggerWaitsFor(boolean isPaused) {
    TriggerRecord row = isPaused ? paused(Draft.standing(JOB)) : waiting(Draft.standing(JOB));
    assertThat(row.missed()).isEqualTo(5);
    Instant before = store.now();
    assertThat(ask(row.id(), CANCEL)).isEqualTo(new Answer(DONE, row.state(), JOB, row.key()));

    assertChanged(row, "lastFire", "due", "attempt", "lost", "missed", "stale");
    TriggerRecord after = row(row.id());
    assertThat(after.lastFire()).isEqualTo(LONG_AGO);
    assertThat(after.due()).isNull();
    assertThat(List.of(after.attempt(), after.lost())).containsOnly(0);
    assertThat(after.missed()).isZero();
    assertThat(after.stale()).isTrue();
    assertThat(store.triggers().stale(10)).extracting(TriggerRecord::id).containsExactly(row.id());
    assertThat(openNode().claim(10)).isEmpty();
    assertCancelledUnclaimed(row, before);
  }

  @Test
  void refusesToCancelWhatWaitsForNothing() {
    TriggerRecord never = idle("never");
    assertRefused(never, CANCEL);
    ask(never.id(), PAUSE);
    assertRefused(row(never.id()), CANCEL);

    TriggerRecord cancelled = waiting(Draft.standing(JOB));
    ask(cancelled.id(), CANCEL);
    assertRefused(row(cancelled.id()), CANCEL);
  }

  @Test
  void cancelsWhatIsHeldBack() {
    TriggerId id = enqueue(Draft.of(JOB));
    assertThat(store.holds().park(JOB, 10)).isEqualTo(1);
    assertThat(ask(id, CANCEL).result()).isEqualTo(DONE);
    assertThat(isGone(id)).isTrue();
    assertThat(store.holds().unpark(Set.of(JOB), 10)).isZero();
  }

  @Test
  void pausesWithoutAReason() {
    for (TriggerRecord row :
        List.of(waiting(Draft.of(JOB)), waiting(Draft.standing(JOB)), idle("never"))) {
      assertThat(ask(row.id(), PAUSE))
          .isEqualTo(new Answer(DONE, TriggerState.SCHEDULED, JOB, row.key()));
      assertChanged(row, "state");
      assertThat(row(row.id()).state()).isEqualTo(TriggerState.PAUSED);
      assertThat(row(row.id()).reason()).isNull();
    }
  }

  @Test
  void leavesWhatIsPausedAlreadyAsItIs() {
    TriggerRecord row = paused(Draft.of(JOB));
    assertThat(ask(row.id(), PAUSE)).isEqualTo(new Answer(DONE, TriggerState.PAUSED, JOB, null));
    assertThat(row(row.id())).usingRecursiveComparison().isEqualTo(row);
  }

  @Test
  void runsNothingThatIsPausedUntilItIsResumed() {
    Node node = openNode();
    TriggerId id = enqueue(Draft.of(JOB));
    ask(id, PAUSE);
    assertThat(node.claim(10)).isEmpty();
    assertThat(ask(id, RESUME)).isEqualTo(new Answer(DONE, TriggerState.PAUSED, JOB, null));
    assertThat(ids(node.claim(10))).containsExactly(id);
  }

  @Test
  void resumesForgettingAttemptsAndReasonAndNothingElse() {
    for (Draft draft : List.of(Draft.of(JOB), Draft.standing(JOB))) {
      TriggerRecord row = paused(draft);
      ask(row.id(), RESUME);
      assertChanged(row, "state", "reason", "attempt", "lost");
      TriggerRecord after = row(row.id());
      assertThat(after.state()).isEqualTo(TriggerState.SCHEDULED);
      assertThat(after.reason()).isNull();
      assertThat(List.of(after.attempt(), after.lost())).containsOnly(0);
    }
  }

  @Test
  void refusesToResumeWhatWaits() {
    assertRefused(waiting(Draft.of(JOB)), RESUME);
    assertRefused(waiting(Draft.standing(JOB)), RESUME);
  }

  @Test
  void reschedulesTheDueAlone() {
    for (TriggerRecord row :
        List.of(
            waiting(Draft.of(JOB)),
            paused(Draft.of(JOB)),
            waiting(Draft.standing(JOB)),
            paused(Draft.standing(JOB).key("paused")))) {
      assertThat(ask(row.id(), RESCHEDULE))
          .isEqualTo(new Answer(DONE, row.state(), JOB, row.key()));
      assertChanged(row, "due");
      assertThat(row(row.id()).due()).isEqualTo(LATER);
    }
  }

  @Test
  void reschedulesOnItsOwnClock() {
    Node node = openNode();
    TriggerId id = enqueue(Draft.of(JOB));
    Instant before = store.now();
    ask(id, new Request.Reschedule(Due.in(HOUR)));
    assertThat(row(id).due()).isBetween(before.plus(HOUR), store.now().plus(HOUR));
    assertThat(node.claim(10)).isEmpty();
    ask(id, new Request.Reschedule(Due.at(LONG_AGO.minusNanos(1))));
    assertThat(node.claim(10)).extracting(Claim::due).containsExactly(LONG_AGO.minusNanos(1_000));
  }

  @Test
  void refusesToRescheduleWhatWaitsForNothing() {
    TriggerRecord row = idle("never");
    assertRefused(row, RESCHEDULE);
    ask(row.id(), PAUSE);
    assertRefused(row(row.id()), RESCHEDULE);
  }

  @Test
  void runsAOneTimeTriggerNowWithItsAttemptsCounted() {
    TriggerRecord row = waiting(Draft.of(JOB).key("k"));
    Instant before = store.now();
    assertThat(ask(row.id(), RUN_NOW)).isEqualTo(new Answer(DONE, row.state(), JOB, "k"));
    assertChanged(row, "due");
    assertThat(row(row.id()).due()).isBetween(before, store.now());
    assertThat(openNode().claim(10)).extracting(Claim::attempt).containsExactly(3);
  }

  @Test
  void firesAStandingTriggerNowApartFromItsSchedule() {
    TriggerRecord later = row(enqueue(Draft.standing(JOB).due(LATER)));
    for (TriggerRecord row : List.of(idle("never"), later)) {
      Instant before = store.now();
      assertThat(ask(row.id(), RUN_NOW)).isEqualTo(new Answer(DONE, row.state(), JOB, row.key()));
      assertChanged(row, "fireTime", "due");
      TriggerRecord after = row(row.id());
      assertThat(after.due()).isBetween(before, store.now());
      assertThat(after.fireTime()).isEqualTo(after.due());
      Claim claim = openNode().claim(10).get(0);
      assertThat(claim.guard().id()).isEqualTo(row.id());
      end(claim, Outcome.SUCCEEDED, Next.fireAt(LATER));
      assertThat(row(row.id()).lastFire()).isEqualTo(claim.fireTime());
    }
  }

  @Test
  void aFireWhoseTimeHasComeIsNotLostToOneThatIsAskedFor() {
    TriggerRecord retry = waiting(Draft.standing(JOB).key("retry"));
    Instant before = store.now();
    assertThat(ask(retry.id(), RUN_NOW).result()).isEqualTo(DONE);
    assertChanged(retry, "due");
    assertThat(row(retry.id()).due()).isBetween(before, store.now());
    for (Draft draft : List.of(Draft.standing(JOB).key("overdue"), Draft.of(JOB))) {
      TriggerRecord overdue = row(enqueue(draft));
      assertThat(ask(overdue.id(), RUN_NOW).result()).isEqualTo(DONE);
      assertChanged(overdue);
      assertThat(row(overdue.id()).due()).as("keeps its place").isEqualTo(overdue.due());
    }
  }

  @Test
  void refusesToRunNowWhatIsPaused() {
    assertRefused(paused(Draft.of(JOB)), RUN_NOW);
    assertRefused(paused(Draft.standing(JOB)), RUN_NOW);
  }

  @Test
  void leavesTheHoldOfWhatItChanges() {
    TriggerId id = enqueue(Draft.of(JOB));
    store.holds().park(JOB, 10);
    ask(id, RUN_NOW);
    ask(id, new Request.Reschedule(Due.at(LONG_AGO)));
    assertThat(row(id).holds()).containsExactly(Hold.NO_HANDLER);
    store.holds().unpark(Set.of(JOB), 10);
    assertThat(ids(openNode().claim(10))).containsExactly(id);
  }

  @Test
  void answersForEachThatIsLive() {
    List<TriggerId> ids = enqueue(3, Draft.of(JOB).due(LATER));
    end(claimed(openNode(), Draft.of(JOB)), Outcome.SUCCEEDED, Next.REMOVE);
    TriggerId stranger = TriggerId.next();
    ask(ids.get(1), PAUSE);
    Map<TriggerId, Answer> answers =
        store
            .requests()
            .put(List.of(ids.get(2), stranger, ids.get(1), ids.get(0), ids.get(2)), RUN_NOW);
    assertThat(answers)
        .containsOnly(
            Map.entry(ids.get(0), new Answer(DONE, TriggerState.SCHEDULED, JOB, null)),
            Map.entry(ids.get(1), new Answer(REFUSED, TriggerState.PAUSED, JOB, null)),
            Map.entry(ids.get(2), new Answer(DONE, TriggerState.SCHEDULED, JOB, null)));
    assertThat(store.requests().put(List.of(), CANCEL)).isEmpty();
    assertThat(store.requests().put(List.of(stranger), CANCEL)).isEmpty();
    assertThat(store.history().of(stranger)).isEmpty();
  }

  @Test
  void asksOfManyAtOnce() {
    List<TriggerId> ids = enqueue(1_000, Draft.of(JOB));
    assertThat(store.requests().put(ids, CANCEL))
        .containsOnlyKeys(ids)
        .allSatisfy((id, answer) -> assertThat(answer.result()).isEqualTo(DONE));
    assertThat(openNode().claim(10)).isEmpty();
    assertThat(history(400))
        .extracting(execution -> execution.key().trigger())
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void survivesManyWhoAskInOppositeOrder() {
    List<TriggerId> ids = enqueue(200, Draft.of(JOB).due(LATER));
    List<TriggerId> backwards = new ArrayList<>(ids);
    Collections.reverse(backwards);
    List<Store> stores = stores(4);
    List<Integer> answered =
        Race.of(
            4,
            number ->
                stores
                    .get(number)
                    .requests()
                    .put(number % 2 == 0 ? ids : backwards, CANCEL)
                    .size());
    assertThat(answered.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
    assertThat(history(400)).hasSize(200);
  }
}
