package dev.escapement.conformance;

import dev.escapement.Enqueued;
import dev.escapement.ExecutionFilter;
import dev.escapement.Job;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Real nodes over the data of one test, each with a store instance of its own. */
final class LiveNodes implements AutoCloseable {

  final Witness witness = new Witness();

  private final Supplier<Store> newStore;
  private final List<Scheduler> nodes = Collections.synchronizedList(new ArrayList<>());

  LiveNodes(Supplier<Store> newStore) {
    this.newStore = newStore;
  }

  /** A node to be, which polls often and is heard by the witness. */
  SchedulerBuilder node(Job<?>... jobs) {
    return Scheduler.builder()
        .nodeName("node-" + nodes.size())
        .listener(witness)
        .pollInterval(Duration.ofMillis(200))
        .stopGrace(Duration.ofSeconds(5))
        .jobs(jobs);
  }

  Scheduler start(Job<?>... jobs) {
    return start(node(jobs));
  }

  Scheduler start(SchedulerBuilder builder) {
    return start(builder, newStore.get());
  }

  Scheduler start(SchedulerBuilder builder, Store store) {
    Scheduler scheduler = builder.store(store).start();
    nodes.add(scheduler);
    return scheduler;
  }

  List<Scheduler> all() {
    return List.copyOf(nodes);
  }

  Store store() {
    return newStore.get();
  }

  List<ExecutionRecord> history(Enqueued enqueued) {
    return store().history().of(enqueued.id());
  }

  /** All that has ended, the oldest first. */
  List<ExecutionRecord> history() {
    List<ExecutionRecord> all =
        new ArrayList<>(store().history().list(ExecutionFilter.all(), null, 10_000));
    Collections.reverse(all);
    return all;
  }

  @Override
  public void close() {
    all().forEach(Scheduler::close);
  }
}
