package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import dev.escapement.testing.EnqueuedJob;
import dev.escapement.testing.TestScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sees each request before it is enqueued. */
class EnqueueInterceptorTest {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final JobType<Void> SWEEP = JobType.of("sweep");

  private final Store store = new MemoryStore();
  private final List<String> seen = new ArrayList<>();

  private SchedulerClient client(EnqueueInterceptor... interceptors) {
    SchedulerBuilder builder = Scheduler.builder().store(store);
    List.of(interceptors).forEach(builder::enqueueInterceptor);
    return builder.client();
  }

  private EnqueueInterceptor noting() {
    return request -> {
      seen.add(request.payload().map(Object::toString).orElse("-"));
      return request.header("seen", Integer.toString(seen.size()));
    };
  }

  private static Map<String, String> headers(SchedulerClient client, Enqueued enqueued) {
    return client.triggers().find(enqueued.id()).orElseThrow().headers();
  }

  @Test
  void seesWhateverIsEnqueuedOnTheCallersThread() {
    List<Thread> threads = new ArrayList<>();
    SchedulerClient client =
        client(
            noting(),
            request -> {
              threads.add(Thread.currentThread());
              return request;
            });

    List<Enqueued> made = new ArrayList<>();
    made.add(client.enqueue(TEXT, "a"));
    made.add(client.enqueue(SWEEP));
    made.add(client.schedule(TEXT, "b", Duration.ofHours(1)));
    made.add(client.schedule(TEXT, "c", Instant.now()));
    made.add(client.submit(TEXT.with("d")));
    made.addAll(client.submitAll(List.of(TEXT.with("e"), TEXT.with("f"))));

    assertThat(seen).containsExactly("a", "-", "b", "c", "d", "e", "f");
    for (int i = 0; i < made.size(); i++) {
      assertThat(headers(client, made.get(i))).containsExactly(Map.entry("seen", "" + (i + 1)));
    }
    assertThat(threads).hasSize(7).containsOnly(Thread.currentThread());
  }

  @Test
  void aNodeHasThemToo() {
    try (Scheduler node = Scheduler.builder().store(store).enqueueInterceptor(noting()).build()) {
      assertThat(headers(node, node.enqueue(TEXT, "a"))).containsOnlyKeys("seen");
    }
  }

  @Test
  void theNextOneSeesWhatTheFirstOneAdded() {
    SchedulerClient client =
        client(
            request -> request.header("by", "first"),
            request -> request.header("by", request.headers().get("by") + ", then second"));

    Enqueued made = client.submit(TEXT.with("a").header("by", "the caller").header("own", "x"));

    assertThat(headers(client, made))
        .containsExactly(Map.entry("by", "first, then second"), Map.entry("own", "x"));
  }

  @Test
  void mayAddMoreThanHeaders() {
    SchedulerClient client = client(request -> request.queue("mine").key("k"));

    Enqueued made = client.enqueue(TEXT, "a");

    assertThat(client.triggers().find(TEXT.name(), "k").orElseThrow().queue()).isEqualTo("mine");
    assertThat(made.created()).isTrue();
  }

  @Test
  void whatItThrowsPassesAndNothingIsEnqueued() {
    SchedulerClient client =
        client(
            request -> {
              if (request.payload().isPresent()) {
                throw new IllegalStateException("no tenant");
              }
              return request;
            });

    assertThatThrownBy(() -> client.submitAll(List.of(SWEEP.request(), TEXT.with("a"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no tenant");
    assertThat(store.triggers().count(TriggerFilter.all(), 10)).isZero();
  }

  @Test
  void mayNotMakeItARequestForAnotherJob() {
    SchedulerClient client = client(request -> SWEEP.request());

    assertThat(client.enqueue(SWEEP).created()).isTrue();
    assertThatThrownBy(() -> client.enqueue(TEXT, "a"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("made a request for job \"text\" into one for \"sweep\"")
        .hasMessageContaining("return the request, or a changed copy of it");
  }

  @Test
  @SuppressWarnings("NullAway") // as one that isn't checked would do
  void mayNotMakeItNothing() {
    @Nullable JobRequest<?> none = null;
    SchedulerClient client = client(request -> none);

    assertThatThrownBy(() -> client.enqueue(TEXT, "a"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("into null");
  }

  @Test
  void doesNotSeeWhatRecurs() {
    SchedulerClient client = client(noting());

    client.recurring(TEXT.with("a").key("k"), Schedules.every(Duration.ofHours(1)));

    assertThat(seen).isEmpty();
  }

  @Test
  void theTestSchedulerHasThemAndShowsWhatTheyAdd() {
    TestScheduler scheduler = TestScheduler.builder().enqueueInterceptor(noting()).build();

    scheduler.submit(TEXT.with("a").header("tenant", "7"));

    EnqueuedJob<String> job = scheduler.enqueued(TEXT).get(0);
    assertThat(job.headers()).containsExactly(Map.entry("tenant", "7"), Map.entry("seen", "1"));
    assertThat(job).hasToString("text a headers {tenant=7, seen=1} due " + scheduler.now());
  }
}
