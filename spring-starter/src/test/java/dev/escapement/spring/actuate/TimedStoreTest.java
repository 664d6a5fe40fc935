package dev.escapement.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A store whose calls are timed is the store. */
class TimedStoreTest {

  private static final JobType<String> TEXT = JobType.of("text", String.class);

  private final MemoryStore store = new MemoryStore();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Store timed = TimedStore.of(store, registry);

  private long count(String operation, String result) {
    return registry
        .get("escapement.store.calls")
        .tags("operation", operation, "result", result)
        .timer()
        .count();
  }

  @Test
  void aNodeRunsOnIt() throws Exception {
    try (Scheduler node =
        Scheduler.builder()
            .store(timed)
            .jobs(Job.of(TEXT, (text, context) -> {}))
            .heartbeat(Duration.ofMillis(50))
            .lease(Duration.ofSeconds(5))
            .start()) {
      assertThat(node.await(node.enqueue(TEXT, "x").id(), Duration.ofSeconds(30)).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
    }

    assertThat(count("triggers.enqueue", "ok")).isEqualTo(1);
    assertThat(count("claims.complete", "ok")).isEqualTo(1);
    assertThat(count("sessions.open", "ok")).isEqualTo(1);
    assertThat(count("sessions.close", "ok")).isEqualTo(1);
    assertThat(registry.find("escapement.store.calls").timers())
        .noneMatch(timer -> "error".equals(timer.getId().getTag("result")));
  }

  @Test
  void whatItThrowsPassesAndIsTold() {
    SchedulerClient client = SchedulerClient.of(timed);
    client.submit(TEXT.with("x").key("k"));

    assertThatThrownBy(() -> client.submit(TEXT.with("y").key("k").onConflict(OnConflict.FAIL)))
        .isInstanceOf(DuplicateKeyException.class);

    assertThat(count("triggers.enqueue", "ok")).isEqualTo(1);
    assertThat(count("triggers.enqueue", "refused")).isEqualTo(1);
  }

  @Test
  void whatIsNoCallGoesThrough() {
    assertThat(timed.describe()).isEqualTo(store.describe());
    assertThat(Set.of(timed, TimedStore.of(store, registry))).hasSize(2).contains(timed);
    assertThat(timed.transactions()).isEmpty();
    assertThat(timed.triggers()).isSameAs(timed.triggers());
    timed.close();
    assertThat(registry.find("escapement.store.calls").timers()).isEmpty();
  }
}
