package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Out of service, and back. */
abstract class PauseContract extends Contract {

  PauseContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void pausesWithAReason() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    end(claim, Outcome.FAILED, new Next.Pause("It killed 3 nodes 💀"));
    TriggerRecord row = row(claim.guard().id());
    assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(row.reason()).isEqualTo("It killed 3 nodes 💀");
    assertThat(row.version()).isGreaterThan(claim.guard().version());
    assertThat(row.owner()).isNull();
    assertThat(row.claimedAt()).isNull();
    assertThat(row.fireTime()).isEqualTo(LONG_AGO);
    assertThat(row.due()).isEqualTo(LONG_AGO);
    assertThat(node.claim(10)).isEmpty();
    assertThat(execution(row.id()).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void resumesWithItsAttemptsForgotten() {
    Node node = openNode();
    Claim lost = claimed(node, Draft.of(JOB).key("k"));
    end(lost, Outcome.LOST, new Next.Recover());
    TriggerRecord paused = pause(node.claim(10).get(0));
    assertThat(resume(paused.id())).isTrue();

    TriggerRecord row = row(paused.id());
    assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row.version()).isGreaterThan(paused.version());
    assertThat(row.attempt()).isZero();
    assertThat(row.lost()).isZero();
    assertThat(row.reason()).isNull();
    assertThat(row.due()).isEqualTo(LONG_AGO);
    assertThat(row.fireTime()).isEqualTo(LONG_AGO);
    assertThat(node.claim(10)).extracting(Claim::attempt).containsExactly(1);
  }

  @Test
  void keepsTheKeyWhilePaused() {
    TriggerRecord paused = pause(claimed(openNode(), Draft.of(JOB).key("k")));
    assertThat(enqueueAll(Draft.of(JOB).key("k")).get(0).id()).isEqualTo(paused.id());
  }

  @Test
  void refusesToResumeWhatIsNotPaused() {
    Node node = openNode();
    TriggerId waiting = enqueue(Draft.of(JOB));
    assertThat(resume(waiting)).isFalse();
    node.claim(10);
    assertThat(resume(waiting)).isFalse();
    assertThat(row(waiting).state()).isEqualTo(TriggerState.RUNNING);
    assertThat(resume(TriggerId.next())).isFalse();
  }

  @Test
  void resumesOnceForManyWhoAsk() {
    TriggerRecord paused = pause(claimed(openNode(), Draft.of(JOB)));
    List<Store> stores = stores(4);
    assertThat(Race.of(4, number -> resume(stores.get(number), paused.id())))
        .containsOnlyOnce(true);
  }

  @Test
  void pausesOneThatWaits() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    end(claim, Outcome.LOST, new Next.Recover());
    TriggerRecord before = row(claim.guard().id());

    assertThat(store.triggers().pause(before.id(), before.version(), new Next.Pause("No text 🕰")))
        .isTrue();

    TriggerRecord after = row(before.id());
    assertThat(after.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(after.reason()).isEqualTo("No text 🕰");
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("state", "reason", "version")
        .isEqualTo(before);
    assertThat(node.claim(10)).isEmpty();
    assertThat(store.history().of(before.id())).as("no attempt has ended").hasSize(1);
    assertThat(resume(after.id())).isTrue();
    assertThat(ids(node.claim(10))).containsExactly(before.id());
  }

  @Test
  void pausesForAReasonThatADatabaseCouldRefuse() {
    TriggerRecord row = row(enqueue(Draft.standing(JOB)));
    store.triggers().pause(row.id(), row.version(), new Next.Pause("a\0b" + "c".repeat(100_000)));
    assertThat(row(row.id()).reason()).startsWith("a\uFFFDbccc").hasSizeLessThan(10_000);
  }

  @Test
  void refusesToPauseAnotherVersion() {
    TriggerRecord row = row(enqueue(Draft.standing(JOB)));
    assertThat(store.triggers().pause(row.id(), row.version() - 1, new Next.Pause("enough")))
        .isFalse();
    assertThat(store.triggers().pause(row.id(), row.version() + 1, new Next.Pause("enough")))
        .isFalse();
    assertThat(row(row.id())).usingRecursiveComparison().isEqualTo(row);
  }

  @Test
  void refusesToPauseWhatDoesNotWait() {
    TriggerRecord running = row(claimed(openNode(), Draft.standing(JOB)).guard().id());
    TriggerRecord paused = row(enqueue(Draft.standing(JOB).key("paused")));
    store.triggers().pause(paused.id(), paused.version(), new Next.Pause("the first reason"));
    paused = row(paused.id());
    assertThat(store.triggers().pause(running.id(), running.version(), new Next.Pause("enough")))
        .isFalse();
    assertThat(store.triggers().pause(paused.id(), paused.version(), new Next.Pause("enough")))
        .isFalse();
    assertThat(store.triggers().pause(TriggerId.next(), 0, new Next.Pause("enough"))).isFalse();
    assertThat(List.of(row(running.id()), row(paused.id())))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(running, paused);
  }

  @Test
  void isEitherClaimedOrPaused() {
    List<Store> stores = stores(2);
    Node node = openNode();
    for (int round = 0; round < 30; round++) {
      TriggerRecord row = row(enqueue(Draft.standing(JOB).key("round " + round)));
      List<Boolean> won =
          Race.of(
              2,
              number ->
                  number == 0
                      ? stores
                          .get(0)
                          .triggers()
                          .pause(row.id(), row.version(), new Next.Pause("enough"))
                      : !node.through(stores.get(1)).claim(10).isEmpty());
      assertThat(won.get(0) && won.get(1)).as("both").isFalse();
      assertThat(row(row.id()).state() == TriggerState.PAUSED).isEqualTo(won.get(0));
      node.claim(10);
    }
  }

  private TriggerRecord pause(Claim claim) {
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    return row(claim.guard().id());
  }
}
