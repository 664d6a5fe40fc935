package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Control;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Explanation;
import dev.escapement.IllegalTransitionException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Page;
import dev.escapement.QueueStatus;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerSelection.Tally;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people decide about triggers and queues from any node, shown with real nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ControlContract {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);

  private final LiveNodes nodes;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  ControlContract(Supplier<Store> newStore) {
    this.nodes = new LiveNodes(newStore);
  }

  @AfterEach
  void closeNodes() {
    release.countDown();
    nodes.close();
  }

  /** Says that it has started, and waits for its release. */
  private Job<String> waiting() {
    return Job.of(
            TEXT,
            (text, context) -> {
              started.countDown();
              Witness.await(release);
            })
        .retry(Retry.fixed(Duration.ofMillis(50)));
  }

  private SchedulerClient elsewhere() {
    return SchedulerClient.of(nodes.store());
  }

  private Enqueued running(Scheduler node) throws InterruptedException {
    Enqueued made = node.submit(TEXT.with("x").key("k"));
    Witness.await(started);
    return made;
  }

  private List<Outcome> outcomes(Enqueued made) {
    return nodes.history(made).stream().map(ExecutionRecord::outcome).toList();
  }

  @Test
  void whatWaitsIsCancelledAtOnce() throws Exception {
    Scheduler node = nodes.start(waiting());
    Enqueued made = node.schedule(TEXT, "x", HOUR);

    assertThat(elsewhere().triggers().cancel(made.id())).isEqualTo(Control.DONE);

    Execution end = node.await(made.id(), LONG);
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(end.attempt()).isZero();
    assertThat(elsewhere().triggers().cancel(made.id())).isEqualTo(Control.GONE);
  }

  @Test
  void whatRunsIsToldAndInterruptedWhicheverNodeAsks() throws Exception {
    Scheduler node = nodes.start(waiting());
    Enqueued made = running(node);

    assertThat(elsewhere().triggers().cancel(made.id())).isEqualTo(Control.REQUESTED);

    Execution end = node.await(made.id(), LONG);
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(end.attempt()).isEqualTo(1);
    assertThat(outcomes(made)).containsExactly(Outcome.CANCELLED);
    assertThat(node.stats().count(Outcome.CANCELLED)).isEqualTo(1);
  }

  @Test
  void aCancelledFireEndsAndTheNextOneComes() throws Exception {
    Schedule often = Schedules.every(Duration.ofMillis(200));
    AtomicInteger runs = new AtomicInteger();
    Scheduler node =
        nodes.start(
            Job.recurring(
                "tick",
                often,
                context -> {
                  if (runs.incrementAndGet() == 1) {
                    started.countDown();
                    Witness.await(release);
                  }
                }));
    TriggerId id = node.triggers().findStanding("tick").orElseThrow().id();
    Witness.await(started);

    assertThat(node.triggers().cancel(id)).isEqualTo(Control.REQUESTED);

    nodes.witness.awaitEnd(id, Outcome.CANCELLED);
    nodes.witness.awaitEnds(2, id, Outcome.SUCCEEDED);
  }

  @Test
  void theFireThatARecurringTriggerWaitsForMayBeCancelled() throws Exception {
    Scheduler node =
        nodes.start(
            nodes
                .node(Job.recurring("daily", Schedules.fixedDelay(HOUR), context -> {}))
                .heartbeat(Duration.ofMillis(100))
                .lease(Duration.ofSeconds(20)));
    TriggerId id = node.triggers().findStanding("daily").orElseThrow().id();
    nodes.witness.awaitEnd(id, Outcome.SUCCEEDED);
    TriggerStatus before = scheduled(node, id);

    assertThat(elsewhere().triggers().cancel(id)).isEqualTo(Control.DONE);

    TriggerStatus after = scheduled(node, id);
    assertThat(after.fireTime().orElseThrow()).isAfter(before.fireTime().orElseThrow());
    assertThat(node.executions().of(id))
        .extracting(Execution::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.CANCELLED);
  }

  /** As soon as it waits for a fire. */
  private static TriggerStatus scheduled(Scheduler node, TriggerId id) {
    Optional<TriggerStatus> trigger = node.triggers().find(id);
    while (trigger.filter(ControlContract::waits).isEmpty()) {
      Thread.onSpinWait();
      trigger = node.triggers().find(id);
    }
    return trigger.get();
  }

  private static boolean waits(TriggerStatus trigger) {
    return trigger.state() == TriggerState.SCHEDULED && trigger.due().isPresent();
  }

  @Test
  void aSuccessIsNeverLostToAPauseOrACancelThatComesTooLate() throws Exception {
    Scheduler node =
        nodes.start(
            Job.of(
                TEXT,
                (text, context) -> {
                  started.countDown();
                  awaitWhateverHappens(release);
                }));
    Enqueued made = running(node);

    assertThat(node.triggers().pause(made.id())).isEqualTo(Control.REQUESTED);
    release.countDown();

    assertThat(node.await(made.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(node.triggers().find(made.id())).isEmpty();
  }

  private static void awaitWhateverHappens(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPausedRunYieldsAtItsCheckpointAndGoesOnFromThereWhenResumed() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            Job.of(
                TEXT,
                (text, context) -> {
                  int step = context.checkpoint(Integer.class).orElse(0);
                  while (step < 3) {
                    step++;
                    done.add(step);
                    if (step == 2) {
                      started.countDown();
                      Witness.await(release);
                    }
                    context.checkpoint(step);
                  }
                }));
    Enqueued made = running(node);

    assertThat(elsewhere().triggers().pause(made.id())).isEqualTo(Control.REQUESTED);
    release.countDown();
    nodes.witness.awaitEnd(made.id(), Outcome.YIELDED);

    TriggerStatus paused = node.triggers().find(made.id()).orElseThrow();
    assertThat(paused.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(paused.attempt()).isZero();
    assertThat(node.explain(made.id()).reason()).isEqualTo(Explanation.Reason.PAUSED);

    assertThat(elsewhere().triggers().resume(made.id())).isEqualTo(Control.DONE);
    assertThat(node.await(made.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done).containsExactly(1, 2, 3);
  }

  @Test
  void whatIsReleasedByANodeThatStopsGoesOnFromItsCheckpoint() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    Job<String> job =
        Job.of(
            TEXT,
            (text, context) -> {
              int step = context.checkpoint(Integer.class).orElse(0);
              do {
                step++;
                done.add(step);
                started.countDown();
                context.checkpoint(step);
              } while (release.getCount() > 0);
            });
    Scheduler first = nodes.start(job);
    Enqueued made = running(first);

    first.close();
    assertThat(outcomes(made)).containsExactly(Outcome.YIELDED);
    release.countDown();
    Scheduler second = nodes.start(job);

    assertThat(second.await(made.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done).doesNotHaveDuplicates();
  }

  @Test
  void aPausedTriggerWaitsUntilItIsResumed() throws Exception {
    Scheduler node = nodes.start(Job.of(TEXT, (text, context) -> {}));
    Enqueued made = node.schedule(TEXT, "x", HOUR);

    assertThat(node.triggers().pause(made.id())).isEqualTo(Control.DONE);
    assertThatThrownBy(() -> node.triggers().runNow(made.id()))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageContaining("PAUSED");
    assertThat(node.triggers().resume(made.id())).isEqualTo(Control.DONE);
    assertThat(node.triggers().runNow(made.id())).isEqualTo(Control.DONE);

    assertThat(node.await(made.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aRecurringTriggerRunsNowAndItsScheduleGoesOn() throws Exception {
    Scheduler node =
        nodes.start(Job.recurring("yearly", Schedules.parse("cron: 0 2 1 1 *"), context -> {}));
    TriggerStatus before = node.triggers().findStanding("yearly").orElseThrow();

    assertThat(elsewhere().triggers().runNow(before.id())).isEqualTo(Control.DONE);

    nodes.witness.awaitEnd(before.id(), Outcome.SUCCEEDED);
    TriggerStatus after = scheduled(node, before.id());
    assertThat(after.fireTime()).isEqualTo(before.fireTime());
  }

  @Test
  void whatRunsIsRunOnceMore() throws Exception {
    Scheduler node = nodes.start(waiting());
    Enqueued made = running(node);

    assertThat(node.triggers().runNow(made.id())).isEqualTo(Control.REQUESTED);
    release.countDown();

    nodes.witness.awaitEnds(2, made.id(), Outcome.SUCCEEDED);
    node.await(made.id(), LONG);
    assertThat(outcomes(made)).containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
  }

  @Test
  void whatWaitsIsRescheduled() throws Exception {
    Scheduler node = nodes.start(Job.of(TEXT, (text, context) -> {}));
    Enqueued made = node.schedule(TEXT, "x", HOUR);

    assertThat(elsewhere().triggers().reschedule(made.id(), Duration.ZERO)).isEqualTo(Control.DONE);

    assertThat(node.await(made.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void anEnqueueUnderTheKeyOfARunIsNotLost() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            Job.of(
                TEXT,
                (text, context) -> {
                  seen.add(text);
                  started.countDown();
                  Witness.await(release);
                }));
    Enqueued made = node.submit(TEXT.with("first").key("k"));
    Witness.await(started);

    assertThat(elsewhere().submit(TEXT.with("kept out").key("k")).result())
        .isEqualTo(Enqueued.Result.KEPT_RUNNING);
    assertThat(elsewhere().submit(TEXT.with("second").key("k").onConflict(OnConflict.REPLACE)))
        .isEqualTo(new Enqueued(made.id(), Enqueued.Result.AGAIN));
    assertThat(node.explain(made.id()).sentence()).contains("AGAIN");
    release.countDown();

    node.await(made.id(), LONG);
    assertThat(seen).containsExactly("first", "second");
  }

  @Test
  void whatHasFailedRunsAgainFromItsExecution() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            Job.of(
                    TEXT,
                    (text, context) -> {
                      seen.add(text);
                      if (release.getCount() > 0) {
                        throw new IllegalStateException("not yet");
                      }
                    })
                .retry(Retry.none()));
    Execution failed = node.await(node.submit(TEXT.with("x").key("k")).id(), LONG);
    release.countDown();

    Enqueued again = elsewhere().executions().rerun(failed.id());
    Execution succeeded = node.await(again.id(), LONG);
    Enqueued other = elsewhere().executions().rerun(failed.id(), TEXT, "y");
    node.await(other.id(), LONG);

    assertThat(succeeded.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(succeeded.key()).contains("k");
    assertThat(seen).containsExactly("x", "x", "y");
    assertThatThrownBy(() -> node.executions().rerun(succeeded.id()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("keeps no payload");
  }

  @Test
  void manyAreDecidedAboutAtOnceAfterADryCount() throws Exception {
    Scheduler node = nodes.start(waiting());
    node.submitAll(
        IntStream.range(0, 1_203).mapToObj(i -> TEXT.with("x" + i).after(HOUR)).toList());
    Enqueued runs = running(node);
    TriggerFilter ofJob = TriggerFilter.ofJob("text");

    assertThat(node.triggers().where(ofJob).count()).hasToString("1,204");
    assertThat(elsewhere().triggers().where(ofJob).pause()).isEqualTo(new Tally(1_203, 1, 0));
    assertThat(node.triggers().where(ofJob.state(TriggerState.PAUSED)).count())
        .hasToString("1,203");
    assertThat(elsewhere().triggers().where(ofJob.state(TriggerState.PAUSED)).cancel())
        .isEqualTo(new Tally(1_203, 0, 0));
    assertThat(node.triggers().where(ofJob).resume()).isEqualTo(new Tally(1, 0, 0));
    release.countDown();
    assertThat(node.await(runs.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void listsComeInPages() {
    Scheduler node = nodes.start(waiting());
    node.submitAll(
        IntStream.range(0, 25)
            .mapToObj(i -> TEXT.with("x" + i).after(HOUR.plusMinutes(i)))
            .toList());

    List<TriggerStatus> all = new ArrayList<>();
    Page<TriggerStatus> page = node.triggers().list(TriggerFilter.ofJob("text"), 10);
    all.addAll(page.items());
    while (page.next().isPresent()) {
      page = node.triggers().list(TriggerFilter.ofJob("text"), 10, page.next().get());
      all.addAll(page.items());
    }

    assertThat(all)
        .extracting(trigger -> trigger.payload().as(String.class))
        .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> "x" + i).toList());
    assertThatThrownBy(() -> node.triggers().list(TriggerFilter.all(), 10, "page 2"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("page 2");
    assertThatThrownBy(() -> node.triggers().list(TriggerFilter.all(), 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("1 to 1000");
  }

  @Test
  void nothingIsStartedFromAPausedQueue() throws Exception {
    JobType<String> mail = JobType.of("mail", String.class);
    Scheduler node =
        nodes.start(
            Job.of(TEXT, (text, context) -> {}), Job.of(mail, (text, context) -> {}).queue("mail"));
    elsewhere().queues().pause("mail");
    assertThat(node.explain(node.schedule(mail, "x", HOUR).id()).reason())
        .isEqualTo(Explanation.Reason.QUEUE_PAUSED);
    nodes.witness.awaitEnd(node.enqueue(TEXT, "after the pause").id(), Outcome.SUCCEEDED);

    assertThat(node.queues().all())
        .filteredOn(queue -> queue.name().equals("mail"))
        .singleElement()
        .satisfies(queue -> assertThat(queue.paused()).isTrue());
    elsewhere().queues().resume("mail");
    nodes.witness.awaitEnd(node.enqueue(mail, "y").id(), Outcome.SUCCEEDED);
    assertThat(node.queues().all()).noneMatch(QueueStatus::paused);
    assertThatThrownBy(() -> node.queues().pause(" ")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void itIsSaidWhyATriggerDoesNotRun() throws Exception {
    Scheduler node = nodes.start(nodes.node(waiting()).workers(1));
    Enqueued runs = running(node);
    JobType<Void> unknown = JobType.of("unknown");

    Enqueued later = node.schedule(TEXT, "x", HOUR);
    Enqueued behind = node.schedule(TEXT, "y", nodes.store().now().minusSeconds(60));
    Enqueued stranger = node.enqueue(unknown);
    Enqueued aside = node.submit(TEXT.with("z").queue("nowhere"));

    assertThat(node.explain(runs.id()))
        .returns(Explanation.Reason.RUNNING, Explanation::reason)
        .extracting(Explanation::sentence)
        .asString()
        .contains("attempt 1", "node-0", "key \"k\"");
    assertThat(node.explain(later.id()))
        .returns(Explanation.Reason.NOT_DUE, Explanation::reason)
        .extracting(Explanation::sentence)
        .asString()
        .contains("59m");
    assertThat(node.explain(behind.id()))
        .returns(Explanation.Reason.SLOTS_FULL, Explanation::reason)
        .extracting(Explanation::sentence)
        .asString()
        .contains("due since 1m", "1 workers");
    assertThat(node.explain(stranger.id()))
        .returns(Explanation.Reason.NO_HANDLER, Explanation::reason);
    assertThat(node.explain(aside.id()))
        .returns(Explanation.Reason.QUEUE_NOT_SERVED, Explanation::reason)
        .extracting(Explanation::sentence)
        .asString()
        .contains("\"nowhere\"");
    assertThat(node.explain(TriggerId.next()))
        .returns(Explanation.Reason.GONE, Explanation::reason);
    node.jobs().pause("text");
    assertThat(node.explain(later.id()))
        .returns(Explanation.Reason.JOB_PAUSED, Explanation::reason);
  }
}
