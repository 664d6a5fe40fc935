package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Control;
import dev.escapement.Enqueued;
import dev.escapement.IllegalTransitionException;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.Retry;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What users are promised, shown over a store with real nodes: several schedulers of one process,
 * each with a store instance of its own. The {@link StoreConformanceTest} shows the store by
 * itself; a store's author extends both.
 */
public abstract class SchedulerConformanceTest {

  /** A job whose payload is a text. */
  protected static final JobType<String> TEXT = JobType.of("text", String.class);

  private final LiveNodes nodes = new LiveNodes(this::newStore);
  private final Witness witness = nodes.witness;

  /** A store of its own, open, over the data of the running test, which begin empty. */
  protected abstract Store newStore();

  /**
   * Closes what {@link #newStore} made, after the last node. A hook, since what a subclass marks
   * with {@code @AfterEach} runs before the nodes are closed.
   */
  protected void closeStores() {}

  @AfterEach
  final void close() {
    nodes.close();
    closeStores();
  }

  /** Everything about schedules. */
  @Nested
  class Recurring extends RecurringContract {
    Recurring() {
      super(SchedulerConformanceTest.this::newStore);
    }
  }

  /** How attempts follow each other, and what they leave. */
  @Nested
  class Life extends LifeContract {
    Life() {
      super(SchedulerConformanceTest.this::newStore);
    }
  }

  /** What travels beside payloads. */
  @Nested
  class Travelling extends TravelContract {
    Travelling() {
      super(SchedulerConformanceTest.this::newStore);
    }
  }

  /** What people decide about triggers and queues. */
  @Nested
  class Controlled extends ControlContract {
    Controlled() {
      super(SchedulerConformanceTest.this::newStore);
    }
  }

  /**
   * The database that the stores are in, for applications that have their own data there. Empty if
   * the stores take no part in transactions.
   */
  protected Optional<DataSource> dataSource() {
    return Optional.empty();
  }

  /** Jobs and the application's own data in one transaction. */
  @Nested
  class Transacted extends TransactedContract {
    Transacted() {
      super(SchedulerConformanceTest.this::newStore, SchedulerConformanceTest.this::dataSource);
    }
  }

  /** Which queues a node serves, and how they share workers. */
  @Nested
  class Serving extends ServingContract {
    Serving() {
      super(SchedulerConformanceTest.this::newStore);
    }
  }

  private SchedulerBuilder node(Job<?>... jobs) {
    return nodes.node(jobs);
  }

  private Scheduler start(SchedulerBuilder builder) {
    return nodes.start(builder);
  }

  private Scheduler start(SchedulerBuilder builder, Store store) {
    return nodes.start(builder, store);
  }

  /** Beats so often that a test can wait for a death; slow enough for a machine that stutters. */
  private static SchedulerBuilder mortal(SchedulerBuilder builder) {
    return builder.heartbeat(Duration.ofMillis(250)).lease(Duration.ofMillis(1500));
  }

  private List<ExecutionRecord> history(Enqueued enqueued) {
    return nodes.history(enqueued);
  }

  @Test
  void runsWhatIsEnqueuedWithItsPayloadAndContext() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler scheduler =
        start(
            node(
                Job.of(
                    TEXT,
                    (text, context) ->
                        seen.add(
                            text
                                + " "
                                + context.job()
                                + " "
                                + context.key().orElse("-")
                                + " "
                                + context.attempt()))));

