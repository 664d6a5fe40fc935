package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Hold;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What no node knows waits aside, and no longer than that. */
abstract class HoldContract extends Contract {

  private static final String STRANGER = "stranger";

  HoldContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private Set<String> strangers(int window) {
    return store.holds().strangers(Set.of(Node.QUEUE), Set.of(JOB), window);
  }

  @Test
  void namesTheStrangersAmongTheFirstDue() {
    enqueue(Draft.of(JOB));
    enqueue(Draft.of(STRANGER));
    enqueue(Draft.of("urgent stranger").priority(Priority.HIGH));
    enqueue(Draft.of("future stranger").due(Due.in(HOUR)));
    enqueue(Draft.of("stranger elsewhere").queue("elsewhere"));
    assertThat(strangers(10)).containsExactlyInAnyOrder(STRANGER, "urgent stranger");
    assertThat(store.holds().strangers(Set.of(Node.QUEUE, "elsewhere"), Set.of(STRANGER), 10))
        .containsExactlyInAnyOrder(JOB, "urgent stranger", "stranger elsewhere");
  }

  @Test
  void looksAsFarAsTheWindow() {
    enqueue(3, Draft.of(JOB));
    enqueue(Draft.of(STRANGER).due(LONG_AGO.plus(HOUR)));
    assertThat(strangers(4)).containsExactly(STRANGER);
  }

  @Test
  void namesNobodyWhoIsParkedOrRuns() {
    enqueue(Draft.of(STRANGER));
    store.holds().park(STRANGER, 10);
    enqueue(Draft.of("runs"));
    assertThat(Node.open(store, "runs").claim(10)).hasSize(1);
    assertThat(strangers(10)).isEmpty();
  }

