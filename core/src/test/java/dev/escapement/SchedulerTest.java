package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.escapement.conformance.CuttableStore;
import dev.escapement.conformance.Witness;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TransientStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What a scheduler does that no store has a part in. */
class SchedulerTest {

  private static final JobType<String> TEXT = JobType.of("text", String.class);

  private final Store store = new MemoryStore();
  private final Witness witness = new Witness();
  private final List<Scheduler> started = new ArrayList<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @AfterEach
  void closeAll() {
    started.forEach(Scheduler::close);
    ((Logger) LoggerFactory.getLogger("dev.escapement")).detachAppender(log);
  }

  private SchedulerBuilder builder(Job<?>... jobs) {
    return Scheduler.builder().store(store).listener(witness).jobs(jobs);
  }

  private Scheduler start(SchedulerBuilder builder) {
    Scheduler scheduler = builder.start();
    started.add(scheduler);
    return scheduler;
  }

  private List<String> logged(Level level) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private void listenToTheLog() {
    log.start();
    ((Logger) LoggerFactory.getLogger("dev.escapement")).addAppender(log);
  }

  @Test
  void logLinesOfAHandlerCarryItsJobKeyTriggerAndAttempt() throws Exception {
    AtomicReference<Map<String, String>> words = new AtomicReference<>(Map.of());
    Scheduler scheduler =
        start(builder(Job.of(TEXT, (text, context) -> words.set(MDC.getCopyOfContextMap()))));

    Enqueued enqueued = scheduler.submit(TEXT.with("x").key("k"));

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(words.get())
        .containsOnly(
            Map.entry("job", "text"),
            Map.entry("jobKey", "k"),
            Map.entry("triggerId", enqueued.id().toString()),
            Map.entry("attempt", "1"));
  }

  @Test
  void warnsOnceOfAJobThatThisProcessDoesNotKnow() {
    listenToTheLog();
    Scheduler scheduler = start(builder());

    scheduler.schedule(TEXT, "a", Duration.ofHours(1));
    scheduler.schedule(TEXT, "b", Duration.ofHours(1));

    assertThat(logged(Level.WARN)).singleElement().asString().contains("\"text\"");
  }

