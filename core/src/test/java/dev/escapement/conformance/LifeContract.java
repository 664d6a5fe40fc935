package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.Handler;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.NotRetryable;
import dev.escapement.Outcome;
import dev.escapement.Progress;
import dev.escapement.Scheduler;
import dev.escapement.Transition;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How attempts follow each other and what they leave, shown with real nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LifeContract {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final LiveNodes nodes;

  LifeContract(Supplier<Store> newStore) {
    this.nodes = new LiveNodes(newStore);
  }

  @AfterEach
  void closeNodes() {
    nodes.close();
  }

  private static Job<String> text(Handler<String> handler) {
    return Job.of(TEXT, handler).retry(Retry.fixed(SHORT));
  }

  @Test
  void aHandlerMayChooseTheWaitBeforeItsNextAttempt() throws Exception {
    Duration wait = Duration.ofMillis(300);
    Scheduler node =
        nodes.start(
            text((text, context) -> {
                  if (context.attempt() == 1) {
                    context.retryIn(wait);
                  }
                })
                .retry(Retry.fixed(Duration.ofDays(1))));

    Enqueued made = node.enqueue(TEXT, "x");
    nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED);

    List<ExecutionRecord> history = nodes.history(made);
    assertThat(history)
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
    assertThat(history.get(0).failure()).isNotNull();
    Duration waited = Duration.between(history.get(0).endedAt(), history.get(1).due());
    assertThat(waited).isBetween(wait, wait.plusSeconds(20));
  }

  @Test
  void aHandlerThatChoosesTheWaitStillHasOnlyTheAttemptsOfItsPolicy() throws Exception {
    Scheduler node =
        nodes.start(
            text((text, context) -> context.retryIn(Duration.ZERO))
                .retry(Retry.fixed(SHORT).maxAttempts(3)));

    Enqueued made = node.enqueue(TEXT, "x");
    Execution last = node.await(made.id(), Duration.ofSeconds(30));

    assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(last.attempt()).isEqualTo(3);
  }

  @Test
  void whatIsPutOffCountsNoAttempt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Scheduler node =
        nodes.start(
            text((text, context) -> {
                  if (calls.incrementAndGet() < 4) {
                    context.snooze(SHORT);
                  }
                })
                .retry(Retry.none()));

    Enqueued made = node.enqueue(TEXT, "x");
    Execution last = node.await(made.id(), Duration.ofSeconds(30));

    assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(last.attempt()).isEqualTo(1);
    assertThat(nodes.history(made))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.YIELDED, Outcome.YIELDED, Outcome.YIELDED, Outcome.SUCCEEDED);
  }

  static final class Hopeless extends RuntimeException implements NotRetryable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatNoAttemptCanMendIsNotTriedAgain() throws Exception {
    Scheduler node =
        nodes.start(
            text((text, context) -> {
                  if (text.equals("hopeless")) {
                    throw new IOException("wrapped", new Hopeless());
                  }
                  throw new IllegalArgumentException(text);
                })
                .retry(Retry.fixed(SHORT).notOn(IllegalArgumentException.class)));

    for (String payload : List.of("hopeless", "said of the job")) {
      Execution last = node.await(node.enqueue(TEXT, payload).id(), Duration.ofSeconds(30));
      assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(last.attempt()).as(payload).isEqualTo(1);
      assertThat(last.payload())
          .hasValueSatisfying(kept -> assertThat(kept.as(String.class)).isEqualTo(payload));
    }
  }

  @Test
  void whatWouldStartTooLateIsSkipped() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(text((text, context) -> seen.add(text)).maxLateness(Duration.ofMinutes(1)));
    Instant now = nodes.store().now();

    Enqueued late = node.schedule(TEXT, "late", now.minusSeconds(90));
    Enqueued fine = node.schedule(TEXT, "fine", now.minusSeconds(1));

    assertThat(node.await(late.id(), Duration.ofSeconds(30)).outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(node.await(fine.id(), Duration.ofSeconds(30)).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
    assertThat(seen).containsExactly("fine");
  }

  @Test
  void aRunThatIgnoresItsInterruptIsAbandonedAndItsWorkerReplaced() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Scheduler node =
        nodes.start(
            nodes
                .node(
                    text((text, context) -> {
                          if (context.attempt() == 1) {
                            hang(release);
                          }
                        })
                        .timeout(Duration.ofMillis(50), Duration.ofMillis(50)))
                .workers(1));

    Enqueued made = node.enqueue(TEXT, "x");
    Execution last = node.await(made.id(), Duration.ofSeconds(30));

    assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(nodes.history(made))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.TIMED_OUT, Outcome.SUCCEEDED);
    assertThat(node.stats().abandoned()).isEqualTo(1);
    assertThat(node.stats().wedged()).isEqualTo(1);
    release.countDown();
    assertThat(node.await(node.enqueue(TEXT, "y").id(), Duration.ofSeconds(30)).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }

  private static void hang(CountDownLatch release) {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait(); // as bad code does
      }
    }
  }

  @Test
  void whoeverEnqueuedAwaitsWhatTheHandlerReturns() throws Exception {
    nodes.start(Job.returning(TEXT, (text, context) -> text.length()));
    Scheduler elsewhere = nodes.start();

    Enqueued made = elsewhere.enqueue(TEXT, "four");
    Execution last = elsewhere.await(made.id(), Duration.ofSeconds(30));

    assertThat(last.result().orElseThrow().as(Integer.class)).isEqualTo(4);
    assertThat(elsewhere.executions().find(last.id())).contains(last);
  }

  @Test
  void awaitingEndsAtItsTimeoutAndRefusesWhatNeverEnds() throws Exception {
    Scheduler node =
        nodes.start(
            text((text, context) -> {}),
            Job.recurring("tick", Schedules.every(Duration.ofHours(1)), context -> {}));
    Enqueued later = node.schedule(TEXT, "x", Duration.ofHours(1));
    TriggerStatus standing = node.triggers().findStanding("tick").orElseThrow();

    assertThatThrownBy(() -> node.await(later.id(), Duration.ofMillis(30)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining(later.id().toString());
    assertThatThrownBy(() -> node.await(standing.id(), Duration.ofSeconds(30)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("recurs");
    assertThatThrownBy(() -> node.await(TriggerId.next(), Duration.ofSeconds(30)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("There is no trigger");
  }

  @Test
  void aResultThatCannotBeKeptTakesNoSuccessBack() throws Exception {
    Scheduler node = nodes.start(Job.returning(TEXT, (text, context) -> "x".repeat(100_000)));

    Execution last = node.await(node.enqueue(TEXT, "x").id(), Duration.ofSeconds(30));

    assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(last.result()).isEmpty();
  }

  @Test
  void theHistoryKeepsWhatTheJobSays() throws Exception {
    JobType<String> failures = JobType.of("failures", String.class);
    JobType<String> none = JobType.of("none", String.class);
    Scheduler node =
        nodes.start(
            Job.of(failures, LifeContract::failOnce)
                .retry(Retry.fixed(SHORT))
                .keepHistory(KeepHistory.FAILURES),
            Job.of(none, LifeContract::failOnce)
                .retry(Retry.fixed(SHORT))
                .keepHistory(KeepHistory.NONE));

    for (JobType<String> type : List.of(failures, none)) {
      nodes.witness.awaitEnd(node.enqueue(type, "mends").id(), Outcome.SUCCEEDED);
    }
    Enqueued lost = node.submit(none.with("never mends"));
    nodes.witness.await(
        1, t -> t.trigger().id().equals(lost.id()) && t.to() == TriggerState.FAILED);

    assertThat(node.executions().list(ExecutionFilter.ofJob("failures"), 10).items())
        .extracting(Execution::outcome)
        .containsExactly(Outcome.FAILED);
    assertThat(node.executions().list(ExecutionFilter.ofJob("none"), 10).items())
        .extracting(Execution::trigger)
        .as("only what has failed for good")
        .containsExactly(lost.id());
  }

  @Test
  void anEarlierFailureIsNotTakenForTheEndThatIsNotKept() throws Exception {
    Scheduler node =
        nodes.start(
            Job.of(TEXT, LifeContract::failOnce)
                .retry(Retry.fixed(SHORT))
                .keepHistory(KeepHistory.FAILURES));
    Enqueued mended = node.enqueue(TEXT, "mends");
    nodes.witness.awaitEnd(mended.id(), Outcome.SUCCEEDED);

    assertThatThrownBy(() -> node.await(mended.id(), Duration.ofSeconds(30)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("isn't kept");
  }

  private static void failOnce(String text, JobContext context) {
    if (text.equals("never mends")) {
      throw new Hopeless();
    }
    if (context.attempt() == 1) {
      throw new IllegalStateException("once");
    }
  }

  @Test
  void interceptorsGoAroundEachAttemptTheFirstOutermost() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            nodes
                .node(Job.returning(TEXT, (text, context) -> heard.add("handler") ? "said" : ""))
                .interceptor(around("outer", heard))
                .interceptor(around("inner", heard)));

    Execution last = node.await(node.enqueue(TEXT, "x").id(), Duration.ofSeconds(30));

    assertThat(heard)
        .containsExactly("outer begins", "inner begins", "handler", "inner ends", "outer ends");
    assertThat(last.result().orElseThrow().as(String.class)).isEqualTo("said");
  }

  private static ExecutionInterceptor around(String name, List<String> heard) {
    return (context, invocation) -> {
      heard.add(name + " begins");
      try {
        return invocation.proceed();
      } finally {
        heard.add(name + " ends");
      }
    };
  }

  @Test
  void whatAnInterceptorThrowsFailsTheAttempt() throws Exception {
    Scheduler node =
        nodes.start(
            nodes
                .node(text((text, context) -> {}))
                .interceptor(
                    (context, invocation) -> {
                      if (context.attempt() == 1) {
                        throw new SecurityException("not you");
                      }
                      return invocation.proceed();
                    }));

    Enqueued made = node.enqueue(TEXT, "x");
    node.await(made.id(), Duration.ofSeconds(30));

    assertThat(nodes.history(made))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
  }

  record Page(int number) {}

  @Test
  void theNextAttemptGoesOnFromTheCheckpoint() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            text(
                (text, context) -> {
                  int from = context.checkpoint(Page.class).map(Page::number).orElse(0);
                  for (int page = from + 1; page <= 5; page++) {
                    done.add(page);
                    context.checkpoint(new Page(page));
                    if (page == 3 && context.attempt() == 1) {
                      throw new IllegalStateException("in the middle");
                    }
                  }
                }));

    node.await(node.enqueue(TEXT, "x").id(), Duration.ofSeconds(30));

    assertThat(done).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void theNextFireBeginsWithoutTheCheckpointOfTheOneBefore() throws Exception {
    List<Boolean> found = Collections.synchronizedList(new ArrayList<>());
    nodes.start(
        Job.recurring(
            "tick",
            Schedules.every(Duration.ofMillis(100)),
            context -> {
              found.add(context.checkpoint(Page.class).isPresent());
              context.checkpoint(new Page(1));
            }));

    nodes.witness.awaitEnds(3, "tick", Outcome.SUCCEEDED);

    assertThat(found).doesNotContain(true);
  }

  @Test
  void peopleSeeHowFarARunHasCome() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Scheduler node =
        nodes.start(
            text(
                (text, context) -> {
                  context.progress(3, 10, "page 3");
                  Witness.await(seen);
                }));
    Enqueued made = node.enqueue(TEXT, "x");

    Progress progress = null;
    while (progress == null) {
      progress = node.triggers().progress(made.id()).orElse(null);
      Thread.onSpinWait();
    }
    seen.countDown();

    assertThat(progress.done()).isEqualTo(3);
    assertThat(progress.total()).isEqualTo(10);
    assertThat(progress.message()).isEqualTo("page 3");
    assertThat(progress.at()).isBeforeOrEqualTo(nodes.store().now());
  }

  @Test
  void listenersHearWhenAHandlerRan() throws Exception {
    Scheduler node = nodes.start(text((text, context) -> {}));

    Enqueued made = node.enqueue(TEXT, "x");
    Transition.Times times =
        nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED).times().orElseThrow();

    Execution execution = node.executions().of(made.id()).get(0);
    assertThat(times.due()).isEqualTo(execution.due());
    // The store keeps its own clock's word where the node's reckoning of it runs ahead.
    assertThat(times.startedAt())
        .isCloseTo(execution.startedAt().orElseThrow(), within(1, ChronoUnit.SECONDS));
    assertThat(times.endedAt()).isCloseTo(execution.endedAt(), within(1, ChronoUnit.SECONDS));
    assertThat(nodes.witness.await(2, t -> t.trigger().id().equals(made.id())).get(0).times())
        .isEmpty();
  }
}
