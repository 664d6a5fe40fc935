package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Control;
import dev.escapement.Count;
import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.Explanation;
import dev.escapement.IllegalTransitionException;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerSelection;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/**
 * The snippets of the guides to keys and to control; {@link DocumentsTest} holds the guides to
 * them.
 */
@Timeout(60)
class ControlSnippetsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final JobType<String> SEND_INVOICE = JobType.of("send-invoice", String.class);
  private static final JobType<String> INDEX = JobType.of("index", String.class);
  private static final JobType<String> SYNC = JobType.of("sync", String.class);

  private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
  private final Store store = new MemoryStore(clock::get);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final String invoice = "ada";

  private SchedulerBuilder node() {
    return Scheduler.builder()
        .store(store)
        .pollInterval(Duration.ofMillis(20))
        .stopGrace(Duration.ofSeconds(1));
  }

  private String nextSeen() throws InterruptedException {
    return seen.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void aKeyIsUniqueWhileItsTriggerLives() throws Exception {
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to));
    try (Scheduler scheduler = node().jobs(send).start()) {
      JobRequest<String> later = SEND_INVOICE.with(invoice).key("inv-42").after(LONG);
      scheduler.submit(later);
      // snippet: keys-unique
      Enqueued answer = scheduler.submit(SEND_INVOICE.with(invoice).key("inv-42"));
      if (!answer.created()) {
        seen.add(answer.result() + " " + answer.id()); // the id of the one that is live
      }
      // end

      TriggerId live = scheduler.triggers().find("send-invoice", "inv-42").orElseThrow().id();
      assertThat(nextSeen()).isEqualTo("KEPT " + live);

      // snippet: keys-fail
      try {
        scheduler.submit(SEND_INVOICE.with(invoice).key("inv-42").onConflict(OnConflict.FAIL));
      } catch (DuplicateKeyException e) {
        seen.add("live: " + e.live());
      }
      // end

      assertThat(nextSeen()).isEqualTo("live: " + live);
      clock.set(NOON.plus(LONG));
      assertThat(nextSeen()).isEqualTo(invoice);
      scheduler.await(live, LONG);
      assertThat(scheduler.submit(later).created()).isTrue();
    }
  }

  @Test
  void manyAreEnqueuedAtOnce() throws Exception {
    List<String> people = List.of("ada", "bob", "ada");
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to));
    try (Scheduler scheduler = node().jobs(send).start()) {
      // snippet: keys-bulk
      List<JobRequest<String>> requests =
          people.stream().map(who -> SEND_INVOICE.with(who).key(who).after(LONG)).toList();
      List<Enqueued> answers = scheduler.submitAll(requests); // in the same order
      // end

      assertThat(answers)
          .extracting(Enqueued::result)
          .containsExactly(Enqueued.Result.CREATED, Enqueued.Result.CREATED, Enqueued.Result.KEPT);
      assertThat(answers.get(2).id()).isEqualTo(answers.get(0).id());
    }
  }

  private static final class Documents {
    private final Scheduler scheduler;

    Documents(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    // snippet: keys-debounce
    void changed(String document) {
      scheduler.submit(
          INDEX
              .with(document)
              .key(document)
              .after(Duration.ofSeconds(10))
              .onConflict(OnConflict.RESCHEDULE));
    }
    // end
  }

  @Test
  void manyChangesAreOneRunTenSecondsAfterTheLast() throws Exception {
    Job<String> index = Job.of(INDEX, (document, context) -> seen.add(document));
    try (Scheduler scheduler = node().jobs(index).start()) {
      Documents documents = new Documents(scheduler);
      documents.changed("readme");
      clock.set(NOON.plusSeconds(9));
      documents.changed("readme");

      TriggerStatus trigger = scheduler.triggers().find("index", "readme").orElseThrow();
      assertThat(trigger.due()).contains(NOON.plusSeconds(19));
      clock.set(NOON.plusSeconds(19));
      scheduler.await(trigger.id(), LONG);
      assertThat(seen).containsExactly("readme");
    }
  }

  @Test
  void theLatestWordIsNotLostUnderARun() throws Exception {
    CountDownLatch enqueued = new CountDownLatch(1);
    Job<String> sync =
        Job.of(
            SYNC,
            (text, context) -> {
              seen.add(text);
              enqueued.await();
            });
    try (Scheduler scheduler = node().jobs(sync).start()) {
      TriggerId running = scheduler.submit(SYNC.with("version 1").key("ada")).id();
      assertThat(nextSeen()).isEqualTo("version 1");
      // snippet: keys-again
      Enqueued answer =
          scheduler.submit(SYNC.with("version 2").key("ada").onConflict(OnConflict.REPLACE));
      answer.result(); // AGAIN: version 1 is being synchronised; version 2 follows
      // end

      assertThat(answer).isEqualTo(new Enqueued(running, Enqueued.Result.AGAIN));
      enqueued.countDown();
      scheduler.await(running, LONG);
      assertThat(seen).containsExactly("version 2");
    }
  }

  @Test
  void peopleDecideAboutOneTrigger() throws Exception {
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to));
    try (Scheduler scheduler = node().jobs(send).start()) {
      scheduler.submit(SEND_INVOICE.with(invoice).key("inv-42").after(Duration.ofHours(1)));
      // snippet: control-trigger
      TriggerStatus trigger = scheduler.triggers().find("send-invoice", "inv-42").orElseThrow();

      scheduler.triggers().pause(trigger.id());
      scheduler.triggers().resume(trigger.id());
      scheduler.triggers().reschedule(trigger.id(), Duration.ofMinutes(10));
      scheduler.triggers().runNow(trigger.id());
      Control answer = scheduler.triggers().cancel(trigger.id()); // DONE, REQUESTED or GONE
      // end

      assertThat(answer).isNotNull();
      Execution end = scheduler.await(trigger.id(), LONG);
      assertThat(end.outcome()).isIn(Outcome.CANCELLED, Outcome.SUCCEEDED);
      assertThat(scheduler.triggers().cancel(trigger.id())).isEqualTo(Control.GONE);
    }
  }

  @Test
  void aRecurringTriggerRunsNowAndKeepsItsSchedule() throws Exception {
    Job<Void> report =
        Job.recurring("report", Schedules.daily(LocalTime.of(2, 0)), context -> seen.add("report"));
    try (Scheduler scheduler = node().jobs(report).start()) {
      // snippet: control-standing
      TriggerStatus standing = scheduler.triggers().findStanding("report").orElseThrow();
      scheduler.triggers().runNow(standing.id());
      // end

      assertThat(nextSeen()).isEqualTo("report");
      Optional<Instant> next;
      do {
        next = scheduler.triggers().find(standing.id()).flatMap(TriggerStatus::due);
      } while (next.equals(Optional.of(NOON)));
      assertThat(next).isEqualTo(standing.due()).contains(Instant.parse("2026-03-02T02:00:00Z"));
      scheduler.triggers().pause(standing.id());
      assertThatThrownBy(() -> scheduler.triggers().runNow(standing.id()))
          .isInstanceOf(IllegalTransitionException.class);
    }
  }

  @Test
  void peopleDecideAboutMany() {
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to));
    try (Scheduler scheduler = node().jobs(send).start()) {
      for (int i = 0; i < 3; i++) {
        scheduler.schedule(SEND_INVOICE, invoice, Duration.ofHours(1));
      }
      Instant tomorrow = NOON.plus(Duration.ofDays(1));
      // snippet: control-many
      TriggerSelection waiting =
          scheduler
              .triggers()
              .where(
                  TriggerFilter.ofJob("send-invoice")
                      .state(TriggerState.SCHEDULED)
                      .dueUntil(tomorrow));

      Count count = waiting.count(); // changes nothing; 10,000+ if there are more
      TriggerSelection.Tally tally = waiting.cancel(); // how many done, requested, refused
      // end

      assertThat(count).hasToString("3");
      assertThat(tally).isEqualTo(new TriggerSelection.Tally(3, 0, 0));
    }
  }

  @Test
  void jobsAndQueuesAreTakenOutOfService() throws Exception {
    Job<String> send = Job.of(SEND_INVOICE, (to, context) -> seen.add(to)).queue("mail");
    try (Scheduler scheduler = node().jobs(send).start()) {
      // snippet: control-jobs
      scheduler.jobs().pause("send-invoice");
      scheduler.jobs().resume("send-invoice");
      scheduler.queues().pause("mail");
      scheduler.queues().resume("mail");
      // end

      scheduler.await(scheduler.enqueue(SEND_INVOICE, invoice).id(), LONG);
      scheduler.jobs().pause("send-invoice");
    }
  }

  /** No node runs, for one that hasn't heard yet that a job is paused may claim once more. */
  @Test
  void whatDoesNotRunIsExplained() {
    node().jobs(Job.of(SEND_INVOICE, (to, context) -> seen.add(to))).start().close();
    SchedulerClient scheduler = SchedulerClient.of(store);
    scheduler.jobs().pause("send-invoice");
    // snippet: control-explain
    TriggerId id = scheduler.enqueue(SEND_INVOICE, invoice).id();
    Explanation why = scheduler.explain(id);
    why.reason(); // JOB_PAUSED
    why.sentence(); // Trigger … of job "send-invoice" waits: its job is paused. Resume the job.
    // end

    assertThat(why.reason()).isEqualTo(Explanation.Reason.JOB_PAUSED);
    assertThat(why)
        .hasToString(
            "Trigger " + id + " of job \"send-invoice\" waits: its job is paused. Resume the job.");
  }

  @Test
  void whatHasFailedIsRunAgain() throws Exception {
    AtomicReference<String> down = new AtomicReference<>("no such address");
    Job<String> send =
        Job.of(
                SEND_INVOICE,
                (to, context) -> {
                  if (to.equals(invoice)) {
                    throw new IllegalStateException(down.get());
                  }
                  seen.add(to);
                })
            .retry(Retry.none());
    try (Scheduler scheduler = node().jobs(send).start()) {
      scheduler.await(scheduler.enqueue(SEND_INVOICE, invoice).id(), LONG);
      // snippet: control-rerun
      Execution failed =
          scheduler
              .executions()
              .list(ExecutionFilter.ofJob("send-invoice").outcome(Outcome.FAILED), 1)
              .items()
              .get(0);

      scheduler.executions().rerun(failed.id()); // with the payload that it had
      scheduler.executions().rerun(failed.id(), SEND_INVOICE, "ada@example.org"); // or another
      // end

      assertThat(nextSeen()).isEqualTo("ada@example.org");
    }
  }

  private static final ThreadLocal<String> currentUser = ThreadLocal.withInitial(() -> "nobody");

  @Test
  void interceptorsGoAroundEachAttempt() throws Exception {
    List<String> alarms = new CopyOnWriteArrayList<>();
    Job<String> send =
        Job.of(
                SEND_INVOICE,
                (to, context) -> {
                  seen.add(MDC.get("tenant") + " as " + currentUser.get());
                  throw new IllegalStateException("down");
                })
            .retry(Retry.none());
    // snippet: control-interceptors
    ExecutionInterceptor logging =
        (context, invocation) -> {
          MDC.put("tenant", context.key().orElse("-"));
          try {
            return invocation.proceed();
          } finally {
            MDC.remove("tenant");
          }
        };

    ExecutionInterceptor identity =
        (context, invocation) -> {
          currentUser.set("job " + context.job());
          try {
            return invocation.proceed();
          } finally {
            currentUser.remove(); // the thread runs other jobs next
          }
        };
    // end
    // snippet: control-listener
    TransitionListener alarm =
        transition -> {
          if (transition.to() == TriggerState.FAILED) {
            alarms.add(transition.trigger().job() + " has failed for good");
          }
        };
    // end
    // snippet: control-builder
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(send)
            .interceptor(logging) // outermost
            .interceptor(identity)
            .listener(alarm)
            .start();
    // end

    try (scheduler) {
      TriggerId id = scheduler.submit(SEND_INVOICE.with(invoice).key("acme")).id();
      assertThat(nextSeen()).isEqualTo("acme as job send-invoice");
      scheduler.await(id, LONG);
    }
    assertThat(alarms).containsExactly("send-invoice has failed for good");
  }
}
