package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.store.MemoryStore;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which queues a node says that it serves, and what is refused. */
@Timeout(60)
class ServedQueuesTest {

  private final Store store = new MemoryStore();

  private SchedulerBuilder builder() {
    return Scheduler.builder()
        .store(store)
        .jobs(Job.of(JobType.of("send"), context -> {}).queue("mail"));
  }

  private SessionRecord session(SchedulerBuilder builder) {
    try (Scheduler scheduler = builder.heartbeat(Duration.ofMillis(20)).start()) {
      while (store.sessions().all().get(0).load().workers() == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(scheduler.stats().sessions()).isEqualTo(1);
      return store.sessions().all().get(0);
    }
  }

  @Test
  void byDefaultTheDefaultOneThoseOfItsJobsAndThoseWithWorkers() {
    SessionRecord session =
        session(builder().workers("bulk", 2).sharedWorkers(4, Map.of("a", 1, "b", 2)));
    assertThat(session.queues()).containsExactlyInAnyOrder("default", "mail", "bulk", "a", "b");
    assertThat(session.load().workers()).isEqualTo(10 + 10 + 2 + 4);
  }

  @Test
  void onlyThoseThatWereNamed() {
    SessionRecord session =
        session(builder().queues("bulk").queues("a", "b", "a").workers(3).workers("bulk", 2));
    assertThat(session.queues()).containsExactlyInAnyOrder("bulk", "a", "b");
    assertThat(session.load().workers()).isEqualTo(2 + 3 + 3);
  }

  @Test
  void namedQueuesMayShare() {
    SessionRecord session =
        session(builder().queues("mail", "a", "b").sharedWorkers(4, Map.of("a", 1, "b", 2)));
    assertThat(session.queues()).containsExactlyInAnyOrder("mail", "a", "b");
    assertThat(session.load().workers()).isEqualTo(10 + 4);
  }

  @Test
  void noneIsRefused() {
    assertThatThrownBy(() -> builder().queues())
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("use client()");
    assertThatThrownBy(() -> builder().sharedWorkers(3, Map.of()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("sharedWorkers");
  }

  @Test
  void workersForAQueueThatIsNotServedAreRefused() {
    SchedulerBuilder own = builder().workers("bulk", 2).queues("mail");
    assertThatThrownBy(own::build)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"bulk\"")
        .hasMessageContaining("queues(");
    SchedulerBuilder shared = builder().queues("a").sharedWorkers(2, Map.of("a", 1, "bulk", 1));
    assertThatThrownBy(shared::build)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"bulk\"");
  }

  @Test
  void workersOfTwoKindsAreRefused() {
    SchedulerBuilder twoGroups =
        builder()
            .sharedWorkers(2, Map.of("a", 1, "bulk", 1))
            .sharedWorkers(2, Map.of("b", 1, "bulk", 1));
    assertThatThrownBy(twoGroups::build)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"bulk\"");
    SchedulerBuilder both = builder().sharedWorkers(2, Map.of("a", 1)).workers("a", 3);
    assertThatThrownBy(both::build)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"a\"");
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertRefused(() -> builder().sharedWorkers(0, Map.of("a", 1)), "sharedWorkers");
    assertRefused(() -> builder().sharedWorkers(10_001, Map.of("a", 1)), "sharedWorkers");
    assertRefused(() -> builder().sharedWorkers(1, Map.of("a", 0)), "weight of a");
    assertRefused(() -> builder().sharedWorkers(1, Map.of("a", 101)), "weight of a");
    assertRefused(() -> builder().sharedWorkers(1, Map.of("", 1)), "queue");
    assertRefused(() -> builder().queues("x".repeat(61)), "queue");
    assertRefused(() -> builder().ageing(Duration.ofNanos(999_999)), "ageing");
    assertRefused(() -> builder().ageing(Duration.ofDays(1).plusNanos(1)), "ageing");
    builder()
        .ageing(Duration.ofMillis(1))
        .ageing(Duration.ofDays(1))
        .sharedWorkers(10_000, Map.of("a", 1, "b", 100))
        .build();
  }

  private static void assertRefused(Runnable declaration, String what) {
    assertThatThrownBy(declaration::run)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(what);
  }
}
