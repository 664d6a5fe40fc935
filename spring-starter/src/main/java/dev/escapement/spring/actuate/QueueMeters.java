package dev.escapement.spring.actuate;

import dev.escapement.QueueStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the queues are. Read from the store when somebody scrapes, at most every ten seconds;
 * the scrape waits a second at most, and gets the figures from before if there are no new ones.
 * Each node tells the same of all queues, for what waits belongs to no node. Thread-safe.
 */
final class QueueMeters implements MeterBinder {

  private static final Logger LOG = LoggerFactory.getLogger(QueueMeters.class);

  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** Older figures would hide that nobody knows. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final LongSupplier nanoClock;
  private final Probe<List<QueueStatus>> probe;
  private final ReentrantLock reading = new ReentrantLock();
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private final Set<Place> shown = ConcurrentHashMap.newKeySet();
  private volatile Figures figures;

  /**
   * What was read.
   *
   * @param readAt in nanoTime
   * @param triedAt in nanoTime, when it was last tried
   */
  private record Figures(Map<String, QueueStatus> queues, long readAt, long triedAt) {}

  private record Place(MeterRegistry registry, String queue) {}

  /**
   * @param queues reads them from the store
   */
  QueueMeters(Callable<List<QueueStatus>> queues, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.probe = new Probe<>(queues, LIMIT);
    long longAgo = nanoClock.getAsLong() - KEPT.toNanos() - 1;
    this.figures = new Figures(Map.of(), longAgo, longAgo);
  }

  /** The queues are found out when the lag is first asked for: the store may not be there yet. */
  @Override
  public void bindTo(MeterRegistry to) {
    registries.add(to);
    Gauge.builder("escapement.lag", this, QueueMeters::lag)
        .description("How long the first trigger of any queue in service has been due")
        .baseUnit("seconds")
        .register(to);
  }

  private void show(Collection<String> queues) {
    for (MeterRegistry registry : registries) {
      for (String queue : queues) {
        if (shown.add(new Place(registry, queue))) {
          show(registry, queue);
        }
      }
    }
  }

  private void show(MeterRegistry registry, String queue) {
    Gauge.builder("escapement.queue.due", this, self -> self.of(queue, QueueMeters::due))
        .description("Triggers that are due in a queue and could run, counted up to 10,000")
        .tag("queue", queue)
        .register(registry);
    Gauge.builder("escapement.queue.oldest.due", this, self -> self.of(queue, QueueMeters::age))
        .description("How long the first trigger of a queue has been due; 0 if none is")
        .baseUnit("seconds")
        .tag("queue", queue)
        .register(registry);
  }

  private double lag() {
    Optional<Map<String, QueueStatus>> current = current();
    return current.isEmpty()
        ? Double.NaN
        : current.get().values().stream()
            .filter(queue -> !queue.paused())
            .mapToDouble(QueueMeters::age)
            .max()
            .orElse(0);
  }

  private double of(String queue, Function<QueueStatus, Double> figure) {
    return current().map(queues -> queues.get(queue)).map(figure).orElse(Double.NaN);
  }

  private static double due(QueueStatus queue) {
    return queue.due().value();
  }

  private static double age(QueueStatus queue) {
    return queue.oldestDue().map(age -> age.toMillis() / 1e3).orElse(0.0);
  }

  private Optional<Map<String, QueueStatus>> current() {
    if (age(figures.triedAt()) >= FRESH.toNanos() && reading.tryLock()) {
      try {
        read();
      } finally {
        reading.unlock();
      }
    }
    Figures known = figures;
    return age(known.readAt()) > KEPT.toNanos() ? Optional.empty() : Optional.of(known.queues());
  }

  private long age(long since) {
    return nanoClock.getAsLong() - since;
  }

  private void read() {
    long now = nanoClock.getAsLong();
    try {
      Map<String, QueueStatus> queues =
          probe.ask().stream().collect(Collectors.toMap(QueueStatus::name, Function.identity()));
      figures = new Figures(queues, now, now);
      show(queues.keySet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      figures = new Figures(figures.queues(), figures.readAt(), now);
      LOG.debug("The queues couldn't be looked at for their meters", e);
    }
  }
}
