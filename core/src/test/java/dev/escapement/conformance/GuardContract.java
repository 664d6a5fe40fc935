package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A write by whoever no longer holds the claim changes nothing and says so. */
abstract class GuardContract extends Contract {

  private static final Next RECOVER = new Next.Recover();

  GuardContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void refusesAnotherVersion() {
    Guard held = claimed(openNode(), Draft.of(JOB)).guard();
    assertFenced(new Guard(held.id(), held.version() - 1, held.owner()));
    assertFenced(new Guard(held.id(), held.version() + 1, held.owner()));
  }

  @Test
  void refusesAnotherOwner() {
    Guard held = claimed(openNode(), Draft.of(JOB)).guard();
    assertFenced(new Guard(held.id(), held.version(), openNode().id()));
    assertFenced(new Guard(held.id(), held.version(), SessionId.next()));
  }

  @Test
  void refusesATriggerThatNobodyHolds() {
    Node node = openNode();
    TriggerId id = enqueue(Draft.of(JOB));
    assertFenced(new Guard(id, row(id).version(), node.id()));
    assertFenced(new Guard(id, row(id).version() + 1, node.id()));
  }

  @Test
  void refusesATriggerThatIsNotThere() {
    Node node = openNode();
    Guard stranger = new Guard(TriggerId.next(), 1, node.id());
    Completion late = recover(stranger);
    assertThat(store.claims().complete(List.of(late)).written()).isEmpty();
    assertThat(store.claims().advance(stranger, LONG_AGO, LONG_AGO, 1)).isFalse();
    assertThat(history(10)).isEmpty();
  }

  @Test
  void refusesTheSecondEnd() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    assertThat(end(claim, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)))).isTrue();
    assertFenced(claim.guard());
    Claim again = node.claim(10).get(0);
    assertFenced(claim.guard());
    assertThat(end(again, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
  }

  @Test
  void writesTheSameClaimOnceWithinOneList() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    List<Completion> twice = List.of(success(claim), success(claim));
    assertThat(store.claims().complete(twice).written()).containsExactly(claim.guard().id());
    assertThat(store.history().of(claim.guard().id())).hasSize(1);
  }

  @Test
  void writesWhatIsHeldAndNothingElse() {
    Node one = openNode();
    Node two = openNode();
    Claim ofOne = claimed(one, Draft.of(JOB));
    Claim ofTwo = claimed(two, Draft.of(JOB));
    Claim ended = claimed(one, Draft.of(JOB));
    end(ended, Outcome.RELEASED, new Next.Release(Due.in(HOUR)));
    Claim gone = claimed(two, Draft.of(JOB));
    end(gone, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(
            store
                .claims()
                .complete(List.of(success(gone), success(ofTwo), success(ended), success(ofOne)))
                .written())
        .containsExactlyInAnyOrder(ofOne.guard().id(), ofTwo.guard().id());
    assertThat(isGone(ended.guard().id())).isFalse();
    assertThat(history(10)).hasSize(4);
  }

  @Test
  void fencesAStaleHolder() {
    Node stale = openNode();
    Node heir = openNode();
    Claim lost = claimed(stale, Draft.of(JOB));
    stale.die();
    assertThat(takeOver(lost)).isTrue();
    assertFenced(lost.guard());

    Claim inherited = heir.claim(10).get(0);
    assertThat(inherited.attempt()).isEqualTo(2);
    assertThat(inherited.guard().version()).isGreaterThan(lost.guard().version());
    assertFenced(lost.guard());
    assertThat(end(inherited, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    assertThat(store.history().of(lost.guard().id()))
        .extracting(execution -> execution.outcome())
        .containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
  }

  @Test
  void fencesAnOldClaimOfTheSameSession() {
    Node node = openNode();
    Claim old = claimed(node, Draft.of(JOB));
    end(old, Outcome.RELEASED, new Next.Release(null));
    Claim present = node.claim(10).get(0);
    assertFenced(old.guard());
    assertThat(end(present, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
  }

  @Test
  void fencesTheHolderOfATriggerThatWasMadeAnew() {
    Node node = openNode();
    Claim old = claimed(node, Draft.of(JOB).key("k"));
    end(old, Outcome.SUCCEEDED, Next.REMOVE);
    Claim anew = claimed(node, Draft.of(JOB).key("k"));
    assertThat(anew.guard().id()).isNotEqualTo(old.guard().id());
    assertThat(end(old, Outcome.FAILED, Next.REMOVE)).isFalse();
    assertThat(store.claims().advance(old.guard(), LONG_AGO, LONG_AGO, 1)).isFalse();
    assertThat(store.triggers().find(JOB, "k")).map(TriggerRecord::id).contains(anew.guard().id());
  }

  @Test
  void letsAHolderEndWhileNobodyTookOver() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    node.die();
    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    assertThat(takeOver(claim)).isFalse();
    assertThat(execution(claim.guard().id()).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void takesNothingFromALiveSession() {
    Node live = openNode();
    Node dead = openNode();
    Claim ofLive = claimed(live, Draft.of(JOB));
    Claim ofDead = claimed(dead, Draft.of(JOB));
    dead.die();
    assertThat(
            store
                .claims()
                .takeOver(List.of(recover(ofLive.guard()), recover(ofDead.guard())))
                .written())
        .containsExactly(ofDead.guard().id());
    assertThat(store.history().of(ofLive.guard().id())).isEmpty();
    assertThat(end(ofLive, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
  }

  @Test
  void takesOverNothingByAnEarlierClaimOfTheDead() {
    Node node = openNode();
    Claim earlier = claimed(node, Draft.of(JOB));
    end(earlier, Outcome.RELEASED, new Next.Release(null));
    Claim present = node.claim(10).get(0);
    node.die();
    assertThat(takeOver(earlier)).isFalse();
    assertThat(takeOver(present)).isTrue();
  }

  private boolean takeOver(Claim claim) {
    return !store.claims().takeOver(List.of(recover(claim.guard()))).written().isEmpty();
  }

  private static Completion recover(Guard guard) {
    return new Completion(
        guard, new Ending(Outcome.LOST, null, null, null, false, null, true), RECOVER);
  }

  private void assertFenced(Guard guard) {
    TriggerRecord before = row(guard.id());
    int ended = store.history().of(guard.id()).size();
    for (Next next : List.of(Next.REMOVE, RECOVER, new Next.Release(null))) {
      Completion late =
          new Completion(
              guard, new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true), next);
      assertThat(store.claims().complete(List.of(late)).written()).isEmpty();
      assertThat(store.claims().completeInTurn(late)).isEqualTo(Ended.NOTHING);
      assertThat(store.claims().takeOver(List.of(late)).written()).isEmpty();
    }
    assertThat(store.claims().advance(guard, LONG_AGO.plus(HOUR), LONG_AGO.plus(HOUR), 1))
        .isFalse();
    assertThat(row(guard.id())).usingRecursiveComparison().isEqualTo(before);
    assertThat(store.history().of(guard.id())).hasSize(ended);
  }
}
