package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Progress;
import dev.escapement.TriggerId;
import dev.escapement.store.Checkpoints.Report;
import dev.escapement.store.Claim;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What runs leave for the attempts after them, and say of themselves. */
abstract class CheckpointContract extends Contract {

  private static final Instant NEXT = LONG_AGO.plus(HOUR);
  private static final byte[] ONE = {1, 0, -1};
  private static final byte[] TWO = {2};

  CheckpointContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private boolean keep(Claim claim, byte[] checkpoint) {
    return store.checkpoints().keep(claim.guard(), claim.fireTime(), checkpoint).isPresent();
  }

  private void assertKept(Claim claim, byte[] checkpoint) {
    assertThat(store.checkpoints().find(claim.guard().id(), claim.fireTime())).contains(checkpoint);
  }

  private void assertNone(Claim claim) {
    assertThat(store.checkpoints().find(claim.guard().id(), claim.fireTime())).isEmpty();
  }

  private static Report report(Claim claim, long done, String message) {
    return new Report(claim.guard(), claim.fireTime(), done, 100, message);
  }

  @Test
  void keepsTheLatest() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    assertNone(claim);
    for (byte[] checkpoint : List.of(ONE, TWO, new byte[100_000], new byte[0])) {
      assertThat(keep(claim, checkpoint)).isTrue();
      assertKept(claim, checkpoint);
    }
    assertThat(store.checkpoints().find(TriggerId.next(), LONG_AGO)).isEmpty();
    assertThat(store.checkpoints().find(claim.guard().id(), NEXT)).isEmpty();
    assertThat(row(claim.guard().id()).version()).isEqualTo(claim.guard().version());
  }

  @Test
  void handsItOnFromAttemptToAttempt() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    keep(claim, ONE);
    for (Next next :
        List.of(new Next.Retry(Due.at(LONG_AGO)), new Next.Release(null), new Next.Recover())) {
      end(claim, Outcome.FAILED, next);
      claim = node.through(anotherStore()).claim(10).get(0);
      assertKept(claim, ONE);
    }
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    resume(claim.guard().id());
    ask(claim.guard().id(), new Request.RunNow());
    assertKept(node.claim(10).get(0), ONE);
  }

  @Test
  void tellsTheHolderWhatIsAsked() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    assertThat(store.checkpoints().keep(claim.guard(), LONG_AGO, ONE)).contains(Set.of());
    ask(claim.guard().id(), new Request.RunNow());
    ask(claim.guard().id(), new Request.Pause());
    assertThat(store.checkpoints().keep(claim.guard(), LONG_AGO, TWO))
        .contains(Set.of(RequestKind.PAUSE, RequestKind.AGAIN));
    ask(claim.guard().id(), new Request.Cancel());
    assertThat(store.checkpoints().keep(claim.guard(), LONG_AGO, ONE))
        .contains(Set.of(RequestKind.CANCEL));
  }

  @Test
  void writesNothingForWhoLostTheClaim() {
    Node stale = openNode();
    Claim lost = claimed(stale, Draft.of(JOB));
    keep(lost, ONE);
    store.checkpoints().report(List.of(report(lost, 1, "one")));
    stale.die();
    store.claims().takeOver(List.of(completion(lost, Outcome.LOST, new Next.Recover())));
    assertFenced(lost, lost.guard());
    Claim present = openNode().claim(10).get(0);
    assertFenced(lost, lost.guard());
    Guard held = present.guard();
    assertFenced(lost, new Guard(held.id(), held.version(), SessionId.next()));
    assertFenced(lost, new Guard(held.id(), held.version() + 1, held.owner()));
    assertThat(keep(present, TWO)).isTrue();
    assertKept(present, TWO);
  }

  private void assertFenced(Claim claim, Guard guard) {
    assertThat(store.checkpoints().keep(guard, claim.fireTime(), TWO)).isEmpty();
    store.checkpoints().report(List.of(new Report(guard, claim.fireTime(), 9, 9, "late")));
    assertKept(claim, ONE);
    assertThat(store.checkpoints().progress(claim.guard().id()).orElseThrow().message())
        .isEqualTo("one");
  }

  @Test
  void writesNothingForATriggerThatHasGone() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(keep(claim, ONE)).isFalse();
    store.checkpoints().report(List.of(report(claim, 1, "")));
    assertNone(claim);
    assertThat(store.checkpoints().progress(claim.guard().id())).isEmpty();
    assertThat(store.checkpoints().purge(10)).isZero();
  }

  @Test
  void belongsToOneFire() {
    Node node = openNode();
    Claim first = claimed(node, Draft.standing(JOB));
    keep(first, ONE);
    store.checkpoints().report(List.of(report(first, 7, "first")));
    end(first, Outcome.SUCCEEDED, Next.fireAt(NEXT));
    Claim second = node.claim(10).get(0);
    assertNone(second);
    store.checkpoints().report(List.of(report(second, 1, "second")));
    assertNone(first);
    assertNone(second);
    keep(second, TWO);
    assertKept(second, TWO);
    assertThat(store.checkpoints().progress(second.guard().id()).orElseThrow().done()).isEqualTo(1);
  }

  @Test
  void theCheckpointOfANewFireTakesThePlaceOfTheWholeOldOne() {
    Node node = openNode();
    Claim first = claimed(node, Draft.standing(JOB));
    store.checkpoints().report(List.of(report(first, 7, "first")));
    end(first, Outcome.SUCCEEDED, Next.fireAt(NEXT));
    assertThat(store.checkpoints().progress(first.guard().id()).orElseThrow().message())
        .as("of the latest run")
        .isEqualTo("first");
    keep(node.claim(10).get(0), TWO);
    assertThat(store.checkpoints().progress(first.guard().id())).isEmpty();
  }

  @Test
  void beginsWithoutWhenItRunsAgain() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k"));
    keep(claim, ONE);
    enqueueAll(Draft.of(JOB).key("k").onConflict(OnConflict.REPLACE).due(LONG_AGO));
    assertKept(claim, ONE);
    end(claim, Outcome.FAILED, new Next.Retry(Due.now()));
    Claim again = node.claim(10).get(0);
    assertThat(again.fireTime()).isEqualTo(claim.fireTime());
    assertNone(again);
  }

  @Test
  void staysWithAFireThatIsRetriedNow() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    keep(claim, ONE);
    end(claim, Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    ask(claim.guard().id(), new Request.RunNow());
    Claim retried = node.claim(10).get(0);
    assertThat(store.checkpoints().find(retried.guard().id(), retried.fireTime())).contains(ONE);
  }

  @Test
  void goesWithAFireThatIsCancelled() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    keep(claim, ONE);
    end(claim, Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    ask(claim.guard().id(), new Request.Cancel());
    assertThat(row(claim.guard().id()).fireTime()).isEqualTo(claim.fireTime());
    assertNone(claim);
  }

  @Test
  void showsHowFarARunHasCome() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    assertThat(store.checkpoints().progress(claim.guard().id())).isEmpty();
    keep(claim, ONE);
    assertThat(store.checkpoints().progress(claim.guard().id())).isEmpty();
    Instant before = store.now();
    store.checkpoints().report(List.of(report(claim, 3, "支払い 💥 '; --")));
    Progress progress = store.checkpoints().progress(claim.guard().id()).orElseThrow();
    assertThat(progress).isEqualTo(new Progress(3, 100, "支払い 💥 '; --", progress.at()));
    assertThat(progress.at()).isBetween(before, store.now());

    Report huge = new Report(claim.guard(), LONG_AGO, Long.MAX_VALUE, 0, "");
    store.checkpoints().report(List.of(huge));
    assertThat(store.checkpoints().progress(claim.guard().id()).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("at")
        .isEqualTo(new Progress(Long.MAX_VALUE, 0, "", before));
    assertKept(claim, ONE);
    keep(claim, TWO);
    assertThat(store.checkpoints().progress(claim.guard().id())).as("stays").isPresent();
  }

  @Test
  void notesManyAtOnceAndLeavesOutTheLost() {
    Node node = openNode();
    enqueue(300, Draft.of(JOB));
    List<Claim> claims = node.claim(300);
    end(claims.get(7), Outcome.RELEASED, new Next.Release(null));
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      reports.add(report(claims.get(i), i, "number " + i));
    }
    store.checkpoints().report(reports);
    for (int i = 0; i < claims.size(); i++) {
      assertThat(store.checkpoints().progress(claims.get(i).guard().id()).map(Progress::message))
          .isEqualTo(i == 7 ? Optional.empty() : Optional.of("number " + i));
    }
    store.checkpoints().report(List.of());
  }

  @Test
  void forgetsWhatIsOverInSmallBatches() {
    Node node = openNode();
    Claim running = claimed(node, Draft.of(JOB));
    Claim waiting = claimed(node, Draft.of(JOB));
    Claim fired = claimed(node, Draft.standing(JOB));
    List<Claim> gone = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      gone.add(claimed(node, Draft.of(JOB)));
    }
    List<Claim> all = new ArrayList<>(gone);
    all.addAll(List.of(running, waiting, fired));
    all.forEach(claim -> assertThat(keep(claim, ONE)).isTrue());
    store.checkpoints().report(all.stream().map(claim -> report(claim, 1, "")).toList());
    assertThat(store.checkpoints().purge(10)).isZero();

    gone.forEach(claim -> end(claim, Outcome.SUCCEEDED, Next.REMOVE));
    end(waiting, Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    end(fired, Outcome.SUCCEEDED, Next.fireAt(NEXT));
    int purged = 0;
    for (int count = 3; count == 3; purged += count) {
      count = store.checkpoints().purge(3);
      assertThat(count).isLessThanOrEqualTo(3);
    }
    assertThat(purged).as("of a trigger that goes it may have gone with it").isIn(1, 5);
    assertThat(store.checkpoints().progress(fired.guard().id())).isEmpty();
    assertThat(gone)
        .allSatisfy(
            claim -> assertThat(store.checkpoints().progress(claim.guard().id())).isEmpty());
    assertKept(running, ONE);
    assertKept(waiting, ONE);
  }
}
