package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A trigger that fires again and again: its schedule, its fires, and those that it missed. */
abstract class StandingContract extends Contract {

  private static final Instant SECOND = LONG_AGO.plus(HOUR);
  private static final Instant THIRD = SECOND.plus(HOUR);
  private static final Duration JITTER = Duration.ofSeconds(5);

  StandingContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void keepsItsScheduleAndTheFireTimeBesideItsDue() {
    String schedule = "Ünïcødé 🕰 '; -- \\ \" % _ ? $1 :name {}";
    Draft draft =
        Draft.standing(JOB).due(LONG_AGO.plus(JITTER)).firing(schedule, LONG_AGO.plusNanos(999));
    Claim claim = claimed(openNode(), draft);
    assertThat(claim.schedule()).isEqualTo(schedule);
    assertThat(claim.fireTime()).isEqualTo(LONG_AGO);
    assertThat(claim.due()).isEqualTo(LONG_AGO.plus(JITTER));
    assertThat(claim.missed()).isZero();
    TriggerRecord row = row(claim.guard().id());
    assertThat(row.schedule()).isEqualTo(schedule);
    assertThat(row.fireTime()).isEqualTo(LONG_AGO);
    assertThat(row.lastFire()).isNull();
    assertThat(row.stale()).isFalse();
    assertThat(row.parent()).isNull();
  }

