package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Jobs.Deletion;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What people decide about a job. */
abstract class DecisionContract extends Contract {

  DecisionContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void overridesAScheduleAndTakesItBack() {
    Node.open(store, declared(JOB, Node.QUEUE, "each hour"), declared("another", "q", null));
    assertThat(store.jobs().override(JOB, "each day 🕰")).isTrue();
    assertThat(job(JOB).override()).isEqualTo("each day 🕰");
    assertThat(job(JOB).inForce()).isEqualTo(declared(JOB, Node.QUEUE, "each hour"));
    assertThat(job("another").override()).isNull();

    assertThat(store.jobs().override(JOB, null)).isTrue();
    assertThat(job(JOB).override()).isNull();
  }

  @Test
  void pausesAJobAndPutsItBack() {
    Node.open(store, JOB, "another");
    assertThat(store.jobs().pause(JOB, true)).isTrue();
    assertThat(job(JOB).paused()).isTrue();
    assertThat(job("another").paused()).isFalse();
    assertThat(store.jobs().pause(JOB, false)).isTrue();
    assertThat(job(JOB).paused()).isFalse();
  }

  @Test
  void staysDecidedWhateverNodesDeclare() {
    Node node = openNode();
    store.jobs().override(JOB, "each day");
    store.jobs().pause(JOB, true);
    node.close();
    Node.open(store, declared(JOB, "elsewhere", "each minute"));
    assertThat(job(JOB).override()).isEqualTo("each day");
    assertThat(job(JOB).paused()).isTrue();
  }

