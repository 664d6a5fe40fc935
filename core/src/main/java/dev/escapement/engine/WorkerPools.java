package dev.escapement.engine;

import dev.escapement.store.ClaimRequest;
import dev.escapement.store.NodeLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The pools of all queues that this node serves. Thread-safe. */
final class WorkerPools {

  private final Map<String, WorkerPool> pools = new LinkedHashMap<>();
  private final List<ExecutorService> owned = new ArrayList<>();

  WorkerPools(Set<String> queues, Settings settings, LongSupplier nanoClock, Consumer<Run> body) {
    Settings.Workers workers = settings.workers();
    for (String queue : queues) {
      int count = workers.ofQueue().getOrDefault(queue, workers.perQueue());
      Executor threads = threads(settings, queue, count);
      pools.put(queue, new WorkerPool(queue, count, threads, nanoClock, body));
    }
  }

  private Executor threads(Settings settings, String queue, int count) {
    Executor own = settings.workers().executor();
    if (own != null) {
      return own;
    }
    String prefix = "escapement-" + settings.identity().node() + "-" + queue + "-";
    if (settings.workers().threads() == Settings.Workers.Threads.VIRTUAL) {
      return owned(VirtualThreads.executor(prefix));
    }
    AtomicInteger number = new AtomicInteger();
    ThreadFactory named =
        task -> {
          Thread thread = new Thread(task, prefix + number.incrementAndGet());
          thread.setDaemon(false);
          return thread;
        };
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named);
    pool.allowCoreThreadTimeOut(true);
    return owned(pool);
  }

  private ExecutorService owned(ExecutorService service) {
    owned.add(service);
    return service;
  }

  Set<String> queues() {
    return pools.keySet();
  }

  /** What to ask the store for; a demand of zero for a queue that has no room. */
  List<ClaimRequest.Demand> demands() {
    return pools.values().stream()
        .map(pool -> new ClaimRequest.Demand(pool.queue(), pool.demand()))
        .toList();
  }

  /**
   * Hands claims to the pools of their queues, and puts idle workers of all to work.
   *
   * @return those that nobody takes any more, because the node stops
   */
  List<Run> offer(List<Run> runs) {
    Map<String, List<Run>> byQueue = new HashMap<>();
    for (Run run : runs) {
      byQueue.computeIfAbsent(run.claim().queue(), queue -> new ArrayList<>()).add(run);
    }
    List<Run> refused = new ArrayList<>();
    pools.forEach(
        (queue, pool) -> {
          List<Run> own = byQueue.getOrDefault(queue, List.of());
          if (!pool.offer(own)) {
            refused.addAll(own);
          }
        });
    return refused;
  }

  /** The outcome of a run is written: there is room again. */
  void settled(Run run) {
    WorkerPool pool = pools.get(run.claim().queue());
    if (pool != null) {
      pool.settled();
    }
  }

  boolean anyDemand() {
    return pools.values().stream().anyMatch(pool -> pool.demand() > 0);
  }

  List<Run> takeUnstarted(long askedBefore) {
    return pools.values().stream()
        .flatMap(pool -> pool.takeUnstarted(askedBefore).stream())
        .toList();
  }

  NodeLoad load() {
    return new NodeLoad(capacity(), running());
  }

  int capacity() {
    return pools.values().stream().mapToInt(WorkerPool::workers).sum();
  }

  int running() {
    return pools.values().stream().mapToInt(WorkerPool::busy).sum();
  }

  int buffered() {
    return pools.values().stream().mapToInt(WorkerPool::buffered).sum();
  }

  /** Takes back all that hasn't started; nothing more is wanted. */
  List<Run> close() {
    return pools.values().stream().flatMap(pool -> pool.close().stream()).toList();
  }

  /** Ends the engine's own threads, as far as handlers let it; the application's executor stays. */
  boolean dismiss(Duration limit) throws InterruptedException {
    owned.forEach(ExecutorService::shutdown);
    boolean all = true;
    for (ExecutorService service : owned) {
      all &= service.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
    return all;
  }
}
