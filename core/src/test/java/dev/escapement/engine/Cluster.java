package dev.escapement.engine;

import dev.escapement.ExecutionFilter;
import dev.escapement.Job;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Nodes over one store and one clock that a test turns; they race for what is due. */
final class Cluster implements AutoCloseable {

  private static final int TURNS_PER_TICK = 200;

  final HandClock clock;
  final MemoryStore memory;
  private final List<Bench> nodes = new CopyOnWriteArrayList<>();
  private final ExecutorService racers = Executors.newCachedThreadPool();

  Cluster(Instant start) {
    this.clock = new HandClock(start);
    this.memory = new MemoryStore(clock);
  }

  Bench join(String name, Job<?>... jobs) {
    Bench node = Bench.opened(clock, memory, name, jobs);
    nodes.add(node);
    return node;
  }

  /** Stops in good order. */
  void leave(Bench node) {
    nodes.remove(node);
    memory.sessions().close(node.session().id());
  }

  TriggerRecord standing(String job) {
    return memory.triggers().find(job, TriggerKind.STANDING_KEY).orElseThrow();
  }

  /** All that has ended, the oldest first. */
  List<ExecutionRecord> history() {
    List<ExecutionRecord> all =
        new ArrayList<>(memory.history().list(ExecutionFilter.all(), null, 10_000));
    Collections.reverse(all);
    return all;
  }

  /** Time passes; then all nodes beat, look, and race until nothing is due any more. */
  void tick(Duration duration) throws Exception {
    clock.pass(duration);
    for (Bench node : nodes) {
      node.heart.turn();
      node.audit.turn();
    }
    settle();
  }

  /** The nodes race until nothing is due any more. */
  void settle() throws Exception {
    for (int turn = 0; turn < TURNS_PER_TICK; turn++) {
      long before = claimed();
      race();
      for (Bench node : nodes) {
        node.audit.turn();
      }
      if (claimed() == before) {
        return;
      }
    }
    throw new AssertionError("there is always something due");
  }

  private long claimed() {
    return nodes.stream()
        .mapToLong(node -> node.counters.claimed.sum() + node.counters.spawned.sum())
        .sum();
  }

  private void race() throws Exception {
    CyclicBarrier start = new CyclicBarrier(nodes.size());
    List<Future<Void>> racing =
        nodes.stream()
            .map(
                node ->
                    racers.submit(
                        () -> {
                          start.await(10, TimeUnit.SECONDS);
                          node.poller.turn();
                          node.work();
                          node.completer.turn();
                          return (Void) null;
                        }))
            .toList();
    for (Future<Void> each : racing) {
      each.get(10, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    racers.shutdownNow();
  }
}