  @Test
  void decidesNothingAboutAJobThatThereIsNot() {
    enqueue(Draft.of(JOB));
    assertThat(store.jobs().override(JOB, "each day")).isFalse();
    assertThat(store.jobs().pause(JOB, true)).isFalse();
    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.UNKNOWN);
    assertThat(store.jobs().all()).isEmpty();
  }

  @Test
  void raisesTheEpochIfItChangedSomething() {
    Node observer = openNode();
    Node.open(store, "old").close();
    assertRaises(observer, true, () -> store.jobs().override(JOB, "each day"));
    assertRaises(observer, false, () -> store.jobs().override(JOB, "each day"));
    assertRaises(observer, true, () -> store.jobs().override(JOB, null));
    assertRaises(observer, true, () -> store.jobs().pause(JOB, true));
    assertRaises(observer, false, () -> store.jobs().pause(JOB, true));
    assertRaises(observer, true, () -> store.jobs().pause(JOB, false));
    assertRaises(observer, false, () -> store.jobs().pause("absent", true));
    assertRaises(observer, false, () -> store.jobs().delete("absent", 100));
    assertRaises(observer, false, () -> store.jobs().delete(JOB, 100));
    assertRaises(observer, true, () -> store.jobs().delete("old", 100));
    assertRaises(observer, false, () -> store.jobs().settle(Set.of(JOB)));
    assertRaises(observer, false, () -> store.jobs().all());
  }

  private static void assertRaises(Node observer, boolean expected, Runnable decision) {
    long before = observer.epoch();
    decision.run();
    assertThat(observer.epoch() > before).isEqualTo(expected);
  }

  @Test
  void deletesNothingThatALiveSessionKnows() {
    openNode();
    TriggerId waiting = enqueue(Draft.of(JOB));
    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.LIVE);
    assertThat(row(waiting)).isNotNull();
    assertThat(job(JOB).inForce()).isNotNull();
  }

  @Test
  void deletesNothingThatRuns() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    TriggerId waiting = enqueue(Draft.of(JOB));
    node.close();
    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.RUNNING);
    assertThat(row(waiting)).isNotNull();
    assertThat(job(JOB).inForce()).isNotNull();
    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.DELETED);
  }

  @Test
  void deletesAJobWithAllThatWaitsButNotItsPast() {
    Node node = Node.open(store, JOB, "another");
    Claim ended = claimed(node, Draft.of(JOB));
    end(ended, Outcome.SUCCEEDED, Next.REMOVE);
    Claim paused = claimed(node, Draft.of(JOB).key("paused"));
    end(paused, Outcome.FAILED, new Next.Pause("enough"));
    List<TriggerId> all =
        List.of(
            paused.guard().id(),
            enqueue(Draft.of(JOB)),
            enqueue(Draft.of(JOB).due(Due.in(HOUR)).queue("elsewhere")),
            enqueue(Draft.standing(JOB)));
    TriggerId another = enqueue(Draft.of("another"));
    node.close();
    store.holds().park(JOB, 1);

    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.DELETED);

    assertThat(all).allMatch(this::isGone);
    assertThat(row(another)).isNotNull();
    assertThat(store.jobs().all()).extracting(JobRecord::name).containsExactly("another");
    assertThat(store.history().of(ended.guard().id())).hasSize(1);
    assertThat(store.jobs().delete(JOB, 100)).isEqualTo(Deletion.UNKNOWN);
  }

  @Test
  void deletesAFewAtATimeUntilNoneIsLeft() {
    Node.open(store, declared(JOB, Node.QUEUE, "each hour"), declared("another", "q", null))
        .close();
    store.jobs().override(JOB, "each day");
    TriggerId another = enqueue(Draft.of("another"));
    List<TriggerId> all = enqueue(5, Draft.of(JOB));
    JobRecord before = job(JOB);

    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.MORE);
    assertThat(all).filteredOn(this::isGone).hasSize(2);
    assertThat(job(JOB)).isEqualTo(before);
    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.MORE);
    assertThat(all).filteredOn(this::isGone).hasSize(4);
    assertThat(job(JOB)).isEqualTo(before);
    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.DELETED);
    assertThat(all).allMatch(this::isGone);
    assertThat(store.jobs().all()).extracting(JobRecord::name).containsExactly("another");
    assertThat(row(another)).isNotNull();
  }

  @Test
  void isDoneWhenNoneIsLeftAndNotOneCallLater() {
    Node.open(store, JOB).close();
    enqueue(4, Draft.of(JOB));
    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.MORE);
    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.DELETED);
    assertThat(store.jobs().delete(JOB, 2)).isEqualTo(Deletion.UNKNOWN);
  }

  @Test
  void raisesTheEpochOnlyWhenTheJobHasGone() {
    Node observer = openNode();
    Node.open(store, "old").close();
    enqueue(3, Draft.of("old"));
    assertRaises(observer, false, () -> store.jobs().delete("old", 2));
    assertRaises(observer, true, () -> store.jobs().delete("old", 2));
  }

  @Test
  void deletesNotEvenAFewOfAJobOfWhichOneRuns() {
    Node node = openNode();
    List<TriggerId> waiting = new ArrayList<>(enqueue(3, Draft.of(JOB).due(Due.in(HOUR))));
    Claim claim = claimed(node, Draft.of(JOB));
    waiting.addAll(enqueue(3, Draft.of(JOB)));
    node.close();
    assertThat(store.jobs().delete(JOB, 1)).isEqualTo(Deletion.RUNNING);
    assertThat(waiting).noneMatch(this::isGone);
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(store.jobs().delete(JOB, 1)).isEqualTo(Deletion.MORE);
  }

  @Test
  void deletesNoMoreOfAJobThatComesBackOnTheWay() {
    Node.open(store, JOB).close();
    List<TriggerId> all = enqueue(3, Draft.of(JOB));
    assertThat(store.jobs().delete(JOB, 1)).isEqualTo(Deletion.MORE);
    openNode();
    assertThat(store.jobs().delete(JOB, 1)).isEqualTo(Deletion.LIVE);
    assertThat(all).filteredOn(this::isGone).hasSize(1);
    assertThat(job(JOB).sessions()).isEqualTo(1);
  }

  @Test
  void manyWhoDeleteAFewAtATimeAndChangeTheRestDoNotDeadlock() {
    List<Store> stores = stores(4);
    Node.open(store, JOB).close();
    List<TriggerId> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(enqueue(Draft.standing(JOB).key("k" + i)));
    }
    List<Amendment> backwards = new ArrayList<>();
    for (TriggerId id : all) {
      backwards.add(0, new Amendment(id, row(id).version(), "each day", null, null, null));
    }

    List<Deletion> last =
        Race.of(
            4,
            number -> {
              Store mine = stores.get(number);
              if (number == 3) {
                mine.triggers().amend(backwards);
              }
              Deletion deletion;
              do {
                deletion = mine.jobs().delete(JOB, 10);
              } while (deletion == Deletion.MORE);
              return deletion;
            });

    assertThat(last).containsOnlyOnce(Deletion.DELETED);
    assertThat(last).containsOnly(Deletion.DELETED, Deletion.UNKNOWN);
    assertThat(all).allMatch(this::isGone);
  }

  @Test
  void knowsNothingOfADeletedJobThatComesBack() {
    Node node = Node.open(store, declared(JOB, Node.QUEUE, "each hour"));
    store.jobs().override(JOB, "each day");
    store.jobs().pause(JOB, true);
    node.close();
    store.jobs().delete(JOB, 100);

    Instant before = store.now();
    Node.open(store, declared(JOB, Node.QUEUE, "each hour"));

    assertThat(job(JOB).override()).isNull();
    assertThat(job(JOB).paused()).isFalse();
    assertThat(job(JOB).firstSeen()).isAfterOrEqualTo(before);
    assertThat(job(JOB).sessions()).isEqualTo(1);
  }

  @Test
  void neverDeletesBehindTheBackOfASessionThatAppears() {
    List<Store> stores = stores(3);
    for (int round = 0; round < 40; round++) {
      String name = "job-" + round;
      Node.open(store, name).close();
      Race.of(
          3,
          number -> {
            Store mine = stores.get(number);
            return switch (number) {
              case 0 -> Node.open(mine, name);
              case 1 -> mine.jobs().delete(name, 100);
              default -> mine.holds().park(name, 10);
            };
          });
      assertThat(job(name).inForce()).isNotNull().isEqualTo(job(name).current());
      assertThat(job(name).sessions()).isEqualTo(1);
    }
  }
}
