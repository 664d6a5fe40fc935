package dev.escapement.testing;

import static dev.escapement.Outcome.CANCELLED;
import static dev.escapement.Outcome.FAILED;
import static dev.escapement.Outcome.SUCCEEDED;
import static dev.escapement.Outcome.YIELDED;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Explanation;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.PayloadCodec;
import dev.escapement.Priority;
import dev.escapement.Progress;
import dev.escapement.Recurring;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What a test does with a scheduler: enqueue, run, decide, look. {@link TestClockTest} has time.
 */
class TestSchedulerTest {

  record Invoice(String to) {}

  private static final JobType<Invoice> SEND = JobType.of("send", Invoice.class);
  private static final JobType<Void> PING = JobType.of("ping");
  private static final Invoice ADA = new Invoice("ada");
  private static final Invoice BOB = new Invoice("bob");

  private final List<String> done = new ArrayList<>();
  private final Job<Invoice> send =
      Job.of(SEND, (invoice, context) -> done.add(invoice.to() + " " + context.attempt()));
  private final Job<Void> ping = Job.of(PING, context -> done.add("ping"));

  @Test
  void runsWhatIsDueOnThisThreadAndTellsOfIt() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    TestScheduler scheduler =
        TestScheduler.of(
            Job.returning(
                SEND,
                (invoice, context) -> {
                  thread.set(Thread.currentThread());
                  return invoice.to();
                }));
    Enqueued enqueued = scheduler.enqueue(SEND, ADA);
    assertThat(thread.get()).isNull();

    List<Execution> ran = scheduler.runDue();

