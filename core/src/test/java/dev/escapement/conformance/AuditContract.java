package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** No RUNNING trigger stays without a session that knows it. */
abstract class AuditContract extends Contract {

  AuditContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void showsANodeWhatItHolds() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k"));
    assertThat(node.running())
        .containsExactly(new RunningTrigger(claim.guard(), claim.kind(), JOB, "k", 1, 0));
  }

  @Test
  void showsWhatTheDeadHoldAndNotWhatTheLivingHold() {
    Node self = openNode();
    Node live = openNode();
    Node dead = openNode();
    Node closed = openNode();
    Claim ofSelf = claimed(self, Draft.of(JOB));
    claimed(live, Draft.of(JOB));
    Claim ofDead = claimed(dead, Draft.of(JOB));
    Claim ofClosed = claimed(closed, Draft.of(JOB));
    dead.die();
    closed.close();
    enqueue(Draft.of(JOB));
    assertThat(self.runningIds())
        .containsExactlyInAnyOrder(ofSelf.guard().id(), ofDead.guard().id(), ofClosed.guard().id());
  }

  @Test
  void showsHowOftenATriggerWasLost() {
    Node node = openNode();
    end(claimed(node, Draft.of(JOB)), Outcome.LOST, new Next.Recover());
    node.claim(10);
    RunningTrigger running = node.running().get(0);
    assertThat(running.attempt()).isEqualTo(2);
    assertThat(running.lost()).isEqualTo(1);
  }

  @Test
  void showsAFewAtATime() {
    Node dead = openNode();
    List<TriggerId> ids = enqueue(10, Draft.of(JOB));
    List<Claim> claims = dead.claim(10);
    dead.die();
    Node heir = openNode();
    assertThat(store.claims().running(heir.id(), 4)).hasSize(4);

    List<TriggerId> recovered = new ArrayList<>();
    for (List<RunningTrigger> few = store.claims().running(heir.id(), 4);
        !few.isEmpty();
        few = store.claims().running(heir.id(), 4)) {
      recovered.addAll(store.claims().takeOver(recover(claims, few)).written());
    }
    assertThat(recovered).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static List<Completion> recover(List<Claim> claims, List<RunningTrigger> few) {
    return claims.stream()
        .filter(claim -> few.stream().anyMatch(one -> one.guard().equals(claim.guard())))
        .map(claim -> completion(claim, Outcome.LOST, new Next.Recover()))
        .toList();
  }

  @Test
  void losesNoClaimToAClosingSession() {
    List<Store> stores = stores(2);
    Node auditor = openNode();
    for (int round = 0; round < 30; round++) {
      List<TriggerId> due = enqueue(10, Draft.of(JOB));
      Node leaving = openNode();
      List<List<TriggerId>> raced =
          Race.of(
              2,
              number -> {
                Node through = leaving.through(stores.get(number));
                if (number == 0) {
                  return ids(through.claim(10));
                }
                through.close();
                return List.of();
              });
      List<TriggerId> claimed = raced.get(0);
      assertThat(auditor.runningIds()).containsExactlyInAnyOrderElementsOf(claimed);
      for (TriggerId id : due) {
        assertThat(row(id).state())
            .isEqualTo(claimed.contains(id) ? TriggerState.RUNNING : TriggerState.SCHEDULED);
      }
      assertThat(leaving.claim(10)).isEmpty();
      clear(auditor);
    }
  }

  /** Ends all that is left of a round. */
  private void clear(Node auditor) {
    for (RunningTrigger running : auditor.running()) {
      Completion lost =
          new Completion(
              running.guard(),
              new Ending(Outcome.LOST, null, null, null, false, null, true),
              new Next.Recover());
      assertThat(store.claims().takeOver(List.of(lost)).written()).hasSize(1);
    }
    store.claims().complete(auditor.claim(100).stream().map(Contract::success).toList());
  }
}
