package dev.escapement.conformance;

import static dev.escapement.store.RequestKind.AGAIN;
import static dev.escapement.store.RequestKind.CANCEL;
import static dev.escapement.store.RequestKind.PAUSE;
import static dev.escapement.store.RequestKind.RESCHEDULE;
import static dev.escapement.store.Requests.Answer.Result.DONE;
import static dev.escapement.store.Requests.Answer.Result.REFUSED;
import static dev.escapement.store.Requests.Answer.Result.REQUESTED;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.Requests.Asked;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is written beside a trigger that runs, and how its holder hears of it. */
abstract class AskedContract extends Contract {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");

  private static final Map<RequestKind, Request> REQUESTS =
      Map.of(
          CANCEL, new Request.Cancel(),
          PAUSE, new Request.Pause(),
          RESCHEDULE, new Request.Reschedule(Due.at(LATER)),
          AGAIN, new Request.RunNow());

  AskedContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private Answer ask(TriggerId id, RequestKind kind) {
    return ask(id, request(kind));
  }

  private static Request request(RequestKind kind) {
    return requireNonNull(REQUESTS.get(kind));
  }

  @Test
  void changesNothingOfARunningTriggerButWhatIsAsked() {
    Node node = openNode();
    for (Draft draft : List.of(Draft.of(JOB).key("k"), Draft.standing(JOB))) {
      for (RequestKind kind : RequestKind.values()) {
        Claim claim = claimed(node, draft);
        TriggerRecord before = row(claim.guard().id());
        assertThat(before.requests()).isEmpty();
        assertThat(ask(before.id(), kind))
            .isEqualTo(new Answer(REQUESTED, TriggerState.RUNNING, JOB, claim.key()));
        TriggerRecord after = row(before.id());
        assertThat(after.requests()).containsExactly(kind);
        assertThat(after).usingRecursiveComparison().ignoringFields("requests").isEqualTo(before);
        assertThat(store.history().of(before.id())).isEmpty();
        assertThat(end(claim, Outcome.FAILED, new Next.Pause("enough"))).isTrue();
        store.triggers().find(before.id()).ifPresent(this::clear);
      }
    }
  }

  private void clear(TriggerRecord row) {
    assertThat(row.requests()).isEmpty();
    if (!store.triggers().delete(row.id(), row.version())) {
      ask(row.id(), new Request.Cancel());
    }
    assertThat(isGone(row.id())).isTrue();
  }

  @Test
  void keepsAllThatIsAsked() {
    TriggerId id = claimed(openNode(), Draft.of(JOB)).guard().id();
    ask(id, AGAIN);
    ask(id, PAUSE);
    ask(id, RESCHEDULE);
    ask(id, PAUSE);
    assertThat(row(id).requests()).containsExactlyInAnyOrder(PAUSE, RESCHEDULE, AGAIN);
  }

  @Test
  void aCancelTakesBackWhatWasAskedBeforeAndNothingAfterIt() {
    TriggerId id = claimed(openNode(), Draft.of(JOB)).guard().id();
    ask(id, AGAIN);
    ask(id, PAUSE);
    ask(id, RESCHEDULE);
    ask(id, CANCEL);
    assertThat(row(id).requests()).containsExactly(CANCEL);
    ask(id, PAUSE);
    ask(id, AGAIN);
    assertThat(row(id).requests()).containsExactlyInAnyOrder(CANCEL, PAUSE, AGAIN);
    ask(id, CANCEL);
    assertThat(row(id).requests()).containsExactly(CANCEL);
  }

  @Test
  void takesBackAPauseAndNothingElse() {
    TriggerId id = claimed(openNode(), Draft.of(JOB)).guard().id();
    assertThat(ask(id, new Request.Resume()).result()).isEqualTo(REFUSED);
    ask(id, CANCEL);
    ask(id, AGAIN);
    assertThat(ask(id, new Request.Resume()).result()).isEqualTo(REFUSED);
    ask(id, PAUSE);
    assertThat(ask(id, new Request.Resume()))
        .isEqualTo(new Answer(DONE, TriggerState.RUNNING, JOB, null));
    assertThat(row(id).requests()).containsExactlyInAnyOrder(CANCEL, AGAIN);
  }

