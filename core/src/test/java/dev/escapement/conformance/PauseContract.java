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
    assertThat(store.triggers().resume(paused.id(), paused.version())).isTrue();

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
  void refusesToResumeAnotherVersion() {
    TriggerRecord paused = pause(claimed(openNode(), Draft.of(JOB)));
    assertThat(store.triggers().resume(paused.id(), paused.version() - 1)).isFalse();
    assertThat(store.triggers().resume(paused.id(), paused.version() + 1)).isFalse();
    assertThat(row(paused.id())).usingRecursiveComparison().isEqualTo(paused);
  }

  @Test
  void refusesToResumeWhatIsNotPaused() {
    Node node = openNode();
    TriggerId waiting = enqueue(Draft.of(JOB));
    assertThat(store.triggers().resume(waiting, row(waiting).version())).isFalse();
    node.claim(10);
    assertThat(store.triggers().resume(waiting, row(waiting).version())).isFalse();
    assertThat(row(waiting).state()).isEqualTo(TriggerState.RUNNING);
    assertThat(store.triggers().resume(TriggerId.next(), 1)).isFalse();
  }

  @Test
  void resumesOnceForManyWhoAsk() {
    TriggerRecord paused = pause(claimed(openNode(), Draft.of(JOB)));
    List<Store> stores = stores(4);
    assertThat(
            Race.of(
                4, number -> stores.get(number).triggers().resume(paused.id(), paused.version())))
        .containsOnlyOnce(true);
  }

  private TriggerRecord pause(Claim claim) {
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    return row(claim.guard().id());
  }
}