  @Test
  void parksOutOfTheClaimsSight() {
    TriggerId id = enqueue(Draft.of(STRANGER));
    TriggerRecord before = row(id);
    assertThat(store.holds().park(STRANGER, 10)).isEqualTo(1);
    TriggerRecord parked = row(id);
    assertThat(parked.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(parked.holds()).containsExactly(Hold.NO_HANDLER);
    assertThat(parked).usingRecursiveComparison().ignoringFields("holds").isEqualTo(before);
    assertThat(Node.open(store, STRANGER).claim(10)).isEmpty();
  }

  @Test
  void parksWhatIsDueOfThatJobAndNothingElse() {
    TriggerId due = enqueue(Draft.of(STRANGER));
    TriggerId urgent = enqueue(Draft.of(STRANGER).queue("other").priority(Priority.HIGH));
    TriggerId later = enqueue(Draft.of(STRANGER).due(Due.in(HOUR)));
    TriggerId another = enqueue(Draft.of("another"));
    assertThat(store.holds().park(STRANGER, 10)).isEqualTo(2);
    assertThat(row(due).holds()).isNotEmpty();
    assertThat(row(urgent).holds()).isNotEmpty();
    assertThat(row(later).holds()).isEmpty();
    assertThat(row(another).holds()).isEmpty();
  }

  @Test
  void parksEachOnceAndAFewAtATime() {
    enqueue(5, Draft.of(STRANGER));
    assertThat(store.holds().park(STRANGER, 3)).isEqualTo(3);
    assertThat(store.holds().park(STRANGER, 3)).isEqualTo(2);
    assertThat(store.holds().park(STRANGER, 3)).isZero();
  }

  @Test
  void parksNothingThatALiveSessionKnows() {
    enqueue(Draft.of(STRANGER));
    Node knows = Node.open(store, JOB, STRANGER);
    assertThat(store.holds().park(STRANGER, 10)).isZero();
    knows.die();
    assertThat(store.holds().park(STRANGER, 10)).isEqualTo(1);
  }

  @Test
  void parksAgainWhenTheLastWhoKnewHasGone() {
    enqueue(Draft.of(STRANGER));
    Node knows = Node.open(store, STRANGER);
    Node knowsToo = Node.open(store, STRANGER);
    knows.close();
    assertThat(store.holds().park(STRANGER, 10)).isZero();
    knowsToo.close();
    assertThat(store.holds().park(STRANGER, 10)).isEqualTo(1);
  }

  @Test
  void freesWhatWasParked() {
    List<TriggerId> ids = enqueue(5, Draft.of(STRANGER));
    TriggerId other = enqueue(Draft.of("another"));
    store.holds().park(STRANGER, 10);
    store.holds().park("another", 10);
    Node node = Node.open(store, STRANGER, "another");
    assertThat(store.holds().unpark(Set.of(STRANGER, "absent"), 3)).isEqualTo(3);
    assertThat(store.holds().unpark(Set.of(STRANGER, "absent"), 3)).isEqualTo(2);
    assertThat(store.holds().unpark(Set.of(STRANGER, "absent"), 3)).isZero();
    assertThat(row(other).holds()).containsExactly(Hold.NO_HANDLER);
    assertThat(ids(node.claim(10))).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(store.holds().unpark(Set.of("another"), 3)).isEqualTo(1);
    assertThat(ids(node.claim(10))).containsExactly(other);
  }

  @Test
  void freesNothingForNobody() {
    enqueue(Draft.of(STRANGER));
    store.holds().park(STRANGER, 10);
    assertThat(store.holds().unpark(Set.of(), 10)).isZero();
    assertThat(store.holds().strangers(Set.of(), Set.of(), 10)).isEmpty();
  }

  @Test
  void neverParksBehindTheBackOfASessionThatAppears() {
    List<Store> stores = stores(4);
    for (int round = 0; round < 50; round++) {
      String job = "job-" + round;
      List<TriggerId> due = enqueue(5, Draft.of(job));
      List<TriggerId> claimed = new ArrayList<>();
      Race.of(
          4,
          number -> {
            Store mine = stores.get(number);
            if (number == 0) {
              Node node = Node.open(mine, job);
              mine.holds().unpark(Set.of(job), 100);
              claimed.addAll(ids(node.claim(100)));
            } else {
              for (int i = 0; i < 5; i++) {
                mine.holds().park(job, 2);
              }
            }
            return number;
          });
      assertThat(due).allMatch(id -> row(id).holds().isEmpty());
      assertThat(claimed).containsExactlyInAnyOrderElementsOf(due);
    }
  }

  @Test
  void parksWhatIsOfAPausedJobWhoeverKnowsIt() {
    Node node = openNode();
    TriggerId due = enqueue(Draft.of(JOB));
    TriggerId later = enqueue(Draft.of(JOB).due(Due.in(HOUR)));
    store.jobs().pause(JOB, true);
    assertThat(store.holds().park(JOB, 10)).isEqualTo(1);
    assertThat(row(due).holds()).containsExactly(Hold.JOB_PAUSED);
    assertThat(row(later).holds()).isEmpty();
    assertThat(node.claim(10)).isEmpty();

    node.close();
    enqueue(Draft.of(JOB));
    assertThat(store.holds().park(JOB, 10)).as("nobody knows it either").isEqualTo(1);
    assertThat(row(due).holds()).containsExactly(Hold.JOB_PAUSED);
  }

  @Test
  void freesWhatIsOfAJobThatIsPutBack() {
    Node node = Node.open(store, JOB, "paused too");
    List<TriggerId> ids = enqueue(5, Draft.of(JOB));
    TriggerId other = enqueue(Draft.of("paused too"));
    for (String job : List.of(JOB, "paused too")) {
      store.jobs().pause(job, true);
      store.holds().park(job, 10);
    }
    assertThat(store.holds().unpark(Set.of(JOB, "paused too"), 10)).isZero();

    store.jobs().pause(JOB, false);
    assertThat(store.holds().unpark(Set.of(JOB, "paused too"), 3)).isEqualTo(3);
    assertThat(store.holds().unpark(Set.of(JOB, "paused too"), 3)).isEqualTo(2);
    assertThat(store.holds().unpark(Set.of(JOB, "paused too"), 3)).isZero();
    assertThat(ids(node.claim(10))).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(row(other).holds()).containsExactly(Hold.JOB_PAUSED);
  }

  @Test
  void changesOneHoldForTheOther() {
    Node.open(store, STRANGER).close();
    TriggerId id = enqueue(Draft.of(STRANGER));
    store.holds().park(STRANGER, 10);
    store.jobs().pause(STRANGER, true);
    assertThat(store.holds().park(STRANGER, 10)).as("it is held already").isZero();
    assertThat(row(id).holds()).containsExactly(Hold.NO_HANDLER);

    Node.open(store, STRANGER);
    assertThat(store.holds().unpark(Set.of(STRANGER), 10)).isEqualTo(1);
    assertThat(row(id).holds()).isEmpty();
    assertThat(store.holds().park(STRANGER, 10)).isEqualTo(1);
    assertThat(row(id).holds()).containsExactly(Hold.JOB_PAUSED);
  }

  @Test
  void neverParksBehindTheBackOfWhoeverPutsAJobBack() {
    List<Store> stores = stores(4);
    Node node = openNode();
    for (int round = 0; round < 50; round++) {
      List<TriggerId> due = enqueue(5, Draft.of(JOB));
      store.jobs().pause(JOB, true);
      List<TriggerId> claimed = new ArrayList<>();
      Race.of(
          4,
          number -> {
            Store mine = stores.get(number);
            if (number == 0) {
              mine.jobs().pause(JOB, false);
              mine.holds().unpark(Set.of(JOB), 100);
              claimed.addAll(ids(node.through(mine).claim(100)));
            } else {
              for (int i = 0; i < 5; i++) {
                mine.holds().park(JOB, 2);
              }
            }
            return number;
          });
      assertThat(due).allMatch(id -> row(id).holds().isEmpty());
      assertThat(claimed).containsExactlyInAnyOrderElementsOf(due);
    }
  }
}