  @Test
  void countsWhatAHolderShouldHearAndNothingElse() {
    Node node = openNode();
    TriggerId running = claimed(node, Draft.of(JOB).key("k")).guard().id();
    TriggerId waiting = enqueue(Draft.of(JOB).due(LATER));
    assertCounted(node, false, () -> ask(running, RESCHEDULE));
    assertCounted(node, false, () -> ask(running, AGAIN));
    assertCounted(node, false, () -> ask(running, new Request.Resume()));
    assertCounted(node, true, () -> ask(running, PAUSE));
    assertCounted(node, true, () -> ask(running, new Request.Resume()));
    assertCounted(node, true, () -> ask(running, CANCEL));
    assertCounted(node, false, () -> replace("k"));
    assertCounted(node, false, () -> ask(waiting, RESCHEDULE));
    assertCounted(node, false, () -> ask(waiting, PAUSE));
    assertCounted(node, false, () -> ask(waiting, new Request.Resume()));
    assertCounted(node, false, () -> ask(waiting, CANCEL));
    assertCounted(
        node, false, () -> store.requests().put(List.of(TriggerId.next()), request(CANCEL)));
  }

  private void replace(String key) {
    enqueueAll(Draft.of(JOB).key(key).onConflict(OnConflict.REPLACE));
  }

  private static void assertCounted(Node node, boolean counted, Runnable action) {
    long before = node.requests();
    action.run();
    if (counted) {
      assertThat(node.requests()).isGreaterThan(before);
    } else {
      assertThat(node.requests()).isEqualTo(before);
    }
  }

  @Test
  void countsForTheNodesOfAllStores() {
    Node node = openNode();
    Node other = openNode().through(anotherStore());
    TriggerId id = claimed(node, Draft.of(JOB)).guard().id();
    long before = other.requests();
    ask(id, CANCEL);
    assertThat(other.requests()).isGreaterThan(before).isEqualTo(node.requests());
  }

  @Test
  void tellsASessionWhatItShouldHear() {
    Node node = openNode();
    Claim cancelled = claimed(node, Draft.of(JOB));
    Claim paused = claimed(node, Draft.standing(JOB));
    Claim both = claimed(node, Draft.of(JOB));
    Claim again = claimed(node, Draft.of(JOB));
    Claim ofOther = claimed(openNode(), Draft.of(JOB));
    assertThat(store.requests().of(node.id())).isEmpty();

    store.requests().put(ids(List.of(cancelled, both, ofOther)), request(CANCEL));
    store.requests().put(ids(List.of(paused, both)), request(PAUSE));
    store.requests().put(ids(List.of(cancelled, again)), request(AGAIN));
    ask(again.guard().id(), RESCHEDULE);

    assertThat(store.requests().of(node.id()))
        .containsExactlyInAnyOrder(
            new Asked(cancelled.guard(), Set.of(CANCEL)),
            new Asked(paused.guard(), Set.of(PAUSE)),
            new Asked(both.guard(), Set.of(CANCEL, PAUSE)));
    assertThat(store.requests().of(SessionId.next())).isEmpty();

    ask(paused.guard().id(), new Request.Resume());
    end(cancelled, Outcome.SUCCEEDED, Next.REMOVE);
    end(both, Outcome.RELEASED, new Next.Release(null));
    assertThat(store.requests().of(node.id())).isEmpty();
  }

  @Test
  void keepsWhatIsAskedFromAHolderThatLostItsClaim() {
    Node stale = openNode();
    Claim lost = claimed(stale, Draft.of(JOB));
    stale.die();
    store.claims().takeOver(List.of(completion(lost, Outcome.LOST, new Next.Recover())));
    Claim present = openNode().claim(1).get(0);
    ask(present.guard().id(), CANCEL);
    assertThat(end(lost, Outcome.FAILED, new Next.Retry(Due.now()))).isFalse();
    assertThat(row(present.guard().id()).requests()).containsExactly(CANCEL);
    assertThat(store.requests().of(stale.id())).isEmpty();
  }
}
