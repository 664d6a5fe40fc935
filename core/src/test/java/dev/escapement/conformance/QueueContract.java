package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Queues.Depth;
import dev.escapement.store.Request;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people decide about queues, and how long they are. */
abstract class QueueContract extends Contract {

  QueueContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void pausesAndResumesAnyQueue() {
    assertThat(store.queues().paused()).isEmpty();
    assertThat(store.queues().pause("Ünbekannt 🕰", true)).isTrue();
    assertThat(store.queues().pause("mail", true)).isTrue();
    assertThat(anotherStore().queues().paused()).isEqualTo(Set.of("Ünbekannt 🕰", "mail"));
    assertThat(store.queues().pause("mail", false)).isTrue();
    assertThat(store.queues().paused()).containsExactly("Ünbekannt 🕰");
    assertThat(store.queues().pause("mail", true)).isTrue();
    assertThat(store.queues().paused()).contains("mail");
  }

  @Test
  void raisesTheEpochWithEachChangeAndNothingElse() {
    Node node = openNode();
    assertEpoch(node, false, () -> assertThat(store.queues().pause("mail", false)).isFalse());
    assertEpoch(node, true, () -> assertThat(store.queues().pause("mail", true)).isTrue());
    assertEpoch(node, false, () -> assertThat(store.queues().pause("mail", true)).isFalse());
    assertEpoch(node, true, () -> assertThat(store.queues().pause("mail", false)).isTrue());
    assertEpoch(node, false, () -> assertThat(store.queues().pause("mail", false)).isFalse());
    assertEpoch(node, false, () -> store.queues().depth("mail", 10));
  }

  private static void assertEpoch(Node node, boolean raised, Runnable action) {
    long before = node.epoch();
    action.run();
    if (raised) {
      assertThat(node.epoch()).isGreaterThan(before);
    } else {
      assertThat(node.epoch()).isEqualTo(before);
    }
  }

  @Test
  void changesOnceForManyWhoPause() {
    List<Store> stores = stores(4);
    assertThat(Race.of(4, number -> stores.get(number).queues().pause("mail", true)))
        .containsOnlyOnce(true);
    assertThat(Race.of(4, number -> stores.get(number).queues().pause("mail", false)))
        .containsOnlyOnce(true);
  }

  @Test
  void isAsLongAsWhatIsDueInIt() {
    Instant before = store.now();
    assertDepth(store.queues().depth("mail", 10), 0, null, before);

    enqueue(2, Draft.of(JOB).queue("mail").priority(Priority.HIGH).due(LONG_AGO.plusSeconds(5)));
    enqueue(3, Draft.of(JOB).queue("mail").priority(Priority.LOW));
    enqueue(Draft.standing("other").queue("mail").due(LONG_AGO.plusSeconds(9)));
    enqueue(Draft.of(JOB).queue("mail").due(Due.in(HOUR)));
    enqueue(4, Draft.of(JOB).queue("elsewhere").due(LONG_AGO.minusSeconds(1)));
    assertDepth(store.queues().depth("mail", 100), 6, LONG_AGO, before);
    assertDepth(store.queues().depth("mail", 6), 6, LONG_AGO, before);
    assertDepth(store.queues().depth("elsewhere", 10), 4, LONG_AGO.minusSeconds(1), before);
  }

  @Test
  void countsNoFurtherThanOneBeyondTheCap() {
    Instant before = store.now();
    enqueue(20, Draft.of(JOB).priority(Priority.HIGH).due(LONG_AGO.plusSeconds(1)));
    enqueue(20, Draft.of(JOB).priority(Priority.LOW));
    assertDepth(store.queues().depth(Node.QUEUE, 5), 6, LONG_AGO, before);
    assertDepth(store.queues().depth(Node.QUEUE, 25), 26, LONG_AGO, before);
    assertDepth(store.queues().depth(Node.QUEUE, 0), 1, LONG_AGO, before);
  }

  @Test
  void leavesOutWhatRunsOrMayNotRun() {
    Node node = openNode();
    Instant before = store.now();
    List<TriggerId> ids = enqueue(4, Draft.of(JOB));
    node.claim(1);
    assertThat(store.queues().depth(Node.QUEUE, 10).due()).isEqualTo(3);
    TriggerId paused = ids.stream().filter(id -> row(id).owner() == null).findFirst().orElseThrow();
    ask(paused, new Request.Pause());
    assertThat(store.queues().depth(Node.QUEUE, 10).due()).isEqualTo(2);
    store.jobs().pause(JOB, true);
    store.holds().park(JOB, 10);
    assertDepth(store.queues().depth(Node.QUEUE, 10), 0, null, before);
  }

  private void assertDepth(Depth depth, long due, @Nullable Instant oldest, Instant before) {
    assertThat(depth.due()).isEqualTo(due);
    assertThat(depth.oldestDue()).isEqualTo(oldest);
    assertThat(depth.now()).isBetween(before, store.now());
  }
}
