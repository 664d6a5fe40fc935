package dev.escapement.engine;

import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest.Demand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deals the free slots of a pool out to the queues that it works for. A queue that had less than it
 * was asked for leaves its share to the others, until {@link #refresh()}. All demands together
 * never exceed the free slots. Not thread-safe: the poller's.
 */
final class Dealer {

  private final WorkerPool pool;
  private final List<Appetite> queues;
  private final Turns turns;
  private final Map<String, Integer> shares = new HashMap<>();

  /** Queues that had less than they were asked for. */
  private final Set<String> dry = new HashSet<>();

  Dealer(WorkerPool pool, Map<String, Integer> weights, List<Appetite> queues) {
    this.pool = pool;
    this.queues = queues;
    this.turns = new Turns(weights);
  }

  WorkerPool pool() {
    return pool;
  }

  /** Whether the pool has room and a queue that isn't paused. Any thread may ask. */
  boolean wants(Set<String> paused) {
    return pool.demand() > 0 && queues.stream().anyMatch(queue -> !paused.contains(queue.queue()));
  }

  /** Something may have become due in any queue. */
  void refresh() {
    dry.clear();
  }

  /**
   * What to ask the store for; a demand of zero for a queue that gets no slot.
   *
   * @param paused queues to leave out
   */
  List<Demand> demands(Set<String> paused, long now) {
    shares.clear();
    shares.putAll(turns.deal(pool.demand(), thirsty(paused)));
    List<Demand> demands = new ArrayList<>();
    for (Appetite queue : queues) {
      if (!paused.contains(queue.queue())) {
        demands.addAll(queue.demands(shares.getOrDefault(queue.queue(), 0), now));
      }
    }
    return demands;
  }

  private Set<String> thirsty(Set<String> paused) {
    Set<String> open = new LinkedHashSet<>();
    queues.forEach(queue -> open.add(queue.queue()));
    open.removeAll(paused);
    if (dry.containsAll(open)) {
      dry.clear();
    }
    open.removeAll(dry);
    return open;
  }

  /**
   * What came of the demands.
   *
   * @param won how many of each queue and priority
   * @return whether a queue may have more
   */
  boolean answered(Map<String, Map<Priority, Integer>> won, Set<String> paused, long now) {
    boolean more = false;
    boolean shorter = false;
    for (Appetite queue : queues) {
      if (shares.getOrDefault(queue.queue(), 0) > 0) {
        boolean full = queue.answered(won.getOrDefault(queue.queue(), Map.of()), now);
        more |= full;
        shorter |= !full && dry.add(queue.queue());
      }
    }
    return more || (shorter && unasked(paused) && pool.demand() > 0);
  }

  /** Whether a queue that may have work got no slot. */
  boolean unasked(Set<String> paused) {
    return queues.stream()
        .map(Appetite::queue)
        .anyMatch(
            queue ->
                shares.getOrDefault(queue, 0) == 0
                    && !dry.contains(queue)
                    && !paused.contains(queue));
  }
}