    Enqueued enqueued = scheduler.submit(TEXT.with("hello").key("k-1"));

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(seen).containsExactly("hello text k-1 1");
    assertThat(scheduler.triggers().find(enqueued.id())).isEmpty();
    assertThat(history(enqueued))
        .singleElement()
        .satisfies(
            execution -> {
              assertThat(execution.outcome()).isEqualTo(Outcome.SUCCEEDED);
              assertThat(execution.startedAt()).isAfterOrEqualTo(execution.due());
              assertThat(execution.endedAt()).isAfterOrEqualTo(execution.startedAt());
            });
  }

  @Test
  void threeNodesRunEachOfManyExactlyOnce() throws Exception {
    int count = 600;
    CountDownLatch done = new CountDownLatch(count);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Job<String> job =
        Job.of(
            TEXT,
            (text, context) -> {
              seen.add(text);
              done.countDown();
            });
    for (int i = 0; i < 3; i++) {
      start(node(job));
    }
    List<JobRequest<String>> requests =
        IntStream.range(0, count).mapToObj(i -> TEXT.with("n" + i)).toList();

    List<Enqueued> enqueued = SchedulerClient.of(newStore()).submitAll(requests);

    Witness.await(done);
    witness.awaitEnds(count, "text", Outcome.SUCCEEDED);
    assertThat(enqueued).allMatch(Enqueued::created);
    assertThat(seen).doesNotHaveDuplicates().hasSize(count);
    assertThat(nodes.history()).hasSize(count);
    assertThat(nodes.all().stream().mapToLong(node -> node.stats().claimed()).sum())
        .isEqualTo(count);
  }

  @Test
  void runsNothingBeforeItIsDueAndWhatIsDueOnTime() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    List<JobContext> contexts = Collections.synchronizedList(new ArrayList<>());
    Scheduler scheduler =
        start(
            node(
                Job.of(
                    TEXT,
                    (text, context) -> {
                      contexts.add(context);
                      ran.countDown();
                    })));
    Instant due = newStore().now().plusMillis(500);

    scheduler.schedule(TEXT, "later", due);

    Witness.await(ran);
    assertThat(contexts.get(0).due()).isEqualTo(due);
    assertThat(contexts.get(0).startedAt()).isAfterOrEqualTo(due);
  }

  @Test
  void keepsTheLiveTriggerOfAKey() {
    Scheduler scheduler = start(node(Job.of(TEXT, (text, context) -> {})));

    Enqueued first = scheduler.submit(TEXT.with("a").key("k").after(Duration.ofHours(1)));
    Enqueued second = scheduler.submit(TEXT.with("b").key("k"));

    assertThat(first.result()).isEqualTo(Enqueued.Result.CREATED);
    assertThat(second).isEqualTo(new Enqueued(first.id(), Enqueued.Result.KEPT));
    assertThat(scheduler.triggers().find("text", "k")).isPresent();
  }

  @Test
  void retriesUntilItSucceeds() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Scheduler scheduler =
        start(
            node(
                Job.of(
                        TEXT,
                        (text, context) -> {
                          if (calls.incrementAndGet() < 3) {
                            throw new IllegalStateException("call " + calls);
                          }
                        })
                    .retry(Retry.fixed(Duration.ofMillis(100)))));

    Enqueued enqueued = scheduler.enqueue(TEXT, "stubborn");

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    List<ExecutionRecord> runs = history(enqueued);
    assertThat(runs)
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.SUCCEEDED);
    assertThat(runs).extracting(ExecutionRecord::attempt).containsExactly(1, 2, 3);
    assertThat(runs).extracting(ExecutionRecord::fireTime).containsOnly(runs.get(0).fireTime());
    assertThat(runs.get(1).due())
        .isAfterOrEqualTo(runs.get(0).endedAt().plus(Duration.ofMillis(100)));
    assertThat(runs.get(0).failure()).isNotNull();
  }

  @Test
  void failsForGoodWhenTheAttemptsAreSpentAndKeepsThePayload() throws Exception {
    Scheduler scheduler =
        start(
            node(
                Job.of(
                        TEXT,
                        (text, context) -> {
                          throw new StackOverflowError("too deep");
                        })
                    .retry(Retry.fixed(Duration.ofMillis(50)).maxAttempts(2))));

    Enqueued enqueued = scheduler.enqueue(TEXT, "hopeless");

    witness.await(1, t -> t.to() == TriggerState.FAILED);
    assertThat(scheduler.triggers().find(enqueued.id())).isEmpty();
    List<ExecutionRecord> runs = history(enqueued);
    assertThat(runs).extracting(ExecutionRecord::outcome).containsOnly(Outcome.FAILED).hasSize(2);
    assertThat(runs.get(0).payload()).isNull();
    assertThat(runs.get(1).payload())
        .isEqualTo("\"hopeless\"".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void interruptsARunAtItsTimeoutAndHarmsNoOther() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Scheduler scheduler =
        start(
            node(
                    Job.of(JobType.of("slow"), context -> never.await())
                        .timeout(Duration.ofMillis(150))
                        .retry(Retry.none()),
                    Job.of(TEXT, (text, context) -> {}))
                .workers(1));

    Enqueued slow = scheduler.enqueue(JobType.of("slow"));
    Enqueued next = scheduler.enqueue(TEXT, "next");

    witness.awaitEnd(slow.id(), Outcome.TIMED_OUT);
    witness.awaitEnd(next.id(), Outcome.SUCCEEDED);
    assertThat(history(slow))
        .singleElement()
        .satisfies(run -> assertThat(String.valueOf(run.failure())).contains("PT0.15S"));
  }

  @Test
  void anUnreadablePayloadIsRetriedFailedOrLeftToOthersAsTheJobSays() throws Exception {
    JobType<Integer> number = JobType.of("text", Integer.class);
    Scheduler client =
        start(node(Job.of(number, (n, context) -> {}).onUnreadablePayload(UnreadablePayload.FAIL)));
    SchedulerClient elsewhere = SchedulerClient.of(newStore());

    Enqueued unreadable = elsewhere.enqueue(TEXT, "not a number");

    witness.awaitEnd(unreadable.id(), Outcome.FAILED);
    assertThat(history(unreadable).get(0).payload()).isNotNull();
    client.close();

    start(node(Job.of(number, (n, context) -> {}).onUnreadablePayload(UnreadablePayload.RELEASE)));
    Enqueued released = elsewhere.enqueue(TEXT, "still not a number");

    witness.awaitEnd(released.id(), Outcome.RELEASED);
    assertThat(elsewhere.triggers().find(released.id()))
        .hasValueSatisfying(
            trigger -> {
              assertThat(trigger.attempt()).isZero();
              assertThat(trigger.due().orElseThrow()).isAfter(newStore().now().plusSeconds(30));
            });
  }

  @Test
  void aStopWaitsForWhatRunsAndGivesBackWhatDoesNot() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler first =
        start(
            node(Job.of(
                    TEXT,
                    (text, context) -> {
                      started.countDown();
                      finish.await();
                    }))
                .workers(1));
    Enqueued running = first.enqueue(TEXT, "running");
    Witness.await(started);
    Enqueued waiting = first.enqueue(TEXT, "waiting");

    Thread stopping = new Thread(first::close);
    stopping.start();
    Scheduler second = start(node(Job.of(TEXT, (text, context) -> {})));
    witness.awaitEnd(waiting.id(), Outcome.SUCCEEDED);
    finish.countDown();
    stopping.join(30_000);

    assertThat(history(running))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.SUCCEEDED);
    assertThat(newStore().sessions().all()).filteredOn(SessionRecord::live).hasSize(1);
    assertThat(second.stats().sessions()).isEqualTo(1);
  }

  @Test
  void aRunThatOutlastsTheStopGraceIsGivenBackUncounted() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Scheduler first =
        start(
            node(Job.of(
                    TEXT,
                    (text, context) -> {
                      started.countDown();
                      never.await();
                    }))
                .stopGrace(Duration.ZERO));
    Enqueued enqueued = first.enqueue(TEXT, "long");
    Witness.await(started);

    first.close();

    assertThat(first.triggers().find(enqueued.id()))
        .hasValueSatisfying(
            trigger -> {
              assertThat(trigger.state()).isEqualTo(TriggerState.SCHEDULED);
              assertThat(trigger.attempt()).isZero();
            });
    start(node(Job.of(TEXT, (text, context) -> {})));
    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(history(enqueued))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.RELEASED, Outcome.SUCCEEDED);
  }

  @Test
  void aDeadNodesRunIsTakenOverAndItsLateSuccessIsFenced() throws Exception {
    CuttableStore switchboard = new CuttableStore(newStore());
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
    Scheduler zombie =
        start(
            mortal(
                node(
                    Job.of(
                        TEXT,
                        (text, context) -> {
                          tokens.add(context.fencingToken());
                          started.countDown();
                          while (finish.getCount() > 0) {
                            try {
                              finish.await();
                            } catch (InterruptedException e) {
                              assertThat(context.isCancelled()).isTrue();
                            }
                          }
                        }))),
            switchboard.store());
    Enqueued enqueued = zombie.enqueue(TEXT, "precious");
    Witness.await(started);

    switchboard.cut();
    start(mortal(node(Job.of(TEXT, (text, context) -> tokens.add(context.fencingToken())))));
    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    switchboard.mend();
    finish.countDown();
    zombie.close();

    assertThat(zombie.stats().fenced()).isEqualTo(1);
    assertThat(zombie.stats().count(Outcome.SUCCEEDED)).isZero();
    assertThat(tokens).hasSize(2).isSorted().doesNotHaveDuplicates();
    assertThat(history(enqueued))
        .extracting(ExecutionRecord::outcome, ExecutionRecord::attempt)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Outcome.LOST, 1),
            org.assertj.core.groups.Tuple.tuple(Outcome.SUCCEEDED, 2));
  }

  @Test
  void aNodeThatWasDeclaredDeadOpensANewSessionAndGoesOn() throws Exception {
    CuttableStore switchboard = new CuttableStore(newStore());
    Scheduler cutOff =
        start(mortal(node(Job.of(TEXT, (text, context) -> {}))), switchboard.store());
    Scheduler observer = start(mortal(node()));

    switchboard.cut();
    SessionProbe probe = new SessionProbe(newStore());
    probe.awaitDead(1);
    switchboard.mend();
    Enqueued enqueued = observer.enqueue(TEXT, "afterwards");

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(cutOff.stats().sessions()).isEqualTo(2);
  }

  @Test
  void onlyAJobThatAsksForItIsInterruptedWhenTheLeaseIsLost() throws Exception {
    CuttableStore switchboard = new CuttableStore(newStore());
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
    JobType<Void> careful = JobType.of("careful");
    JobType<Void> patient = JobType.of("patient");
    Scheduler scheduler =
        start(
            mortal(
                node(
                    Job.of(
                            careful,
                            context -> {
                              started.countDown();
                              try {
                                finish.await();
                              } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                              }
                            })
                        .interruptOnLeaseLoss(true),
                    Job.of(
                        patient,
                        context -> {
                          started.countDown();
                          finish.await();
                          seen.add(context.leaseLost());
                          looked.countDown();
                        }))),
            switchboard.store());
    Enqueued first = scheduler.enqueue(careful);
    Enqueued second = scheduler.enqueue(patient);
    Witness.await(started);

    switchboard.cut();
    Witness.await(interrupted);
    finish.countDown();
    Witness.await(looked);
    switchboard.mend();

    witness.awaitEnd(first.id(), Outcome.RELEASED);
    witness.awaitEnd(second.id(), Outcome.SUCCEEDED);
    assertThat(seen).containsExactly(true);
  }

  @Test
  void aJobThatNoLiveNodeKnowsIsHeldUntilOneDoes() throws Exception {
    JobType<Void> future = JobType.of("future");
    Scheduler old = start(mortal(node(Job.of(TEXT, (text, context) -> {}))));

    Enqueued enqueued = old.enqueue(future);
    new SessionProbe(newStore()).awaitHeld(enqueued.id());
    Enqueued known = old.enqueue(TEXT, "not in its way");
    witness.awaitEnd(known.id(), Outcome.SUCCEEDED);

    start(mortal(node(Job.of(future, context -> {}))));
    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
  }

  @Test
  void aQueueRunsNoMoreAtOnceThanItsWorkers() throws Exception {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    Job<String> job =
        Job.of(
                TEXT,
                (text, context) -> {
                  most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                  both.countDown();
                  Witness.await(both);
                  atOnce.decrementAndGet();
                })
            .queue("narrow");
    Scheduler scheduler = start(node(job).workers("narrow", 2));

    scheduler.submitAll(IntStream.range(0, 200).mapToObj(i -> TEXT.with("n" + i)).toList());

    witness.awaitEnds(200, "text", Outcome.SUCCEEDED);
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void theHighestPriorityGoesFirst() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    SchedulerClient client = SchedulerClient.of(newStore());
    client.submitAll(
        List.of(
            TEXT.with("low").priority(Priority.LOW),
            TEXT.with("normal"),
            TEXT.with("high").priority(Priority.HIGH)));

    start(node(Job.of(TEXT, (text, context) -> order.add(text))).workers(1));

    witness.awaitEnds(3, "text", Outcome.SUCCEEDED);
    assertThat(order).containsExactly("high", "normal", "low");
  }

  @Test
  void aBusyNodeLeavesTheRestToOthers() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler busy =
        start(
            node(Job.of(
                    TEXT,
                    (text, context) -> {
                      started.countDown();
                      finish.await();
                    }))
                .workers(1));
    busy.enqueue(TEXT, "blocks");
    Witness.await(started);
    start(node(Job.of(TEXT, (text, context) -> {})));

    busy.submitAll(IntStream.range(0, 100).mapToObj(i -> TEXT.with("n" + i)).toList());

    witness.awaitEnds(100, "text", Outcome.SUCCEEDED);
    assertThat(busy.stats().claimed()).isEqualTo(1);
    finish.countDown();
  }

  @Test
  void aThrowingListenerChangesNothing() throws Exception {
    Scheduler scheduler =
        start(
            node(Job.of(TEXT, (text, context) -> {}))
                .listener(
                    transition -> {
                      throw new AssertionError("a listener's fault");
                    }));

    Enqueued enqueued = scheduler.enqueue(TEXT, "x");

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    Enqueued next = scheduler.enqueue(TEXT, "y");
    witness.awaitEnd(next.id(), Outcome.SUCCEEDED);
  }

  @Test
  void onlyAPausedTriggerIsResumed() {
    Scheduler scheduler = start(node(Job.of(TEXT, (text, context) -> {})));
    Enqueued waiting = scheduler.schedule(TEXT, "x", Duration.ofHours(1));

    assertThatThrownBy(() -> scheduler.triggers().resume(waiting.id()))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageContaining("SCHEDULED");
    assertThat(scheduler.triggers().resume(TriggerId.next())).isEqualTo(Control.GONE);
  }
}