  @Test
  void firesLaterThanTheScheduleSays() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    Due due = Due.at(SECOND.plus(JITTER));
    end(claim, Outcome.SUCCEEDED, new Next.Fire(Due.at(SECOND), due, 0));
    Claim next = node.claim(10).get(0);
    assertThat(next.fireTime()).isEqualTo(SECOND);
    assertThat(next.due()).isEqualTo(SECOND.plus(JITTER));
    assertThat(next.schedule()).isEqualTo(Draft.SCHEDULE);
  }

  @Test
  void remembersItsLastFire() {
    Node node = openNode();
    Claim first = claimed(node, Draft.standing(JOB));
    TriggerId id = first.guard().id();
    end(first, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    assertThat(row(id).lastFire()).as("not done with it").isNull();
    end(node.claim(10).get(0), Outcome.SUCCEEDED, Next.fireAt(SECOND));
    assertThat(row(id).lastFire()).isEqualTo(LONG_AGO);

    Claim second = node.claim(10).get(0);
    end(second, Outcome.FAILED, new Next.Pause("enough"));
    assertThat(row(id).lastFire()).isEqualTo(LONG_AGO);
    resume(id);
    assertThat(row(id).lastFire()).isEqualTo(LONG_AGO);

    Claim third = node.claim(10).get(0);
    store.claims().advance(third.guard(), THIRD, THIRD, 1);
    end(third, Outcome.SUCCEEDED, Next.fireAt(null));
    assertThat(row(id).lastFire()).as("the fire that was run").isEqualTo(THIRD);
    assertThat(row(id).fireTime()).isNull();
  }

  @Test
  void addsUpWhatAnAdvanceMissed() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerId id = claim.guard().id();
    end(claim, Outcome.SUCCEEDED, new Next.Fire(Due.at(SECOND), Due.at(SECOND), 2));
    assertThat(row(id).missed()).isEqualTo(2);
    Claim next = node.claim(10).get(0);
    assertThat(next.missed()).isEqualTo(2);

    assertThat(store.claims().advance(next.guard(), THIRD, THIRD, 3)).isTrue();
    assertThat(row(id).missed()).isEqualTo(5);
    assertThat(row(id).fireTime()).isEqualTo(THIRD);

    end(next, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    assertThat(row(id).missed()).as("the same fire").isEqualTo(5);
    Claim again = node.claim(10).get(0);
    assertThat(again.missed()).isEqualTo(5);
    end(again, Outcome.SUCCEEDED, Next.fireAt(null));
    assertThat(row(id).missed()).as("none before the next").isZero();
    assertThat(store.history().of(id))
        .extracting(ExecutionRecord::missed)
        .containsExactly(0L, 5L, 5L);
  }

  @Test
  void keepsWhatItMissedThroughEveryEndButAFire() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerId id = claim.guard().id();
    long many = Integer.MAX_VALUE + 1L;
    store.claims().advance(claim.guard(), SECOND, SECOND, many);
    end(claim, Outcome.LOST, new Next.Recover());
    assertThat(row(id).missed()).isEqualTo(many);
    end(node.claim(10).get(0), Outcome.RELEASED, new Next.Release(null));
    assertThat(row(id).missed()).isEqualTo(many);
    end(node.claim(10).get(0), Outcome.FAILED, new Next.Pause("enough"));
    assertThat(row(id).missed()).isEqualTo(many);
    resume(id);
    assertThat(node.claim(10)).extracting(Claim::missed).containsExactly(many);
  }

  @Test
  void advancesNothingWithoutTheGuard() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    end(claim, Outcome.SUCCEEDED, Next.fireAt(SECOND));
    assertThat(store.claims().advance(claim.guard(), THIRD, THIRD, 3)).isFalse();
    assertThat(row(claim.guard().id()).missed()).isZero();
  }

  @Test
  void resolvesBothPartsOfADelayAlike() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    end(claim, Outcome.SUCCEEDED, new Next.Fire(Due.in(HOUR), Due.in(HOUR.plus(JITTER)), 0));
    TriggerRecord row = row(claim.guard().id());
    assertThat(Duration.between(row.fireTime(), row.due())).isEqualTo(JITTER);
  }

  @Test
  void goesIfItsScheduleIsDeletedWhileItRuns() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    assertThat(isGone(claim.guard().id())).isTrue();
  }

  @Test
  void findsTheLiveOnesAmongManyNames() {
    List<TriggerName> names = new ArrayList<>();
    List<TriggerId> ids = new ArrayList<>();
    for (int i : IntStream.range(0, 200).toArray()) {
      names.add(new TriggerName("job-" + i % 3, "key-" + i));
      if (i % 4 == 0) {
        ids.add(enqueue(Draft.standing("job-" + i % 3).key("key-" + i)));
      }
    }
    ids.add(enqueue(Draft.standing(JOB)));
    names.add(TriggerName.ofDeclared(JOB));
    names.add(TriggerName.ofDeclared(JOB));
    enqueue(Draft.of("job-0"));
    enqueue(Draft.of("job-0").key("key-1"));

    List<TriggerRecord> found = store.triggers().find(names);

    assertThat(found).extracting(TriggerRecord::id).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(found)
        .filteredOn(row -> row.job().equals(JOB))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(row(ids.get(ids.size() - 1)));
    assertThat(store.triggers().find(List.of())).isEmpty();
  }

  @Test
  void saysWhatATriggerIsCalled() {
    assertThat(row(enqueue(Draft.standing(JOB))).name())
        .isEqualTo(new TriggerName(JOB, TriggerKind.STANDING_KEY));
    assertThat(row(enqueue(Draft.of(JOB))).name()).isNull();
  }

  @Test
  void deletesOneThatDoesNotRun() {
    Node node = openNode();
    TriggerRecord waiting = row(enqueue(Draft.standing(JOB).key("waiting")));
    assertThat(store.triggers().delete(waiting.id(), waiting.version())).isTrue();
    assertThat(isGone(waiting.id())).isTrue();
    assertThat(store.triggers().delete(waiting.id(), waiting.version())).isFalse();

    Claim claim = claimed(node, Draft.standing(JOB).key("paused"));
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    TriggerRecord paused = row(claim.guard().id());
    assertThat(store.triggers().delete(paused.id(), paused.version())).isTrue();
    assertThat(isGone(paused.id())).isTrue();
    assertThat(enqueue(Draft.standing(JOB).key("paused"))).isNotEqualTo(paused.id());
  }

  @Test
  void deletesNothingElse() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerRecord running = row(claim.guard().id());
    TriggerRecord once = row(enqueue(Draft.of(JOB)));
    TriggerRecord waiting = row(enqueue(Draft.standing(JOB).key("waiting")));
    assertThat(store.triggers().delete(running.id(), running.version())).isFalse();
    assertThat(store.triggers().delete(once.id(), once.version())).isFalse();
    assertThat(store.triggers().delete(waiting.id(), waiting.version() + 1)).isFalse();
    assertThat(store.triggers().delete(TriggerId.next(), 0)).isFalse();
    assertThat(List.of(row(running.id()), row(once.id()), row(waiting.id())))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(running, once, waiting);
  }

  @Test
  void isEitherClaimedOrDeleted() {
    List<Store> stores = stores(2);
    Node node = openNode();
    for (int round = 0; round < 30; round++) {
      TriggerRecord row = row(enqueue(Draft.standing(JOB).key("round " + round)));
      List<Boolean> won =
          Race.of(
              2,
              number ->
                  number == 0
                      ? stores.get(0).triggers().delete(row.id(), row.version())
                      : !node.through(stores.get(1)).claim(10).isEmpty());
      assertThat(won.get(0) && won.get(1)).as("both").isFalse();
      assertThat(isGone(row.id())).isEqualTo(won.get(0));
      node.claim(10);
      if (!won.get(0)) {
        assertThat(node.runningIds()).contains(row.id());
      }
    }
  }
}