  @Test
  void refusesARequestWhoseTypeTheHandlerDoesNotTake() {
    Scheduler scheduler = start(builder(Job.of(TEXT, (text, context) -> {})));

    assertThatThrownBy(() -> scheduler.enqueue(JobType.of("text", Integer.class), 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("\"text\"")
        .hasMessageContaining("java.lang.String")
        .hasMessageContaining("java.lang.Integer");
  }

  @Test
  void refusesAPayloadThatIsTooLargeAndEnqueuesNothingOfTheRest() {
    Scheduler scheduler = start(builder(Job.of(TEXT, (text, context) -> {})).maxPayloadBytes(10));

    assertThatThrownBy(
            () ->
                scheduler.submitAll(
                    List.of(TEXT.with("ok").key("first"), TEXT.with("x".repeat(20)))))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("22 bytes")
        .hasMessageContaining("maxPayloadBytes");
    assertThat(scheduler.triggers().find("text", "first")).isEmpty();
  }

  record Unreadable(String text) {
    Unreadable {
      if (!text.isEmpty()) {
        throw new IllegalArgumentException("only the empty one can be read");
      }
    }

    @Override
    public String text() {
      return "something";
    }
  }

  @Test
  void refusesAPayloadThatCanNotBeReadBack() {
    JobType<Unreadable> type = JobType.of("one-way", Unreadable.class);
    Scheduler scheduler = start(builder(Job.of(type, (payload, context) -> {})));

    assertThatThrownBy(() -> scheduler.enqueue(type, new Unreadable("")))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("\"one-way\"")
        .hasMessageContaining("can't be read");
  }

  @Test
  void refusesTwoJobsOfOneName() {
    assertThatThrownBy(
            () ->
                builder(
                        Job.of(TEXT, (text, context) -> {}),
                        Job.recurring("text", Schedules.every(Duration.ofDays(1)), context -> {}))
                    .build())
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"text\"")
        .hasMessageContaining("Rename");
  }

  @Test
  void refusesSettingsThatDoNotFit() {
    assertThatThrownBy(() -> Scheduler.builder().build())
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("store");
    assertThatThrownBy(() -> builder().lease(Duration.ofSeconds(5)).build())
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("four heartbeats");
    assertThatThrownBy(() -> builder().heartbeat(Duration.ZERO))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("heartbeat");
    assertThatThrownBy(() -> builder().workers(0))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("workers");
    assertThatThrownBy(() -> builder().stopGrace(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("stopGrace");
    assertThatThrownBy(() -> builder().stopGrace(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("stopGrace");
    assertThatThrownBy(() -> builder().historyRetention(Duration.ofDays(1_000_000)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("historyRetention");
    assertThatThrownBy(() -> builder().groupCommit(501, Duration.ZERO))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("The setting groupCommit can't be 501; make it 1 to 500.");
    assertThatThrownBy(() -> builder().groupCommit(1, Duration.ofMillis(21)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("groupCommit can't be PT0.021S");
    assertThatThrownBy(() -> builder().nodeName("a\0b"))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("node name");
  }

  @Test
  void aRunThatTheExecutorRefusesIsGivenBackAndRunsLater() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    AtomicBoolean full = new AtomicBoolean(true);
    Scheduler scheduler =
        start(
            builder(Job.of(TEXT, (text, context) -> {}))
                .heartbeat(Duration.ofMillis(100))
                .lease(Duration.ofSeconds(2))
                .executor(
                    task -> {
                      if (full.get()) {
                        throw new RejectedExecutionException("full");
                      }
                      pool.execute(task);
                    }));

    Enqueued enqueued = scheduler.enqueue(TEXT, "x");
    witness.awaitEnd(enqueued.id(), Outcome.RELEASED);
    full.set(false);

    assertThat(witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED).attempt()).isEqualTo(1);
    pool.shutdown();
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void runsOnVirtualThreadsWhereTheJvmHasThem() throws Exception {
    AtomicReference<String> thread = new AtomicReference<>("");
    Scheduler scheduler =
        start(
            builder(Job.of(TEXT, (text, context) -> thread.set(Thread.currentThread().toString())))
                .virtualThreads());

    witness.awaitEnd(scheduler.enqueue(TEXT, "x").id(), Outcome.SUCCEEDED);

    assertThat(thread.get()).contains("VirtualThread");
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void saysWhatVirtualThreadsNeed() {
    assertThatThrownBy(() -> builder().virtualThreads())
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("Java 21");
  }

  @Test
  void aStoreThatCanNotBeReachedFailsTheStartOrIsWaitedFor() throws Exception {
    CuttableStore switchboard = new CuttableStore(store);
    switchboard.cut();

    assertThatThrownBy(() -> builder().store(switchboard.store()).start())
        .isInstanceOf(TransientStoreException.class);

    Scheduler scheduler =
        start(
            builder(Job.of(TEXT, (text, context) -> {})).store(switchboard.store()).waitForStore());
    Enqueued enqueued = SchedulerClient.of(store).enqueue(TEXT, "x");
    switchboard.mend();

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(scheduler.stats().sessions()).isEqualTo(1);
  }

  @Test
  void startAndCloseMayBeCalledTwiceAndAClosedOneStaysClosed() {
    Scheduler scheduler = start(builder());
    scheduler.start();
    scheduler.registerShutdownHook();
    scheduler.registerShutdownHook();

    scheduler.close();
    scheduler.close();

    assertThat(store.sessions().all()).hasSize(1).noneMatch(SessionRecord::live);
    assertThatThrownBy(scheduler::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCloseOnAnInterruptedThreadWaitsAllTheSame() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler scheduler =
        start(
            builder(
                Job.of(
                    TEXT,
                    (text, context) -> {
                      began.countDown();
                      finish.await();
                    })));
    Enqueued enqueued = scheduler.enqueue(TEXT, "x");
    Witness.await(began);
    AtomicBoolean stillInterrupted = new AtomicBoolean();

    Thread closing =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              scheduler.close();
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    closing.start();
    finish.countDown();
    closing.join(30_000);

    assertThat(store.history().of(enqueued.id()))
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.SUCCEEDED);
    assertThat(stillInterrupted).isTrue();
  }

  @Test
  void aRunThatIgnoresItsInterruptIsGivenBackAndNotCalledADeath() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler scheduler =
        start(
            builder(
                    Job.of(
                        TEXT,
                        (text, context) -> {
                          began.countDown();
                          while (finish.getCount() > 0) {
                            try {
                              finish.await();
                            } catch (InterruptedException e) {
                              assertThat(context.isCancelled()).isTrue();
                            }
                          }
                        }))
                .stopGrace(Duration.ZERO));
    Enqueued enqueued = scheduler.enqueue(TEXT, "x");
    Witness.await(began);

    scheduler.close();
    finish.countDown();

    assertThat(store.triggers().find(enqueued.id()))
        .hasValueSatisfying(
            trigger -> {
              assertThat(trigger.state()).isEqualTo(TriggerState.SCHEDULED);
              assertThat(trigger.attempt()).isZero();
              assertThat(trigger.lost()).isZero();
            });
  }

  @Test
  void itsThreadsAreNoDaemonsWhoeverStartsIt() throws Exception {
    AtomicReference<Boolean> daemon = new AtomicReference<>(true);
    Thread starter =
        new Thread(
            () ->
                start(
                    builder(
                        Job.of(
                            TEXT,
                            (text, context) -> daemon.set(Thread.currentThread().isDaemon())))));
    starter.setDaemon(true);
    starter.start();
    starter.join(30_000);

    witness.awaitEnd(SchedulerClient.of(store).enqueue(TEXT, "x").id(), Outcome.SUCCEEDED);

    assertThat(daemon.get()).isFalse();
  }

  @Test
  void whatIsDueBeforeTheNextPollIsOnTime() throws Exception {
    Scheduler scheduler =
        start(builder(Job.of(TEXT, (text, context) -> {})).pollInterval(Duration.ofMinutes(2)));

    Enqueued enqueued = scheduler.schedule(TEXT, "x", Duration.ofMillis(1_100));

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
  }

  @Test
  void aClockThatStepsBackFiresNothingTwice() throws Exception {
    Instant start = Instant.parse("2026-03-29T01:00:00Z");
    AtomicReference<Instant> clock = new AtomicReference<>(start);
    Store turned = new MemoryStore(clock::get);
    List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch first = new CountDownLatch(1);
    Scheduler scheduler =
        start(
            builder(
                    Job.recurring(
                        "hourly",
                        Schedules.every(Duration.ofHours(1)),
                        context -> {
                          fires.add(context.fireTime());
                          clock.set(start.minus(Duration.ofHours(1)));
                          first.countDown();
                        }),
                    Job.of(TEXT, (text, context) -> {}))
                .store(turned)
                .pollInterval(Duration.ofMillis(20)));
    Witness.await(first);
    witness.awaitEnds(1, "hourly", Outcome.SUCCEEDED);

    Enqueued marker = scheduler.enqueue(TEXT, "a claim later");
    witness.awaitEnd(marker.id(), Outcome.SUCCEEDED);

    assertThat(fires).containsExactly(start);
    assertThat(scheduler.triggers().findStanding("hourly"))
        .hasValueSatisfying(
            trigger -> assertThat(trigger.due()).contains(start.plus(Duration.ofHours(1))));
  }

  @Test
  void aScheduleThatThrowsKeepsNoNodeFromStarting() throws Exception {
    Schedule broken =
        fireTime -> {
          throw new IllegalStateException("no calendar");
        };
    Scheduler scheduler =
        start(
            builder(
                Job.recurring("broken", broken, context -> {}),
                Job.of(TEXT, (text, context) -> {})));

    Enqueued enqueued = scheduler.enqueue(TEXT, "x");

    witness.awaitEnd(enqueued.id(), Outcome.SUCCEEDED);
    assertThat(scheduler.triggers().findStanding("broken")).isEmpty();
  }

  @Test
  void afterThreeDaysOfSilenceAnEverySecondJobFiresOnceForTheLatest() throws Exception {
    Instant start = Instant.parse("2026-03-29T01:00:00Z");
    AtomicReference<Instant> clock = new AtomicReference<>(start);
    Store turned = new MemoryStore(clock::get);
    List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
    Job<Void> job =
        Job.recurring(
            "second",
            Schedules.every(Duration.ofSeconds(1)),
            context -> fires.add(context.fireTime()));
    Scheduler before = start(builder(job).store(turned));
    witness.awaitEnds(1, "second", Outcome.SUCCEEDED);
    before.close();

    clock.set(start.plus(Duration.ofDays(3)).plusMillis(300));
    start(builder(job).store(turned));
    witness.awaitEnds(2, "second", Outcome.SUCCEEDED);

    assertThat(fires).containsExactly(start, start.plus(Duration.ofDays(3)));
  }
}