    assertThat(thread.get()).isSameAs(Thread.currentThread());
    assertThat(ran).hasSize(1);
    assertThat(ran.get(0).trigger()).isEqualTo(enqueued.id());
    assertThat(ran.get(0).outcome()).isEqualTo(SUCCEEDED);
    assertThat(ran.get(0).result().orElseThrow().as(String.class)).isEqualTo("ada");
    assertThat(scheduler.executions().of(enqueued.id())).isEqualTo(ran);
    assertThat(scheduler.runDue()).isEmpty();
  }

  @Test
  void startsNoThread() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Set<Thread> during = new HashSet<>();
    TestScheduler scheduler =
        TestScheduler.of(
            Job.of(
                    PING,
                    context -> {
                      context.progress(1, 2);
                      during.addAll(Thread.getAllStackTraces().keySet());
                      throw new IOException("down");
                    })
                .timeout(ofSeconds(1), ofSeconds(1)),
            Job.recurring("hourly", Schedules.every(ofHours(1)), context -> {}));
    scheduler.enqueue(PING);
    scheduler.drain();
    scheduler.advance(ofDays(1));

    assertThat(before).containsAll(engineThreads(during));
    assertThat(before).containsAll(engineThreads(Thread.getAllStackTraces().keySet()));
  }

  /** The JVM may start some of its own at any time. */
  private static List<Thread> engineThreads(Set<Thread> all) {
    return all.stream()
        .filter(thread -> thread.getThreadGroup() == Thread.currentThread().getThreadGroup())
        .toList();
  }

  @Test
  void runsWhatIsDueAtOneInstantInTheOrderOfEnqueuing() {
    TestScheduler scheduler = TestScheduler.of(send, ping);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      scheduler.enqueue(SEND, new Invoice("nr " + i));
      expected.add("nr " + i + " 1");
    }
    scheduler.enqueue(PING);
    expected.add("ping");

    scheduler.runDue();

    assertThat(done).isEqualTo(expected);
  }

  @Test
  void runsTheHigherPriorityFirstAndTheOldestDueOfSeveralQueues() {
    TestScheduler scheduler = TestScheduler.of(send, ping.queue("other"));
    scheduler.submit(SEND.with(ADA).after(ofSeconds(2)).priority(Priority.LOW));
    scheduler.submit(SEND.with(BOB).after(ofSeconds(3)).priority(Priority.HIGH));
    scheduler.schedule(PING, ofSeconds(1));
    scheduler.skip(ofMinutes(1));

    scheduler.runDue();

    assertThat(done).containsExactly("ping", "bob 1", "ada 1");
  }

  @Test
  void runsWhatHandlersEnqueueForNowInTheSameGo() {
    Late<TestScheduler> scheduler = new Late<>();
    Job<Void> twice =
        Job.of(
            PING,
            context -> {
              scheduler.get().enqueue(SEND, ADA);
              scheduler.get().schedule(SEND, BOB, ofSeconds(1));
            });
    scheduler.set(TestScheduler.of(send, twice));
    scheduler.get().enqueue(PING);

    assertThat(scheduler.get().runDue()).extracting(Execution::job).containsExactly("ping", "send");
    assertThat(done).containsExactly("ada 1");
  }

  @Test
  void whatAHandlerCallsOffIsNotRunAfterIt() {
    Late<TestScheduler> scheduler = new Late<>();
    Job<Void> callOff =
        Job.of(
            PING,
            context -> scheduler.get().triggers().where(TriggerFilter.ofJob("send")).cancel());
    scheduler.set(TestScheduler.of(callOff, send));
    scheduler.get().enqueue(PING);
    Enqueued off = scheduler.get().enqueue(SEND, ADA);

    scheduler.get().runDue();

    assertThat(done).isEmpty();
    assertThat(scheduler.get().executions().of(off.id()))
        .extracting(Execution::outcome)
        .containsExactly(CANCELLED);
  }

  @Test
  void anExceptionOfAHandlerIsInTheExecution() {
    TestScheduler scheduler =
        TestScheduler.of(
            Job.of(
                    PING,
                    context -> {
                      throw new AssertionError("wrong");
                    })
                .retry(Retry.none()));
    scheduler.enqueue(PING);

    Execution ran = scheduler.runDue().get(0);

    assertThat(ran.outcome()).isEqualTo(FAILED);
    assertThat(ran.failure().orElseThrow().message()).isEqualTo("wrong");
  }

  @Test
  void failsTheNextAttemptsInPlaceOfTheHandler() {
    TestScheduler scheduler = TestScheduler.of(send.retry(Retry.fixed(ofSeconds(7))), ping);
    scheduler.failNext(SEND, 2, new IOException("down"));
    scheduler.failNext(SEND, new IllegalStateException("broken"));
    scheduler.enqueue(SEND, ADA);
    scheduler.enqueue(PING);

    scheduler.drain();

    assertThat(done).containsExactly("ping", "ada 4");
    assertThat(scheduler.executed(SEND))
        .extracting(Execution::outcome)
        .containsExactly(FAILED, FAILED, FAILED, SUCCEEDED);
    assertThat(scheduler.executed(SEND))
        .extracting(each -> each.failure().map(failure -> failure.message()))
        .containsExactly(
            Optional.of("down"), Optional.of("down"), Optional.of("broken"), Optional.empty());
    assertThat(scheduler.executed("ping")).hasSize(1);
  }

  @Test
  void refusesToFailAJobThatIsNotHereOrNoTimes() {
    TestScheduler scheduler = TestScheduler.of(send);

    assertThatThrownBy(() -> scheduler.failNext(PING, new IOException()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("The test scheduler has no job \"ping\" that could fail; it has [send].");
    assertThatThrownBy(() -> scheduler.failNext(SEND, 0, new IOException()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at least 1");
  }

  @Test
  void showsWhatIsEnqueuedWithItsPayload() {
    TestScheduler scheduler = TestScheduler.of(send, ping);
    scheduler.schedule(SEND, BOB, ofHours(1));
    scheduler.submit(SEND.with(ADA).key("a").queue("mail").priority(Priority.HIGH));
    scheduler.enqueue(PING);

    List<EnqueuedJob<Invoice>> enqueued = scheduler.enqueued(SEND);

    assertThat(enqueued).extracting(EnqueuedJob::payload).containsExactly(ADA, BOB);
    assertThat(enqueued.get(0).key()).contains("a");
    assertThat(enqueued.get(0).queue()).isEqualTo("mail");
    assertThat(enqueued.get(0).priority()).isEqualTo(Priority.HIGH);
    assertThat(enqueued.get(0).due()).isEqualTo(scheduler.now());
    assertThat(enqueued.get(0).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(enqueued.get(1).due()).isEqualTo(scheduler.now().plus(ofHours(1)));
    assertThat(scheduler.enqueued(PING).get(0).payload()).isNull();
  }

  @Test
  void findsMoreThanOnePageOfWhatIsEnqueued() {
    TestScheduler scheduler = TestScheduler.of();
    for (int i = 0; i < 2_001; i++) {
      scheduler.enqueue(PING);
    }

    assertThat(scheduler.enqueued(PING)).hasSize(2_001).doesNotHaveDuplicates();
  }

  @Test
  void assertsThatSomethingIsEnqueued() {
    TestScheduler scheduler = TestScheduler.of(send);
    scheduler.enqueue(SEND, ADA);

    scheduler.assertEnqueued(SEND);
    scheduler.assertEnqueued(SEND, new Invoice("ada"));
    scheduler.assertNotEnqueued(PING);
    assertThatThrownBy(() -> scheduler.assertEnqueued(SEND, BOB))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "Nothing is enqueued for job \"send\" with Invoice[to=bob]. These are:\n"
                + "  send Invoice[to=ada] due 2026-01-05T00:00:00Z");
    assertThatThrownBy(() -> scheduler.assertNotEnqueued(SEND))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "Job \"send\" should not be enqueued, and is:\n  send Invoice[to=ada]");
    assertThatThrownBy(scheduler::assertNothingEnqueued)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("send {\"to\":\"ada\"} due");
    scheduler.runDue();
    scheduler.assertNotEnqueued(SEND);
    scheduler.assertNothingEnqueued();
    assertThatThrownBy(() -> scheduler.assertEnqueued(SEND))
        .isInstanceOf(AssertionError.class)
        .hasMessage("Nothing is enqueued for job \"send\". Of its attempts so far: {SUCCEEDED=1}.");
  }

  @Test
  void recurringTriggersDoNotCountAsEnqueued() {
    TestScheduler scheduler =
        TestScheduler.of(send, Job.recurring("nightly", Schedules.every(ofDays(1)), context -> {}));
    scheduler.recurring(SEND.with(ADA).key("tenant"), Schedules.every(ofHours(1)));

    scheduler.assertNothingEnqueued();
    scheduler.assertNotEnqueued(SEND);
  }

  /** Equal only to itself, like many a payload. */
  static final class Letter {
    public String text = "";
  }

  @Test
  void payloadsAreTheSameIfTheyAreWrittenTheSame() {
    JobType<Letter> post = JobType.of("post", Letter.class);
    TestScheduler scheduler = TestScheduler.of();
    Letter dear = new Letter();
    dear.text = "dear";
    scheduler.enqueue(post, dear);

    Letter same = new Letter();
    same.text = "dear";
    scheduler.assertEnqueued(post, same);
    assertThatThrownBy(() -> scheduler.assertEnqueued(post, new Letter()))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void executedTellsOfWhatTheHistoryLeavesOut() {
    TestScheduler scheduler = TestScheduler.of(send.keepHistory(KeepHistory.FAILURES));
    Enqueued enqueued = scheduler.enqueue(SEND, ADA);

    List<Execution> ran = scheduler.runDue();

    assertThat(scheduler.executions().of(enqueued.id())).isEmpty();
    assertThat(ran).isEqualTo(scheduler.executed(SEND)).hasSize(1);
    assertThat(ran.get(0).outcome()).isEqualTo(SUCCEEDED);
    assertThat(ran.get(0).trigger()).isEqualTo(enqueued.id());
    assertThat(ran.get(0).attempt()).isEqualTo(1);
  }

  @Test
  void executedTellsOfWhatWasStartedOnly() {
    TestScheduler scheduler = TestScheduler.of(send.maxLateness(ofSeconds(1)));
    scheduler.enqueue(SEND, ADA);
    scheduler.skip(ofMinutes(1));

    assertThat(scheduler.runDue()).hasSize(1);
    assertThat(scheduler.executed(SEND)).isEmpty();
  }

  @Test
  void awaitRunsWhatIsDueAndTurnsTheClock() throws Exception {
    TestScheduler scheduler = TestScheduler.of(send, ping);
    Instant start = scheduler.now();
    scheduler.schedule(PING, ofSeconds(5));
    TriggerId id = scheduler.schedule(SEND, ADA, ofSeconds(10)).id();

    assertThat(scheduler.await(id, ofSeconds(10)).outcome()).isEqualTo(SUCCEEDED);
    assertThat(done).containsExactly("ping", "ada 1");
    assertThat(scheduler.now()).isEqualTo(start.plus(ofSeconds(10)));
    assertThat(scheduler.await(id, Duration.ZERO).outcome()).isEqualTo(SUCCEEDED);
  }

  @Test
  void awaitEndsAtItsTimeoutOnThisClock() {
    TestScheduler scheduler =
        TestScheduler.of(send, Job.recurring("hourly", Schedules.every(ofHours(1)), context -> {}));
    Instant start = scheduler.now();
    TriggerId late = scheduler.schedule(SEND, ADA, ofSeconds(11)).id();

    assertThatThrownBy(() -> scheduler.await(late, ofSeconds(10)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("is due in 1s");
    assertThat(scheduler.now()).isEqualTo(start.plus(ofSeconds(10)));
    assertThatThrownBy(() -> scheduler.await(TriggerId.next(), ofSeconds(10)))
        .isInstanceOf(InvalidRequestException.class);
    TriggerId hourly = scheduler.triggers().findStanding("hourly").orElseThrow().id();
    assertThatThrownBy(() -> scheduler.await(hourly, ofSeconds(10)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("never ends");
  }

  @Test
  void pausesAndResumesTriggersJobsAndQueues() {
    TestScheduler scheduler = TestScheduler.of(send, ping.queue("other"));
    TriggerId id = scheduler.enqueue(SEND, ADA).id();
    scheduler.triggers().pause(id);
    assertThat(scheduler.runDue()).isEmpty();
    scheduler.triggers().resume(id);
    assertThat(scheduler.runDue()).hasSize(1);

    scheduler.jobs().pause("send");
    scheduler.enqueue(SEND, BOB);
    scheduler.queues().pause("other");
    scheduler.enqueue(PING);
    assertThat(scheduler.advance(ofDays(1))).isEmpty();
    assertThat(scheduler.explain(scheduler.enqueued(SEND).get(0).id()).reason())
        .isEqualTo(Explanation.Reason.JOB_PAUSED);
    scheduler.queues().resume("other");
    assertThat(scheduler.runDue()).extracting(Execution::job).containsExactly("ping");
    scheduler.jobs().resume("send");
    assertThat(scheduler.runDue()).extracting(Execution::job).containsExactly("send");
  }

  @Test
  void runsAgainWhatHasFailed() {
    TestScheduler scheduler = TestScheduler.of(send.retry(Retry.none()));
    scheduler.failNext(SEND, new IOException("down"));
    scheduler.enqueue(SEND, ADA);
    Execution failed = scheduler.runDue().get(0);

    scheduler.executions().rerun(failed.id());

    scheduler.assertEnqueued(SEND, ADA);
    assertThat(scheduler.runDue()).extracting(Execution::outcome).containsExactly(SUCCEEDED);
    assertThat(done).containsExactly("ada 1");
  }

  @Test
  void keysMeetAsInLife() {
    TestScheduler scheduler = TestScheduler.of(send);
    scheduler.submit(SEND.with(ADA).key("k"));

    Enqueued second = scheduler.submit(SEND.with(BOB).key("k").onConflict(OnConflict.REPLACE));

    assertThat(second.result()).isEqualTo(Enqueued.Result.REPLACED);
    assertThat(second.id()).isEqualTo(scheduler.enqueued(SEND).get(0).id());
    scheduler.runDue();
    assertThat(done).containsExactly("bob 1");
  }

  @Test
  void aRunHearsThatItWasCancelledWhenTimePasses() {
    Late<TestScheduler> scheduler = new Late<>();
    List<Boolean> cancelled = new ArrayList<>();
    Job<Void> long_ =
        Job.of(
            PING,
            context -> {
              scheduler.get().triggers().cancel(context.triggerId());
              cancelled.add(context.isCancelled());
              scheduler.get().skip(ofSeconds(1));
              cancelled.add(context.isCancelled());
            });
    scheduler.set(TestScheduler.of(long_));
    scheduler.get().enqueue(PING);

    assertThat(scheduler.get().runDue()).extracting(Execution::outcome).containsExactly(CANCELLED);
    assertThat(cancelled).containsExactly(false, true);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aPausedRunYieldsAtItsCheckpointAndGoesOnFromThere() {
    Late<TestScheduler> scheduler = new Late<>();
    Job<Void> steps =
        Job.of(
            PING,
            context -> {
              int from = context.checkpoint(Integer.class).orElse(0);
              for (int step = from; step < 3; step++) {
                done.add("step " + step);
                if (step == 1 && from == 0) {
                  scheduler.get().triggers().pause(context.triggerId());
                }
                context.checkpoint(step + 1);
              }
            });
    scheduler.set(TestScheduler.of(steps));
    TriggerId id = scheduler.get().enqueue(PING).id();

    assertThat(scheduler.get().runDue()).extracting(Execution::outcome).containsExactly(YIELDED);
    scheduler.get().triggers().resume(id);
    scheduler.get().runDue();

    assertThat(done).containsExactly("step 0", "step 1", "step 2");
  }

  @Test
  void progressIsWrittenWhenARunEndsAndWhenTimePassesInIt() {
    Late<TestScheduler> scheduler = new Late<>();
    List<Optional<Progress>> seen = new ArrayList<>();
    Job<Void> slow =
        Job.of(
                PING,
                context -> {
                  context.progress(1, 3, "one");
                  scheduler.get().skip(ofSeconds(1));
                  seen.add(scheduler.get().triggers().progress(context.triggerId()));
                  context.progress(2, 3, "two");
                  throw new IOException("down");
                })
            .retry(Retry.fixed(ofSeconds(1)));
    scheduler.set(TestScheduler.of(slow));
    TriggerId id = scheduler.get().enqueue(PING).id();

    scheduler.get().runDue();

    assertThat(seen.get(0).orElseThrow().message()).isEqualTo("one");
    assertThat(scheduler.get().triggers().progress(id).orElseThrow().done()).isEqualTo(2);
  }

  static final class Billing {
    final List<String> calls = new ArrayList<>();

    @JobHandler(value = "send", maxAttempts = 2)
    void send(Invoice invoice, JobContext context) throws IOException {
      calls.add(invoice.to() + " " + context.attempt());
      if (context.attempt() == 1) {
        throw new IOException("down");
      }
    }

    @Recurring(name = "close-books", cron = "0 2 * * *")
    void closeBooks(JobContext context) {
      calls.add("closed " + context.fireTime());
    }
  }

  @Test
  void annotatedJobsBehaveLikeBuiltOnes() {
    Billing billing = new Billing();
    TestScheduler annotated = TestScheduler.builder().annotated(billing).build();
    List<String> calls = new ArrayList<>();
    TestScheduler built =
        TestScheduler.of(
            Job.of(
                    SEND,
                    (invoice, context) -> {
                      calls.add(invoice.to() + " " + context.attempt());
                      if (context.attempt() == 1) {
                        throw new IOException("down");
                      }
                    })
                .retry(Retry.standard().maxAttempts(2)),
            Job.recurring(
                "close-books",
                Schedules.parse("cron: 0 2 * * *"),
                context -> calls.add("closed " + context.fireTime())));

    for (TestScheduler scheduler : List.of(annotated, built)) {
      scheduler.enqueue(SEND, ADA);
      scheduler.advance(ofDays(2));
    }

    assertThat(billing.calls)
        .isEqualTo(calls)
        .containsExactly(
            "ada 1", "ada 2", "closed 2026-01-05T02:00:00Z", "closed 2026-01-06T02:00:00Z");
    assertThat(annotated.executed(SEND))
        .extracting(Execution::outcome, Execution::due)
        .isEqualTo(
            built.executed(SEND).stream().map(each -> tuple(each.outcome(), each.due())).toList());
  }

  @Test
  void interceptorsGoAroundHandlersAndSeePlannedFailures() {
    TestScheduler scheduler =
        TestScheduler.builder()
            .jobs(send.retry(Retry.none()))
            .interceptor(
                (context, invocation) -> {
                  try {
                    return invocation.proceed();
                  } catch (IOException e) {
                    done.add("seen " + e.getMessage());
                    throw e;
                  }
                })
            .build();
    scheduler.failNext(SEND, new IOException("down"));
    scheduler.enqueue(SEND, ADA);
    scheduler.enqueue(SEND, BOB);

    scheduler.runDue();

    assertThat(done).containsExactly("seen down", "bob 1");
  }

  @Test
  void listenersHearOfTransitions() {
    List<TriggerState> states = new ArrayList<>();
    TestScheduler scheduler =
        TestScheduler.builder()
            .jobs(ping)
            .listener(transition -> states.add(transition.to()))
            .build();
    scheduler.enqueue(PING);
    scheduler.runDue();

    assertThat(states).containsExactly(TriggerState.RUNNING, TriggerState.SUCCEEDED);
  }

  @Test
  void payloadsGoThroughTheCodec() {
    PayloadCodec names =
        new PayloadCodec() {
          @Override
          public byte[] write(Object payload, Class<?> type) {
            return ((Invoice) payload).to().getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public <T> T read(byte[] bytes, Class<T> type) {
            return type.cast(new Invoice(new String(bytes, StandardCharsets.UTF_8)));
          }
        };
    TestScheduler scheduler = TestScheduler.builder().jobs(send).codec(names).build();
    TriggerId id = scheduler.enqueue(SEND, ADA).id();

    assertThat(scheduler.triggers().find(id).orElseThrow().payload()).hasToString("ada");
    scheduler.assertEnqueued(SEND, ADA);
    scheduler.runDue();
    assertThat(done).containsExactly("ada 1");
  }

  @Test
  void servesTheQueuesThatItIsTold() {
    TestScheduler scheduler = TestScheduler.builder().jobs(send).queues("bulk").build();
    scheduler.submit(SEND.with(ADA).queue("bulk"));
    scheduler.submit(SEND.with(BOB).queue("nobody"));

    scheduler.runDue();

    assertThat(done).containsExactly("ada 1");
    assertThatThrownBy(scheduler::drain)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 one-time triggers are left that don't run")
        .hasMessageContaining("no live node serves queue \"nobody\"");
  }

  @Test
  void withoutConnectionsTransactionsAreRefused() {
    assertThatThrownBy(() -> TestScheduler.of(send.transactional()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("connections(dataSource)");
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> null);
    assertThatThrownBy(() -> TestScheduler.of(send).using(connection))
        .isInstanceOf(NoTransactionsException.class)
        .hasMessageContaining("connections(dataSource)");
  }

  @Test
  void countsWhatItHasDone() {
    TestScheduler scheduler = TestScheduler.of(send);
    scheduler.enqueue(SEND, ADA);
    scheduler.runDue();

    assertThat(scheduler.stats().count(SUCCEEDED)).isEqualTo(1);
  }
}
