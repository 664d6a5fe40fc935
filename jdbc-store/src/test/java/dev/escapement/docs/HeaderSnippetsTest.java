package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.Enqueued;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import dev.escapement.testing.TestScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** The snippets of the guide to headers; {@link DocumentsTest} holds the guide to them. */
@Timeout(60)
class HeaderSnippetsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final JobType<String> SEND_INVOICE = JobType.of("send-invoice", String.class);

  private final Store store = new MemoryStore();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void endTheTrace() {
    MDC.remove("trace");
  }

  @Test
  void aHandlerReadsWhatWasEnqueuedBesideItsPayload() throws Exception {
    // snippet: headers-handler
    Job<String> send =
        Job.of(
            SEND_INVOICE,
            (to, context) -> seen.add(to + " for " + context.headers().get("tenant")));
    // end
    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(send).start()) {
      // snippet: headers-request
      Enqueued made = scheduler.submit(SEND_INVOICE.with("ada").header("tenant", "seven"));
      // end
      scheduler.await(made.id(), LONG);
    }
    assertThat(seen).containsExactly("ada for seven");
  }

  @Test
  void aTraceGoesFromWhoeverEnqueuesToTheRun() throws Exception {
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to + " " + MDC.get("trace")));
    // snippet: headers-trace
    EnqueueInterceptor outgoing =
        request -> {
          String trace = MDC.get("trace");
          return trace == null ? request : request.header("trace", trace);
        };

    ExecutionInterceptor incoming =
        (context, invocation) -> {
          MDC.put("trace", context.headers().getOrDefault("trace", "-"));
          try {
            return invocation.proceed();
          } finally {
            MDC.remove("trace"); // the thread runs other jobs next
          }
        };
    // end
    MDC.put("trace", "4bf9");
    // snippet: headers-builder
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(send)
            .enqueueInterceptor(outgoing)
            .interceptor(incoming)
            .start();
    // end
    try (scheduler) {
      scheduler.await(scheduler.enqueue(SEND_INVOICE, "ada").id(), LONG);
      // snippet: headers-client
      SchedulerClient client =
          Scheduler.builder().store(store).enqueueInterceptor(outgoing).client();
      // end
      scheduler.await(client.enqueue(SEND_INVOICE, "bob").id(), LONG);
      MDC.remove("trace");
      scheduler.await(client.enqueue(SEND_INVOICE, "eve").id(), LONG);
    }
    assertThat(seen).containsExactly("ada 4bf9", "bob 4bf9", "eve -");
  }

  @Test
  void aTestSeesThem() {
    EnqueueInterceptor outgoing = request -> request.header("trace", "4bf9");
    // snippet: headers-test
    TestScheduler scheduler = TestScheduler.builder().enqueueInterceptor(outgoing).build();

    scheduler.enqueue(SEND_INVOICE, "ada");
    assertThat(scheduler.enqueued(SEND_INVOICE).get(0).headers())
        .isEqualTo(Map.of("trace", "4bf9"));
    // end
  }
}
