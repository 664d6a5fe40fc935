package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobInUseException;
import dev.escapement.JobStatus;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerStatus;
import dev.escapement.UnknownJobException;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything about schedules, shown with real nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RecurringContract {

  private static final JobType<String> REPORT = JobType.of("report", String.class);
  private static final Duration DAY = Duration.ofDays(1);

  private final LiveNodes nodes;

  RecurringContract(Supplier<Store> newStore) {
    this.nodes = new LiveNodes(newStore);
  }

  @AfterEach
  void closeNodes() {
    nodes.close();
  }

  private static Schedule often() {
    return Schedules.every(Duration.ofMillis(100));
  }

  @Test
  void firesAFixedRateOnItsAnchorWhicheverNodeRunsIt() throws Exception {
    Duration period = Duration.ofMillis(200);
    List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
    Job<Void> tick =
        Job.recurring("tick", Schedules.every(period), context -> fires.add(context.fireTime()));
    nodes.start(tick);
    nodes.start(tick);
    nodes.start(tick);

    nodes.witness.awaitEnds(8, "tick", Outcome.SUCCEEDED);

    List<Instant> seen = List.copyOf(fires);
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(seen)
        .allSatisfy(
            fire ->
                assertThat(Duration.between(seen.get(0), fire).toNanos() % period.toNanos())
                    .isZero());
  }

  @Test
  void countsAFixedDelayFromTheCompletion() throws Exception {
    Duration delay = Duration.ofMillis(150);
    nodes.start(Job.recurring("pause", Schedules.fixedDelay(delay), context -> {}));

    nodes.witness.awaitEnds(3, "pause", Outcome.SUCCEEDED);

    List<ExecutionRecord> runs = nodes.history();
    for (int i = 1; i < runs.size(); i++) {
      assertThat(runs.get(i).fireTime()).isAfterOrEqualTo(runs.get(i - 1).endedAt().plus(delay));
    }
  }

  @Test
  void aBadFireNeverEndsARecurringJob() throws Exception {
    nodes.start(
        Job.recurring(
            "nightly",
            Schedules.every(Duration.ofMillis(100)),
            context -> {
              throw new IllegalStateException("a bad night");
            }));

    nodes.witness.awaitEnds(3, "nightly", Outcome.FAILED);

    assertThat(nodes.history()).extracting(ExecutionRecord::attempt).containsOnly(1);
  }

  @Test
  void nodesInRaceRunEachFireOfACronOnce() throws Exception {
    List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
    Job<Void> secondly =
        Job.recurring(
            "secondly", Cron.spring("* * * * * *"), context -> fires.add(context.fireTime()));
    nodes.start(secondly);
    nodes.start(secondly);

    nodes.witness.awaitEnds(3, "secondly", Outcome.SUCCEEDED);

    assertThat(List.copyOf(fires))
        .doesNotHaveDuplicates()
        .allMatch(RecurringContract::isWholeSecond);
  }

  private static boolean isWholeSecond(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).equals(instant);
  }

  @Test
  void recursAtRunTimeWithItsPayloadAndKey() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    nodes.start(
        Job.of(
            REPORT,
            (tenant, context) -> seen.add(tenant + " " + context.key().orElse("without key"))));
    SchedulerClient client = SchedulerClient.of(nodes.store());

    Enqueued made = client.recurring(REPORT.with("Seven").key("tenant-7"), often());

    assertThat(made.created()).isTrue();
    nodes.witness.awaitEnds(3, made.id(), Outcome.SUCCEEDED);
    assertThat(seen).containsOnly("Seven tenant-7");
    assertThat(client.triggers().find("report", "tenant-7").flatMap(TriggerStatus::schedule))
        .contains("every 100ms");
  }

  @Test
  void repeatingTheCallChangesNothingAndAnotherOneChangesIt() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Scheduler node = nodes.start(Job.of(REPORT, (tenant, context) -> seen.add(tenant)));
    Schedule daily = Cron.unix("0 2 * * *");
    Enqueued made = node.recurring(REPORT.with("a").key("k"), daily);
    TriggerRecord before = row(made);

    assertThat(node.recurring(REPORT.with("a").key("k"), Schedules.parse("cron: 0 2 * * *")))
        .isEqualTo(new Enqueued(made.id(), Enqueued.Result.KEPT));
    assertThat(row(made).version()).isEqualTo(before.version());

    assertThat(node.recurring(REPORT.with("b").key("k"), daily))
        .as("another payload")
        .isEqualTo(new Enqueued(made.id(), Enqueued.Result.CHANGED));
    assertThat(row(made).fireTime()).isEqualTo(before.fireTime());

    assertThat(node.recurring(REPORT.with("b").key("k"), often()).result())
        .as("another schedule")
        .isEqualTo(Enqueued.Result.CHANGED);
    nodes.witness.awaitEnds(2, made.id(), Outcome.SUCCEEDED);
    assertThat(seen).containsOnly("b");
  }

  @Test
  void makesThousandsInFewCalls() {
    Scheduler node = nodes.start(Job.of(REPORT, (tenant, context) -> {}));
    List<Recurrence> tenants =
        IntStream.range(0, 2_500)
            .mapToObj(
                i ->
                    new Recurrence(
                        REPORT.with("tenant " + i).key("tenant-" + i),
                        Schedules.parse("daily 02:00; jitter 1h")))
            .toList();
    List<Enqueued> made = node.recurring(tenants);
    assertThat(made).hasSize(2_500).allMatch(Enqueued::created);
    assertThat(node.recurring(tenants))
        .allMatch(answer -> answer.result() == Enqueued.Result.KEPT)
        .extracting(Enqueued::id)
        .containsExactlyElementsOf(made.stream().map(Enqueued::id).toList());
    List<Instant> dues = made.stream().limit(20).map(one -> row(one).due()).toList();
    assertThat(dues).as("spread by the jitter").doesNotHaveDuplicates();
  }

  @Test
  void whatIsDeletedFiresNoMore() throws Exception {
    Scheduler node = nodes.start(Job.of(REPORT, (tenant, context) -> {}));
    Enqueued made = node.recurring(REPORT.with("a").key("k"), Cron.unix("0 2 * * *"));
    assertThat(node.deleteRecurring(REPORT, "k")).isTrue();
    assertThat(node.triggers().find(made.id())).isEmpty();
    assertThat(node.deleteRecurring(REPORT, "k")).isFalse();
    assertThat(node.recurring(REPORT.with("a").key("k"), Cron.unix("0 2 * * *")).created())
        .isTrue();
  }

  @Test
  void whatIsDeletedWhileItRunsEndsInPeaceAndFiresNoMore() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch deleted = new CountDownLatch(1);
    Job<String> report =
        Job.of(
            REPORT,
            (tenant, context) -> {
              running.countDown();
              Witness.await(deleted);
            });
    Scheduler node = nodes.start(tending(Job.recurring("beat", often(), context -> {}), report));
    Enqueued made = node.recurring(REPORT.with("a").key("k"), often());
    Witness.await(running);
    assertThat(node.deleteRecurring(REPORT, "k")).isTrue();
    deleted.countDown();
    nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED);
    eventually("beat", store -> store.triggers().find(made.id()).isEmpty());
    eventually("beat", store -> outcomes(store, made.id()).equals(List.of(Outcome.SUCCEEDED)));
  }

  /** But for those that were skipped. */
  private static List<Outcome> outcomes(Store store, TriggerId id) {
    return store.history().of(id).stream()
        .map(ExecutionRecord::outcome)
        .filter(outcome -> outcome != Outcome.SKIPPED)
        .toList();
  }

  @Test
  void refusesWhatCantRecur() {
    Scheduler node = nodes.start(Job.of(REPORT, (tenant, context) -> {}));
    node.submit(REPORT.with("a").key("once").after(DAY));
    assertThatThrownBy(() -> node.recurring(REPORT.with("a").key("once"), often()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("\"once\"")
        .hasMessageContaining("one-time trigger");
    assertThatThrownBy(() -> node.recurring(REPORT.with("a"), often()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("has no key");
    assertThatThrownBy(() -> node.recurring(REPORT.with("a").key("k").after(DAY), often()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the schedule does that");
    assertThatThrownBy(
            () ->
                node.recurring(
                    REPORT.with("a").key("k"),
                    often().until(Instant.parse("2020-01-01T00:00:00Z"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("never fires");
    assertThat(node.triggers().find("report", "k")).isEmpty();
  }

  /** A fire time that lies three days back, as after an outage. */
  private TriggerId missed(String job, Schedule schedule) {
    Store store = nodes.store();
    NewTrigger standing =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.STANDING,
            job,
            TriggerKind.STANDING_KEY,
            NewTrigger.Placement.OF_JOB,
            Due.at(store.now().minus(DAY.multipliedBy(3))),
            new NewTrigger.Standing(schedule.identity(), store.now().minus(DAY.multipliedBy(3))),
            new byte[0],
            OnConflict.KEEP);
    return store.triggers().enqueue(List.of(standing)).get(0).id();
  }

  private List<ExecutionRecord> history(TriggerId id) {
    return nodes.store().history().of(id);
  }

  @Test
  void threeDaysOfMissedFiresAreOneRunAndTheRestIsCounted() throws Exception {
    Schedule secondly = Cron.spring("* * * * * *");
    TriggerId id = missed("secondly", secondly);
    List<Long> counts = Collections.synchronizedList(new ArrayList<>());
    Scheduler node =
        nodes.start(
            Job.recurring("secondly", secondly, context -> counts.add(context.missedFires())));

    nodes.witness.awaitEnds(2, id, Outcome.SUCCEEDED);

    assertThat(counts.get(0)).isBetween(259_100L, 259_300L);
    assertThat(history(id).get(0).missed()).isEqualTo(counts.get(0));
    assertThat(node.stats().missed()).isEqualTo(counts.get(0));
    Instant first = history(id).get(0).fireTime();
    assertThat(history(id).get(1).fireTime()).isAfter(first);
  }

  @Test
  void missedFiresAreSkippedAndCounted() throws Exception {
    Schedule daily = Schedules.every(DAY.multipliedBy(2));
    TriggerId id = missed("rare", daily);
    Scheduler node =
        nodes.start(Job.recurring("rare", daily, context -> {}).misfire(Misfire.skip()));

    nodes.witness.awaitEnd(id, Outcome.SKIPPED);

    TriggerRecord row = nodes.store().triggers().find(id).orElseThrow();
    assertThat(row.missed()).isEqualTo(1);
    assertThat(row.fireTime()).isAfter(nodes.store().now());
    assertThat(node.stats().missed()).isEqualTo(2);
  }

  @Test
  void missedFiresAreAllRunUpToTheCap() throws Exception {
    Schedule hourly = Schedules.every(Duration.ofHours(1));
    TriggerId id = missed("hourly", hourly);
    nodes.start(
        Job.recurring("hourly", hourly, context -> {}).misfire(Misfire.fireAll().cappedAt(4)));

    nodes.witness.awaitEnds(4, id, Outcome.SUCCEEDED);

    List<ExecutionRecord> runs = history(id).subList(0, 4);
    assertThat(runs).extracting(ExecutionRecord::missed).containsExactly(69L, 0L, 0L, 0L);
    for (int i = 1; i < runs.size(); i++) {
      assertThat(runs.get(i).fireTime())
          .isEqualTo(runs.get(i - 1).fireTime().plus(Duration.ofHours(1)));
    }
  }

  @Test
  void overlappingFiresRunBesideEachOther() throws Exception {
    CountDownLatch together = new CountDownLatch(3);
    List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
    Job<Void> job =
        Job.recurring(
                "busy",
                often(),
                context -> {
                  fires.add(context.fireTime());
                  together.countDown();
                  Witness.await(together);
                })
            .overlap(Overlap.ALLOW);
    nodes.start(job);
    nodes.start(job);

    nodes.witness.awaitEnds(3, "busy", Outcome.SUCCEEDED);

    assertThat(List.copyOf(fires)).doesNotHaveDuplicates();
    assertThat(
            nodes
                .store()
                .triggers()
                .find("busy", TriggerKind.STANDING_KEY)
                .orElseThrow()
                .lastFire())
        .isNotNull();
    assertThat(nodes.history())
        .extracting(ExecutionRecord::kind)
        .containsOnly(TriggerKind.ONE_TIME);
  }

  @Test
  void aSlowRunIsFollowedByOneThatCountsWhatItMissed() throws Exception {
    CountDownLatch passed = new CountDownLatch(1);
    List<Long> counts = Collections.synchronizedList(new ArrayList<>());
    Store clock = nodes.store();
    nodes.start(
        Job.recurring(
            "slow",
            often(),
            context -> {
              counts.add(context.missedFires());
              if (counts.size() == 1) {
                Instant until = context.fireTime().plusMillis(650);
                while (clock.now().isBefore(until)) {
                  passed.await(10, TimeUnit.MILLISECONDS);
                }
              }
            }));
    nodes.witness.awaitEnds(2, "slow", Outcome.SUCCEEDED);
    assertThat(counts.get(1)).isGreaterThanOrEqualTo(5);
    ExecutionRecord second = nodes.history().get(1);
    assertThat(second.missed()).isEqualTo(counts.get(1));
  }

  /** Waits, by a job that runs often, until a look at the store shows what is expected. */
  private void eventually(String beat, Predicate<Store> expected) throws InterruptedException {
    Store store = nodes.store();
    for (int ends = 1; !expected.test(store); ends++) {
      nodes.witness.awaitEnds(ends, beat, Outcome.SUCCEEDED);
    }
  }

  @Test
  void aPersonsDecisionsReachEveryNodeAndOutrankTheCode() throws Exception {
    Job<Void> beat = Job.recurring("beat", often(), context -> {});
    Job<Void> job = Job.recurring("job", often(), context -> {});
    Scheduler one = nodes.start(tending(beat, job));
    Scheduler two = nodes.start(tending(beat, job));
    nodes.witness.awaitEnds(2, "job", Outcome.SUCCEEDED);

    one.jobs().pause("job");
    eventually("beat", store -> isHeld(store, "job"));
    assertThat(two.jobs().find("job")).map(JobStatus::paused).contains(true);
    two.jobs().resume("job");
    eventually("beat", store -> !isHeld(store, "job"));

    two.jobs().overrideSchedule("job", Cron.unix("0 2 29 2 *"));
    eventually("beat", store -> "cron unix: 0 2 29 2 *".equals(standing(store, "job").schedule()));
    assertThat(one.jobs().find("job").orElseThrow().override()).contains("cron unix: 0 2 29 2 *");
    one.jobs().dropOverride("job");
    eventually("beat", store -> "every 100ms".equals(standing(store, "job").schedule()));
    assertThatThrownBy(() -> one.jobs().delete("job"))
        .isInstanceOf(JobInUseException.class)
        .hasMessageContaining("a live node has a handler");
  }

  /** Looks after its holds once a second. */
  private SchedulerBuilder tending(Job<?>... jobs) {
    return nodes.node(jobs).heartbeat(Duration.ofMillis(500)).lease(Duration.ofSeconds(20));
  }

  private static TriggerRecord standing(Store store, String job) {
    return store.triggers().find(job, TriggerKind.STANDING_KEY).orElseThrow();
  }

  private static boolean isHeld(Store store, String job) {
    return !standing(store, job).holds().isEmpty();
  }

  @Test
  void aJobRemovedFromTheCodeStaysUntilItIsDeleted() throws Exception {
    Scheduler old = nodes.start(Job.recurring("gone", Cron.unix("0 2 * * *"), context -> {}));
    old.close();
    Scheduler node = nodes.start(Job.recurring("beat", often(), context -> {}));
    JobStatus gone = node.jobs().find("gone").orElseThrow();
    assertThat(gone.nodes()).isZero();
    assertThat(gone.schedule()).contains("cron unix: 0 2 * * *");
    assertThat(node.triggers().findStanding("gone")).isPresent();

    node.jobs().delete("gone");

    assertThat(node.triggers().findStanding("gone")).isEmpty();
    assertThat(node.jobs().all()).extracting(JobStatus::name).containsExactly("beat");
    assertThatThrownBy(() -> node.jobs().delete("gone")).isInstanceOf(UnknownJobException.class);
    assertThatThrownBy(() -> node.jobs().pause("gone"))
        .isInstanceOf(UnknownJobException.class)
        .hasMessageContaining("\"gone\"");
  }

  @Test
  void aNewVersionTakesOverAndARollbackGivesBack() throws Exception {
    Job<Void> beat = Job.recurring("beat", often(), context -> {});
    Job<Void> a = Job.recurring("job", Cron.unix("0 2 * * *"), context -> {});
    Job<Void> b = Job.recurring("job", Cron.unix("0 3 * * *"), context -> {});
    nodes.start(beat, a);
    Scheduler fresh = nodes.start(beat, b);
    assertThat(standing(nodes.store(), "job").schedule()).isEqualTo("cron unix: 0 3 * * *");
    nodes.start(beat, a);
    assertThat(standing(nodes.store(), "job").schedule()).isEqualTo("cron unix: 0 3 * * *");
    fresh.close();
    eventually("beat", store -> "cron unix: 0 2 * * *".equals(standing(store, "job").schedule()));
  }

  private TriggerRecord row(Enqueued made) {
    return nodes.store().triggers().find(made.id()).orElseThrow();
  }
}
