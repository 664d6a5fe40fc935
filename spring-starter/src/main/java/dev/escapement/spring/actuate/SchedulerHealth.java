package dev.escapement.spring.actuate;

import dev.escapement.QueueStatus;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.SchedulerStats;
import dev.escapement.spring.EscapementProperties;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a scheduler is, in words that each Spring Boot has a type for. Thread-safe. */
final class SchedulerHealth {

  static final String UP = "UP";
  static final String DOWN = "DOWN";

  /** Load balancers and kubelets wait for a few seconds at most. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final Store store;
  private final @Nullable Scheduler node;
  private final EscapementProperties.Health said;
  private final Probe<Optional<Duration>> probe;

  /**
   * What was found.
   *
   * @param status the code of a status
   * @param fault why the store didn't answer, if it didn't
   */
  record Finding(String status, Map<String, Object> details, @Nullable Exception fault) {}

  /**
   * @param client a node, or the face of a process that only enqueues
   */
  SchedulerHealth(Store store, SchedulerClient client, EscapementProperties.Health said) {
    this.store = store;
    this.node = client instanceof Scheduler scheduler ? scheduler : null;
    this.said = said;
    this.probe = new Probe<>(this::lag, LIMIT);
  }

  /** Looks; takes three seconds at most. */
  Finding look() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("store", store.describe());
    boolean trusted = node == null || tell(node.stats(), details);
    Optional<Duration> lag;
    try {
      lag = probe.ask();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(DOWN, details, e);
    } catch (Exception e) {
      return new Finding(DOWN, details, e);
    }
    lag.ifPresent(length -> details.put("lag", length.toString()));
    if (!trusted) {
      return degraded(details, "This node has no session that it trusts, and starts no runs.");
    }
    Duration threshold = said.lagThreshold();
    if (threshold != null && lag.isPresent() && lag.get().compareTo(threshold) > 0) {
      return degraded(details, "A trigger has been due for longer than " + threshold + ".");
    }
    return new Finding(UP, details, null);
  }

  private Finding degraded(Map<String, Object> details, String reason) {
    details.put("reason", reason);
    return new Finding(said.degradedStatus(), details, null);
  }

  private static boolean tell(SchedulerStats stats, Map<String, Object> details) {
    details.put("node", stats.node());
    details.put("trusted", stats.trusted());
    details.put("sessions", stats.sessions());
    details.put("running", stats.running());
    details.put("workers", stats.workers());
    return stats.trusted();
  }

  /** Empty for a process that runs nothing: what waits isn't its concern. */
  private Optional<Duration> lag() {
    store.now();
    return Optional.ofNullable(node)
        .map(
            scheduler ->
                scheduler.queues().all().stream()
                    .filter(queue -> !queue.paused())
                    .map(QueueStatus::oldestDue)
                    .flatMap(Optional::stream)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO));
  }
}
