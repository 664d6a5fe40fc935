package dev.escapement.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.JobType;
import dev.escapement.QueueStatus;
import dev.escapement.SchedulerClient;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.TransientStoreException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the queues are read, and what is shown while they can't be. */
class QueueMetersTest {

  private final MemoryStore store = new MemoryStore();
  private final SchedulerClient client = SchedulerClient.of(store);
  private final AtomicLong nanos = new AtomicLong(-5);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private boolean cut;
  private int reads;

  @BeforeEach
  void bind() {
    client.queues().pause("idle");
    new QueueMeters(this::queues, nanos::get).bindTo(registry);
  }

  private List<QueueStatus> queues() {
    reads++;
    if (cut) {
      throw new TransientStoreException("The connection is cut.", null);
    }
    return client.queues().all();
  }

  private double due() {
    return registry.get("escapement.queue.due").tag("queue", "idle").gauge().value();
  }

  private double lag() {
    return registry.get("escapement.lag").gauge().value();
  }

  private void enqueue() {
    client.submit(
        JobType.of("x").request().queue("idle").at(store.now().minus(Duration.ofHours(1))));
  }

  @Test
  void theyAreReadAtMostEveryTenSeconds() {
    assertThat(lag()).isZero();
    assertThat(due()).isZero();
    enqueue();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
    assertThat(due()).isZero();
    assertThat(reads).isEqualTo(1);

    nanos.incrementAndGet();
    assertThat(due()).isEqualTo(1);
    assertThat(registry.get("escapement.queue.oldest.due").tag("queue", "idle").gauge().value())
        .isBetween(3600.0, 3900.0);
    assertThat(lag()).as("a paused queue has none").isZero();
    assertThat(reads).isEqualTo(2);

    client.queues().resume("idle");
    client.queues().pause("other");
    client.jobs().all();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(lag()).isZero();
    assertThat(due()).as("nobody tells of a queue that nobody knows").isNaN();
  }

  @Test
  void whatWasReadIsShownForAMinuteAndThenNothing() {
    enqueue();
    assertThat(lag()).isZero();
    cut = true;
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(due()).isEqualTo(1);
    assertThat(due()).isEqualTo(1);
    assertThat(reads).as("a failure isn't repeated at once").isEqualTo(2);

    nanos.incrementAndGet();
    assertThat(due()).isNaN();
    assertThat(lag()).isNaN();

    cut = false;
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(due()).isEqualTo(1);
  }
}
