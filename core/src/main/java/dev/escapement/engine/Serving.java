package dev.escapement.engine;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.policy.JobPolicy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which queues a node serves, and with how many workers.
 *
 * @param named the queues that it serves; empty for {@code default}, those of its jobs, and those
 *     that have workers
 * @param perQueue how many jobs a queue may run at once, where nothing else is said
 * @param ofQueue where something else is said
 * @param shared the groups of queues that share workers
 * @param ageing how long a trigger waits behind higher priorities before it gets a turn
 */
public record Serving(
    Set<String> named,
    int perQueue,
    Map<String, Integer> ofQueue,
    List<Shared> shared,
    Duration ageing) {

  /** The ageing where nothing else is said: nobody who chose LOW expects to be sooner. */
  public static final Duration AGEING = Duration.ofMinutes(1);

  /**
   * Queues that share workers.
   *
   * @param workers how many jobs they may run at once, together
   * @param weights the share of each while all of them have work
   */
  public record Shared(int workers, Map<String, Integer> weights) {}

  /**
   * @throws InvalidDeclarationException if a queue has workers and isn't served, or has several
   *     kinds of workers
   */
  public Serving {
    Set<String> staffed = new HashSet<>(ofQueue.keySet());
    for (Shared group : shared) {
      for (String queue : group.weights().keySet()) {
        if (!staffed.add(queue)) {
          throw new InvalidDeclarationException(
              "Queue \""
                  + queue
                  + "\" shares workers and has others too; name it in one sharedWorkers(…), or in"
                  + " workers(queue, …), not in two of them.");
        }
      }
    }
    staffed.removeAll(named);
    if (!named.isEmpty() && !staffed.isEmpty()) {
      throw new InvalidDeclarationException(
          "There are workers for queue \""
              + staffed.iterator().next()
              + "\", which this node doesn't serve; name it in queues(…) too, or leave its workers"
              + " away.");
    }
  }

  /**
   * All that the node serves.
   *
   * @param ofJobs the queues of its jobs
   */
  Set<String> queues(Collection<String> ofJobs) {
    if (!named.isEmpty()) {
      return named;
    }
    Set<String> all = new LinkedHashSet<>();
    all.add(JobPolicy.DEFAULT_QUEUE);
    all.addAll(ofJobs);
    all.addAll(ofQueue.keySet());
    shared.forEach(group -> all.addAll(group.weights().keySet()));
    return all;
  }
}
