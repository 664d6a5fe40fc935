package dev.escapement.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.engine.FaultyStore.Fault;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Request;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One node watches how another dies, and what becomes of what that one held. */
class TakeoverTest {

  private static final Job<?> JOB = Job.of(JobType.of("job", String.class), (text, context) -> {});
  private static final Job<?> RECURRING =
      Job.recurring("recurring", Schedules.every(Duration.ofMinutes(1)), context -> {});

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench watcher = opened("watcher");

  private Bench opened(String name) {
    return Bench.opened(clock, memory, name, JOB, RECURRING);
  }

  private void heartbeats(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      clock.pass(Duration.ofSeconds(5));
      watcher.heart.turn();
      watcher.audit.turn();
    }
  }

  private boolean isLive(Bench node) {
    return memory.sessions().all().stream()
        .filter(session -> session.id().equals(node.session().id()))
        .anyMatch(SessionRecord::live);
  }

  private NewTrigger enqueue() {
    NewTrigger trigger =
        Given.oneTime("job", null, Due.now(), "\"text\"".getBytes(StandardCharsets.UTF_8));
    memory.triggers().enqueue(List.of(trigger));
    return trigger;
  }

  /** A node that claims all there is, and is never heard of again. */
  private Bench killedWithAClaim() throws InterruptedException {
    Bench node = opened("victim");
    node.poller.turn();
    watcher.audit.turn();
    return node;
  }

  @Test
  void aDeadNodesTriggerIsTakenOverAfterOneLeaseAndRunAgain() throws Exception {
    TriggerId id = enqueue().id();
    Bench victim = killedWithAClaim();
    heartbeats(3);
    assertThat(isLive(victim)).isTrue();
    assertThat(watcher.isRunning(id)).isTrue();
    heartbeats(1);
    assertThat(isLive(victim)).isFalse();
    heartbeats(1);

    TriggerRecord row = watcher.row(id);
    assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row.attempt()).as("counted when it was claimed").isEqualTo(1);
    assertThat(row.lost()).isEqualTo(1);
    assertThat(watcher.history(id)).containsExactly(Outcome.LOST);
    assertThat(watcher.count(Outcome.LOST)).isPositive();
    assertThat(watcher.somethingDue).isPositive();

    watcher.poller.turn();
    watcher.work();
    watcher.completer.turn();
    assertThat(watcher.history(id)).containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
    assertThat(memory.history().of(id).get(1).attempt()).isEqualTo(2);
  }

  @Test
  void whatTheDeadNodeThenWritesIsFenced() throws Exception {
    TriggerId id = enqueue().id();
    Bench victim = killedWithAClaim();
    victim.work();
    heartbeats(5);
    victim.completer.turn();
    assertThat(victim.counters.fenced.sum()).isPositive();
    assertThat(watcher.history(id)).containsExactly(Outcome.LOST);
  }

  @Test
  void aNodeThatComesBackFindsItselfDeadAndBeginsAnewLife() throws Exception {
    Bench victim = killedWithAClaim();
    Session first = victim.session();
    heartbeats(5);
    victim.heart.turn();
    assertThat(first.isDead()).isTrue();
    assertThat(victim.session().id()).isNotEqualTo(first.id());
    assertThat(victim.session().trusted()).isTrue();
    assertThat(victim.counters.sessions.sum()).isEqualTo(2);
  }

  @Test
  void aNodeThatBeatsIsNeverCalledDead() throws Exception {
    Bench other = opened("other");
    for (int i = 0; i < 50; i++) {
      heartbeats(1);
      other.heart.turn();
    }
    assertThat(isLive(other)).isTrue();
  }

  @Test
  void aOneTimeTriggerThatKillsItsNodesIsQuarantinedWithItsPayload() throws Exception {
    NewTrigger poison = enqueue();
    for (int death = 1; death <= 3; death++) {
      assertThat(watcher.isGone(poison.id())).isFalse();
      killedWithAClaim();
      heartbeats(5);
    }
    assertThat(watcher.isGone(poison.id())).isTrue();
    assertThat(watcher.history(poison.id()))
        .containsExactly(Outcome.LOST, Outcome.LOST, Outcome.FAILED);
    ExecutionRecord last = memory.history().of(poison.id()).get(2);
    assertThat(last.payload()).isEqualTo(poison.payload());
    assertThat(last.attempt()).isEqualTo(3);
    assertThat(requireNonNull(last.failure()).type()).isEqualTo("quarantined");
  }

  @Test
  void aStandingTriggerThatKillsItsNodesIsPausedWithAReasonAndCanBeResumed() throws Exception {
    for (int death = 1; death <= 3; death++) {
      killedWithAClaim();
      heartbeats(5);
    }
    TriggerRecord row = memory.triggers().find("recurring", TriggerKind.STANDING_KEY).orElseThrow();
    assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(requireNonNull(row.reason())).contains("quarantined");
    assertThat(watcher.history(row.id()))
        .containsExactly(Outcome.LOST, Outcome.LOST, Outcome.FAILED);

    assertThat(memory.requests().put(List.of(row.id()), new Request.Resume()))
        .containsOnlyKeys(row.id());
    watcher.poller.turn();
    watcher.work();
    watcher.completer.turn();
    TriggerRecord resumed = watcher.row(row.id());
    assertThat(resumed.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(resumed.lost()).isZero();
  }

  @Test
  void afterAFailedBeatOfItsOwnTheWatcherGrantsAWholeLease() throws Exception {
    Bench silent = killedWithAClaim();
    heartbeats(3);
    watcher.store.atBeat.add(Fault.TRANSIENT);
    assertThatThrownBy(watcher.heart::turn).isInstanceOf(TransientStoreException.class);
    heartbeats(4);
    assertThat(isLive(silent)).isTrue();
    heartbeats(1);
    assertThat(isLive(silent)).isFalse();
  }

  /**
   * The store answered nobody for a while, and no call failed: nobody's beat could come through.
   */
  @Test
  void afterASilenceThatWasItsOwnTheWatcherGrantsAWholeLease() throws Exception {
    Bench silent = killedWithAClaim();
    heartbeats(1);
    clock.pass(Duration.ofSeconds(25));
    watcher.heart.turn();
    watcher.audit.turn();
    assertThat(isLive(silent)).isTrue();
    heartbeats(3);
    assertThat(isLive(silent)).isTrue();
    heartbeats(1);
    assertThat(isLive(silent)).isFalse();
  }

  /** Its node alone would otherwise run it twice at once. */
  @Test
  void aNodeLeavesARunOfItsOwnEarlierSessionAlone() {
    List<TriggerState> seen = new ArrayList<>();
    Bench[] node = new Bench[1];
    Job<?> job =
        Job.of(
            JobType.of("long"),
            context -> {
              Bench self = requireNonNull(node[0]);
              memory.sessions().declareDead(self.session().id(), 0);
              self.heart.turn();
              self.audit.turn();
              seen.add(self.row(context.triggerId()).state());
            });
    node[0] = Bench.opened(clock, memory, "node", job);
    TriggerId id = node[0].enqueue("long");
    node[0].poller.turn();
    node[0].work();
    node[0].completer.turn();

    assertThat(seen).containsExactly(TriggerState.RUNNING);
    assertThat(node[0].history(id)).containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void ofTwoWatchersOneTakesOver() throws Exception {
    TriggerId id = enqueue().id();
    Bench second = opened("second");
    killedWithAClaim();
    second.audit.turn();
    for (int i = 0; i < 6; i++) {
      heartbeats(1);
      second.heart.turn();
      second.audit.turn();
    }
    assertThat(watcher.history(id)).containsExactly(Outcome.LOST);
    assertThat(watcher.row(id).lost()).isEqualTo(1);
    assertThat(watcher.count(Outcome.LOST) + second.count(Outcome.LOST))
        .as("the one-time trigger and the recurring one")
        .isEqualTo(2);
  }
}
