package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Backoff;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.NotRetryable;
import dev.escapement.Outcome;
import dev.escapement.Progress;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.TriggerStatus;
import dev.escapement.policy.Retry;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The snippets of the guides to retries and to checkpoints; {@link DocumentsTest} holds the guides
 * to them.
 */
@Timeout(60)
class LifeSnippetsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);
  private static final JobType<Order> SHIP = JobType.of("ship", Order.class);
  private static final JobType<Void> RENDER = JobType.of("render");

  private static final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private static final Mailer mailer = new Mailer();
  private static final Carrier carrier = new Carrier();

  private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
  private final Store store = new MemoryStore(clock::get);

  record Invoice(String to) {}

  record Order(int number, boolean paid) {}

  /** It is down until it is told otherwise. */
  static final class Mailer {
    private volatile RuntimeException down = new IllegalStateException("down");
    private volatile boolean up;

    void send(String to, String text) {
      if (!up) {
        throw down;
      }
      sent.add(to + ": " + text);
    }
  }

  record Booking(Optional<Duration> busyFor) {}

  static final class Carrier {
    private final BlockingQueue<Booking> answers = new LinkedBlockingQueue<>();

    Booking book(Order order) throws InterruptedException {
      sent.add("booked " + order.number());
      return answers.take();
    }
  }

  static final class RateLimited extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void allIsDown() {
    sent.clear();
    mailer.up = false;
    mailer.down = new IllegalStateException("down");
  }

  private Scheduler start(Job<?> job) {
    return Scheduler.builder()
        .store(store)
        .pollInterval(Duration.ofMillis(20))
        .stopGrace(Duration.ofSeconds(1))
        .jobs(job)
        .start();
  }

  /** A trigger that waits for a further attempt. */
  private static TriggerStatus waiting(Scheduler scheduler, TriggerId id, int attempt) {
    while (true) {
      TriggerStatus trigger = scheduler.triggers().find(id).orElseThrow();
      if (trigger.claimedAt().isEmpty() && trigger.attempt() == attempt) {
        return trigger;
      }
      Thread.onSpinWait();
    }
  }

  private static Instant due(Scheduler scheduler, TriggerId id, int attempt) {
    return waiting(scheduler, id, attempt).due().orElseThrow();
  }

  // snippet: retries-annotated
  static final class Billing {
    @JobHandler(
        value = "send-invoice",
        maxAttempts = 6,
        backoff = @Backoff(initial = "5s", max = "10m", jitter = 0.1),
        maxRetryAge = "12h",
        notRetryOn = IllegalArgumentException.class)
    void send(Invoice invoice) {
      mailer.send(invoice.to(), "your invoice");
    }
  }

  // end

  // snippet: retries-not-retryable
  static final class CardDeclined extends RuntimeException implements NotRetryable {
    private static final long serialVersionUID = 1L;
  }

  // end

  @Test
  void retriesByAnnotation() throws Exception {
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .pollInterval(Duration.ofMillis(20))
            .annotated(new Billing())
            .start()) {
      TriggerId id = scheduler.enqueue(SEND_INVOICE, new Invoice("ada")).id();
      assertThat(due(scheduler, id, 1)).isBetween(NOON.plusMillis(4_500), NOON.plusMillis(5_600));

      mailer.down = new CardDeclined();
      clock.set(NOON.plusSeconds(6));
      Execution last = scheduler.await(id, LONG);
      assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(last.attempt()).isEqualTo(2);

      mailer.down = new IllegalArgumentException("no address");
      id = scheduler.enqueue(SEND_INVOICE, new Invoice("bob")).id();
      assertThat(scheduler.await(id, LONG).attempt()).isOne();
    }
  }

  @Test
  void retriesByBuilder() throws Exception {
    // snippet: retries-builder
    Job<Invoice> send =
        Job.of(SEND_INVOICE, (invoice, context) -> mailer.send(invoice.to(), "your invoice"))
            .retry(
                Retry.exponential(Duration.ofSeconds(5)) // 5 s, 10 s, 20 s …
                    .cappedAt(Duration.ofMinutes(10))
                    .jitter(0.1)
                    .maxAttempts(6)
                    .maxAge(Duration.ofHours(12))
                    .on(RateLimited.class, Retry.fixed(Duration.ofMinutes(1)).maxAttempts(20))
                    .notOn(IllegalArgumentException.class));
    // end

    Retry retry = send.policy().retry();
    assertThat(waits(retry, 6, null))
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(80));
    assertThat(waits(retry, 21, new RateLimited())).hasSize(19);
    assertThat(waits(retry, 6, new IllegalArgumentException())).isEmpty();
    mailer.down = new RateLimited();
    try (Scheduler scheduler = start(send)) {
      TriggerId id = scheduler.enqueue(SEND_INVOICE, new Invoice("ada")).id();
      assertThat(due(scheduler, id, 1)).isBetween(NOON.plusSeconds(60), NOON.plusSeconds(61));

      mailer.up = true;
      clock.set(NOON.plusSeconds(61));
      assertThat(scheduler.await(id, LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(sent).containsExactly("ada: your invoice");
    }
  }

  private static List<Duration> waits(
      Retry retry, int attempts, @Nullable RuntimeException thrown) {
    return IntStream.range(1, attempts)
        .mapToObj(attempt -> retry.next(attempt, Duration.ZERO, thrown, 0.5))
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void waitsAsTheTableSays() {
    Duration ten = Duration.ofSeconds(10);
    assertThat(waits(Retry.fixed(ten), 5, null)).containsOnly(ten).hasSize(4);
    assertThat(waits(Retry.linear(ten), 5, null))
        .containsExactly(ten, ten.multipliedBy(2), ten.multipliedBy(3), ten.multipliedBy(4));
    assertThat(waits(Retry.exponential(ten).factor(3), 5, null))
        .containsExactly(ten, ten.multipliedBy(3), ten.multipliedBy(9), ten.multipliedBy(27));
    assertThat(waits(Retry.standard(), 100, null))
        .hasSize(9)
        .startsWith(ten, ten.multipliedBy(2), ten.multipliedBy(4))
        .endsWith(Duration.ofSeconds(2_560));
    assertThat(waits(Retry.exponential(ten).maxAttempts(11), 100, null))
        .endsWith(Duration.ofHours(1));
    assertThat(waits(Retry.none(), 10, null)).isEmpty();
  }

  @Test
  void theHandlerDecidesWhen() throws Exception {
    // snippet: retries-handler-decides
    Job<Order> ship =
        Job.of(
            SHIP,
            (order, context) -> {
              if (!order.paid()) {
                context.snooze(Duration.ofMinutes(5)); // not yet: this isn't an attempt
                return;
              }
              Booking booking = carrier.book(order);
              booking.busyFor().ifPresent(context::retryIn); // failed; again when they say
            });
    // end

    try (Scheduler scheduler = start(ship)) {
      TriggerId unpaid = scheduler.enqueue(SHIP, new Order(1, false)).id();
      carrier.answers.add(new Booking(Optional.of(Duration.ofMinutes(2))));
      TriggerId paid = scheduler.enqueue(SHIP, new Order(2, true)).id();

      assertThat(due(scheduler, paid, 1)).isBetween(NOON.plusSeconds(120), NOON.plusSeconds(121));
      while (scheduler.executions().of(unpaid).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(scheduler.executions().of(unpaid).get(0).outcome()).isEqualTo(Outcome.YIELDED);
      assertThat(due(scheduler, unpaid, 0)).isBetween(NOON.plusSeconds(300), NOON.plusSeconds(301));

      carrier.answers.add(new Booking(Optional.empty()));
      clock.set(NOON.plusSeconds(122));
      assertThat(scheduler.await(paid, LONG).attempt()).isEqualTo(2);
    }
  }

  @Test
  void limitsAreSaid() throws Exception {
    // snippet: retries-limits
    Job<Void> render =
        Job.of(RENDER, context -> render(context))
            .timeout(Duration.ofMinutes(2), Duration.ofSeconds(30)) // given up after 2 min 30 s
            .maxLateness(Duration.ofHours(1))
            .interruptOnLeaseLoss(true)
            .onUnreadablePayload(UnreadablePayload.RELEASE);
    // end

    assertThat(render.policy().abandonAfter()).contains(Duration.ofSeconds(30));
    try (Scheduler scheduler = start(render)) {
      TriggerId late = scheduler.schedule(RENDER, NOON.minus(Duration.ofMinutes(61))).id();
      assertThat(scheduler.await(late, LONG).outcome()).isEqualTo(Outcome.SKIPPED);
      TriggerId fine = scheduler.schedule(RENDER, NOON.minus(Duration.ofMinutes(59))).id();
      assertThat(scheduler.await(fine, LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
    assertThat(sent).containsExactly("rendered at attempt 1");
  }

  private static void render(JobContext context) {
    sent.add("rendered at attempt " + context.attempt());
  }

  // snippet: retries-limits-annotated
  static final class Rendering {
    @JobHandler(
        value = "render",
        timeout = "2m",
        abandonAfter = "30s",
        maxLateness = "1h",
        interruptOnLeaseLoss = true,
        onUnreadablePayload = UnreadablePayload.RELEASE)
    void render(JobContext context) {
      sent.add("rendered");
    }
  }

  // end

  @Test
  void limitsAreSaidByAnnotation() throws Exception {
    try (Scheduler scheduler =
        Scheduler.builder().store(store).annotated(new Rendering()).start()) {
      TriggerId late = scheduler.schedule(RENDER, NOON.minus(Duration.ofMinutes(61))).id();
      assertThat(scheduler.await(late, LONG).outcome()).isEqualTo(Outcome.SKIPPED);
    }
  }

  private static final JobType<String> EXPORT = JobType.of("export", String.class);

  record Done(int page) {}

  record Summary(int pages) {}

  private static void export(int page) {
    sent.add("page " + page);
  }

  @Test
  void goesOnFromItsCheckpoint() throws Exception {
    CountDownLatch up = new CountDownLatch(1);
    // snippet: checkpoints-loop
    Job<String> export =
        Job.returning(
            EXPORT,
            (customer, context) -> {
              int pages = 5;
              int done = context.checkpoint(Done.class).map(Done::page).orElse(0);
              while (done < pages) {
                export(done + 1);
                done++;
                context.checkpoint(new Done(done)); // the work may be left here
                context.progress(done, pages, "page " + done);
              }
              return new Summary(done);
            });
    // end

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(export)
            .interceptor(
                (context, invocation) -> {
                  Object result = invocation.proceed();
                  if (context.attempt() == 1) {
                    context.retryIn(Duration.ZERO);
                  }
                  up.await();
                  return result;
                })
            .start()) {
      TriggerId id = scheduler.enqueue(EXPORT, "ada").id();
      Progress seen = progress(scheduler, id);
      up.countDown();
      assertThat(seen.total()).isEqualTo(5);

      // snippet: checkpoints-await
      Execution end = scheduler.await(id, Duration.ofMinutes(1));
      if (end.outcome() == Outcome.SUCCEEDED) {
        Summary summary = end.result().orElseThrow().as(Summary.class);
        sent.add(summary.pages() + " pages");
      }
      // end

      assertThat(end.attempt()).isEqualTo(2);
      assertThat(sent).containsExactly("page 1", "page 2", "page 3", "page 4", "page 5", "5 pages");
      TriggerId later = scheduler.schedule(EXPORT, "bob", Duration.ofHours(1)).id();
      assertThatThrownBy(() -> scheduler.await(later, Duration.ofMillis(1)))
          .isInstanceOf(TimeoutException.class);
    }
  }

  private static Progress progress(Scheduler scheduler, TriggerId id) {
    Optional<Progress> seen;
    do {
      // snippet: checkpoints-progress
      Optional<Progress> progress = scheduler.triggers().progress(id);
      // end
      seen = progress;
      Thread.onSpinWait();
    } while (seen.isEmpty());
    return seen.get();
  }
}
