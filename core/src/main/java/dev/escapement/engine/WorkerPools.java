package dev.escapement.engine;

import static java.util.Objects.requireNonNull;

import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.NodeLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The pools of all queues that this node serves. Thread-safe. */
final class WorkerPools {

  private final Map<String, WorkerPool> poolOf = new LinkedHashMap<>();
  private final List<Dealer> dealers = new ArrayList<>();
  private final List<ExecutorService> owned = new ArrayList<>();

  WorkerPools(Set<String> queues, Settings settings, LongSupplier nanoClock, Consumer<Run> body) {
    Serving serving = settings.workers().serving();
    Set<String> alone = new LinkedHashSet<>(queues);
    for (Serving.Shared group : serving.shared()) {
      alone.removeAll(group.weights().keySet());
      add(group, settings, nanoClock, body);
    }
    for (String queue : alone) {
      int count = serving.ofQueue().getOrDefault(queue, serving.perQueue());
      add(new Serving.Shared(count, Map.of(queue, 1)), settings, nanoClock, body);
    }
  }

  private void add(
      Serving.Shared group, Settings settings, LongSupplier nanoClock, Consumer<Run> body) {
    String name = String.join("+", new TreeSet<>(group.weights().keySet()));
    WorkerPool pool =
        new WorkerPool(name, group.workers(), threads(settings, name), nanoClock, body);
    Duration ageing = settings.workers().serving().ageing();
    long poll = settings.timing().poll().toNanos();
    List<Appetite> appetites = new ArrayList<>();
    for (String queue : group.weights().keySet()) {
      poolOf.put(queue, pool);
      appetites.add(new Appetite(queue, ageing, poll));
    }
    dealers.add(new Dealer(pool, group.weights(), appetites));
  }

  private Executor threads(Settings settings, String queue) {
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
            0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), named);
    return owned(pool);
  }

  private ExecutorService owned(ExecutorService service) {
    owned.add(service);
    return service;
  }

  Set<String> queues() {
    return poolOf.keySet();
  }

  /** Something may have become due in any queue. The poller's, as the three that follow. */
  void refresh() {
    dealers.forEach(Dealer::refresh);
  }

  /**
   * What to ask the store for; a demand of zero for a queue that has no room.
   *
   * @param paused queues to leave out
   */
  List<ClaimRequest.Demand> demands(Set<String> paused, long now) {
    return dealers.stream().flatMap(dealer -> dealer.demands(paused, now).stream()).toList();
  }

  /**
   * What came of it.
   *
   * @return whether there may be more for a queue
   */
  boolean answered(ClaimResult result, Set<String> paused, long now) {
    Map<String, Map<Priority, Integer>> won = new HashMap<>();
    result.claims().forEach(claim -> count(won, claim.queue(), claim.priority()));
    result
        .spawners()
        .forEach(spawner -> count(won, spawner.trigger().queue(), spawner.trigger().priority()));
    boolean more = false;
    for (Dealer dealer : dealers) {
      more |= dealer.answered(won, paused, now);
    }
    return more;
  }

  private static void count(
      Map<String, Map<Priority, Integer>> won, String queue, Priority priority) {
    won.computeIfAbsent(queue, any -> new EnumMap<>(Priority.class))
        .merge(priority, 1, Integer::sum);
  }

  /** A claim that brought something took so many nanoseconds. */
  void claimTook(long nanos) {
    pools().forEach(pool -> pool.claimTook(nanos));
  }

  /** Whether a queue that may have work wasn't asked for any, for want of room. */
  boolean unasked(Set<String> paused) {
    return dealers.stream().anyMatch(dealer -> dealer.unasked(paused));
  }

  /**
   * Hands claims to the pools of their queues, and puts idle workers of all to work.
   *
   * @return those that nobody takes any more, because the node stops
   */
  List<Run> offer(List<Run> runs) {
    Map<WorkerPool, List<Run>> byPool = new HashMap<>();
    for (Run run : runs) {
      WorkerPool pool = poolOf.get(run.claim().queue());
      byPool.computeIfAbsent(requireNonNull(pool), any -> new ArrayList<>()).add(run);
    }
    List<Run> refused = new ArrayList<>();
    for (Dealer dealer : dealers) {
      List<Run> own = byPool.getOrDefault(dealer.pool(), List.of());
      if (!dealer.pool().offer(own)) {
        refused.addAll(own);
      }
    }
    return refused;
  }

  /** The outcome of a run is written: there is room again. */
  void settled(Run run) {
    WorkerPool pool = poolOf.get(run.claim().queue());
    if (pool != null) {
      pool.settled(run);
    }
  }

  /** The outcome of a run has to wait for others. Whether that makes room for another run. */
  boolean delayed(Run run) {
    WorkerPool pool = poolOf.get(run.claim().queue());
    return pool != null && pool.delayed(run);
  }

  boolean anyDemand(Set<String> paused) {
    return dealers.stream().anyMatch(dealer -> dealer.wants(paused));
  }

  /** The thread of a run was given up. */
  void abandoned(Run run) {
    WorkerPool pool = poolOf.get(run.claim().queue());
    if (pool != null) {
      pool.abandoned(run);
    }
  }

  List<Run> takeUnstarted(long askedBefore) {
    return pools().flatMap(pool -> pool.takeUnstarted(askedBefore).stream()).toList();
  }

  NodeLoad load() {
    return new NodeLoad(capacity(), running());
  }

  int capacity() {
    return pools().mapToInt(WorkerPool::workers).sum();
  }

  int running() {
    return pools().mapToInt(WorkerPool::busy).sum();
  }

  int wedged() {
    return pools().mapToInt(WorkerPool::wedged).sum();
  }

  int buffered() {
    return pools().mapToInt(WorkerPool::buffered).sum();
  }

  private Stream<WorkerPool> pools() {
    return dealers.stream().map(Dealer::pool);
  }

  /** Takes back all that hasn't started; nothing more is wanted. */
  List<Run> close() {
    return pools().flatMap(pool -> pool.close().stream()).toList();
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
