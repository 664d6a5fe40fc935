package dev.escapement.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.spring.EscapementProperties;
import dev.escapement.store.MemoryStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What health says of a node whose store answers. */
class SchedulerHealthTest {

  private static final JobType<Void> SLOW = JobType.of("slow");

  private final MemoryStore store = new MemoryStore();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);

  private final Scheduler node =
      Scheduler.builder()
          .store(store)
          .nodeName("here")
          .workers(1)
          .jobs(
              Job.of(
                  SLOW,
                  context -> {
                    begun.countDown();
                    finish.await();
                  }))
          .build();

  @AfterEach
  void close() {
    finish.countDown();
    node.close();
  }

  private SchedulerHealth.Finding look(SchedulerClient client, @Nullable Duration threshold) {
    return new SchedulerHealth(
            store, client, new EscapementProperties.Health(threshold, "DEGRADED"))
        .look();
  }

  @Test
  void aNodeWithoutASessionIsDegraded() {
    SchedulerHealth.Finding before = look(node, null);
    assertThat(before.status()).isEqualTo("DEGRADED");
    assertThat(before.details()).containsEntry("trusted", false).containsKey("reason");

    node.start();
    SchedulerHealth.Finding after = look(node, null);
    assertThat(after.status()).isEqualTo("UP");
    assertThat(after.fault()).isNull();
    assertThat(after.details())
        .containsEntry("store", store.describe())
        .containsEntry("node", "here")
        .containsEntry("trusted", true)
        .containsEntry("sessions", 1L)
        .containsEntry("running", 0)
        .containsEntry("lag", "PT0S");

    node.close();
    assertThat(look(node, null).status()).isEqualTo("DEGRADED");
  }

  @Test
  void lagMattersFromTheThresholdOnAndNotInAPausedQueue() throws Exception {
    node.start();
    node.enqueue(SLOW);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    node.submit(SLOW.request().at(store.now().minus(Duration.ofHours(1))));

    assertThat(look(node, null).status()).isEqualTo("UP");
    assertThat(look(node, Duration.ofHours(2)).status()).isEqualTo("UP");
    SchedulerHealth.Finding late = look(node, Duration.ofMinutes(59));
    assertThat(late.status()).isEqualTo("DEGRADED");
    assertThat(late.details().get("reason")).asString().contains("PT59M");

    node.queues().pause("default");
    assertThat(look(node, Duration.ofMinutes(59)).status()).isEqualTo("UP");
  }

  @Test
  void aProcessThatOnlyEnqueuesNeedsTheStoreAlone() {
    SchedulerHealth.Finding found = look(SchedulerClient.of(store), Duration.ZERO);

    assertThat(found.status()).isEqualTo("UP");
    assertThat(found.details()).containsOnlyKeys("store");
  }
}
