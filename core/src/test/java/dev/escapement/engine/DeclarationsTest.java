package dev.escapement.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Handler;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.PayloadCodec;
import dev.escapement.Priority;
import dev.escapement.Recurrence;
import dev.escapement.TriggerState;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.JobRecord;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What code declares, what people decide, and what then fires: old and new nodes side by side. */
class DeclarationsTest {

  private static final Instant NOON = HandClock.NOON;
  private static final Schedule AT_TWO = Cron.unix("0 14 * * *");
  private static final Schedule AT_THREE = Cron.unix("0 15 * * *");

  private final Cluster cluster = new Cluster(NOON);
  private final List<String> fires = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    cluster.close();
  }

  /** The same job in two versions of the application. */
  private Job<Void> job(String version, Schedule schedule) {
    Handler.WithoutPayload note =
        context -> fires.add(version + " " + context.fireTime().toString().substring(8, 16));
    return Job.recurring("job", schedule, note);
  }

  private Bench join(String version, Schedule schedule) {
    return cluster.join(version, job(version, schedule));
  }

  private TriggerRecord row() {
    return cluster.standing("job");
  }

  private JobRecord known() {
    return cluster.memory.jobs().all().get(0);
  }

  private void pass(Duration duration) throws Exception {
    for (Duration left = duration;
        left.compareTo(Duration.ZERO) > 0;
        left = left.minus(ofMinutes(30))) {
      cluster.tick(ofMinutes(30));
    }
  }

  private List<String> hours() {
    return fires.stream().map(fire -> fire.substring(fire.indexOf(' ') + 1)).toList();
  }

  @Test
  void aChangedScheduleTakesEffectWithTheFirstNodeThatDeclaresIt() throws Exception {
    join("A", AT_TWO);
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(2)));
    join("B", AT_THREE);
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(3)));
    assertThat(row().schedule()).isEqualTo(AT_THREE.identity());
    pass(ofHours(27));
    assertThat(hours()).containsExactly("01T15:00", "02T15:00");
  }

  @Test
  void anOldReplicaThatRestartsDoesNotRevertIt() throws Exception {
    Bench old = join("A", AT_TWO);
    join("B", AT_THREE);
    for (int restart = 0; restart < 3; restart++) {
      cluster.leave(old);
      old = join("A", AT_TWO);
      cluster.tick(ofSeconds(10));
      assertThat(row().schedule()).isEqualTo(AT_THREE.identity());
    }
    long version = row().version();
    pass(ofHours(1));
    assertThat(row().version()).as("nobody flips it back and forth").isEqualTo(version);
  }

  @Test
  void aRollbackRollsBackWhenTheLastNewNodeHasGone() throws Exception {
    join("A", AT_TWO);
    Bench first = join("B", AT_THREE);
    Bench second = join("B", AT_THREE);
    cluster.leave(first);
    cluster.tick(ofSeconds(1));
    assertThat(row().schedule()).isEqualTo(AT_THREE.identity());
    cluster.leave(second);
    cluster.tick(ofSeconds(1));
    assertThat(row().schedule()).isEqualTo(AT_TWO.identity());
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(2)));
    pass(ofHours(26));
    assertThat(fires).containsExactly("A 01T14:00", "A 02T14:00");
  }

  @Test
  void backAndForthNoFireIsLostAndNoneRunsTwice() throws Exception {
    Bench a = join("A", AT_TWO);
    pass(ofHours(2));
    Bench b = join("B", AT_THREE);
    pass(ofHours(1));
    cluster.leave(a);
    pass(ofHours(24));
    join("A", AT_TWO);
    cluster.leave(b);
    pass(ofHours(24));
    assertThat(hours()).containsExactly("01T14:00", "01T15:00", "02T15:00", "03T14:00");
  }

  @Test
  void aFireThatIsDueAlreadySurvivesTheChange() throws Exception {
    Bench old = join("A", AT_TWO);
    cluster.leave(old);
    cluster.clock.pass(ofMinutes(125));
    join("B", AT_THREE);
    cluster.settle();
    assertThat(fires).containsExactly("B 01T14:00");
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(3)));
  }

  @Test
  void aFireThatWaitsForItsRetrySurvivesTheChange() throws Exception {
    Job<?> failing =
        Job.recurring(
                "job",
                AT_TWO,
                context -> {
                  fires.add("A " + context.attempt());
                  throw new IllegalStateException("not yet");
                })
            .retry(Retry.fixed(ofMinutes(10)).maxAttempts(3));
    Bench old = cluster.join("A", failing);
    cluster.tick(ofHours(2));
    assertThat(fires).containsExactly("A 1");
    cluster.leave(old);
    join("B", AT_THREE);
    cluster.tick(ofMinutes(10));
    assertThat(fires).containsExactly("A 1", "B 01T14:00");
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(3)));
  }

  /** The new schedule would have had a fire at 15:00, before it was there. */
  @Test
  void whatFollowsARetryIsNoFireOfTheTimeBeforeTheChange() throws Exception {
    Handler.WithoutPayload failing =
        context -> {
          fires.add(context.attempt() + " of " + context.fireTime().toString().substring(8, 16));
          if (context.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
        };
    Retry retry = Retry.fixed(ofHours(2)).maxAttempts(2);
    Bench old = cluster.join("A", Job.recurring("job", AT_TWO, failing).retry(retry));
    pass(ofMinutes(210));
    cluster.join("B", Job.recurring("job", AT_THREE, failing).retry(retry));
    cluster.leave(old);
    pass(ofHours(3));
    assertThat(fires).containsExactly("1 of 01T14:00", "2 of 01T14:00");
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(27)));
    assertThat(row().missed()).isZero();
  }

  @Test
  void anOverdueFireIsNotJudgedByTheFiresOfTheNewSchedule() throws Exception {
    for (Misfire misfire : List.of(Misfire.fireOnce(), Misfire.fireAll())) {
      fires.clear();
      try (Cluster other = new Cluster(NOON)) {
        Bench old = other.join("A", job("A", AT_TWO));
        other.leave(old);
        other.clock.pass(ofHours(5));
        other.join("B", job("B", Cron.unix("* * * * *")).misfire(misfire));
        other.settle();
        assertThat(fires).as(misfire.toString()).containsExactly("B 01T14:00");
        assertThat(other.standing("job").fireTime()).isEqualTo(NOON.plus(ofMinutes(301)));
        assertThat(other.history()).extracting(ExecutionRecord::missed).containsExactly(0L);
      }
    }
  }

  @Test
  void anOverdueFireOfTheOldScheduleMayBeSkippedAndIsCounted() throws Exception {
    Bench old = join("A", AT_TWO);
    cluster.leave(old);
    cluster.clock.pass(ofHours(5));
    cluster.join("B", job("B", Cron.unix("* * * * *")).misfire(Misfire.skip()));
    cluster.settle();
    assertThat(fires).isEmpty();
    assertThat(cluster.history())
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.SKIPPED);
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofMinutes(301)));
  }

  /** Its fire time has passed, and only its jitter hasn't. */
  @Test
  void aFireThatWaitsForItsJitterSurvivesTheChange() throws Exception {
    join("A", AT_TWO.jitter(ofHours(6)));
    Instant due = Objects.requireNonNull(row().due());
    assertThat(due).isAfter(NOON.plus(ofMinutes(121)));
    cluster.clock.pass(Duration.between(NOON, due).minusSeconds(30));
    join("B", AT_TWO.jitter(ofHours(5)));
    cluster.tick(ofSeconds(30));
    assertThat(hours()).containsExactly("01T14:00");
  }

  @Test
  void whatWasCountedStaysCountedWhenTheScheduleChanges() throws Exception {
    Bench old = cluster.join("A", job("A", Schedules.every(ofMinutes(1))).overlap(Overlap.SKIP));
    old.poller.turn();
    cluster.clock.pass(ofSeconds(330));
    old.heart.turn();
    Bench fresh = cluster.join("B", job("B", Schedules.every(ofMinutes(2))).overlap(Overlap.SKIP));
    old.work();
    old.completer.turn();
    assertThat(row().missed()).isEqualTo(5);
    fresh.declarations.tend();
    assertThat(row().stale()).isFalse();
    assertThat(row().missed()).isEqualTo(5);
  }

  @Test
  void aFireThatIsDueWhenTheJobIsSwitchedOffIsOnRecord() throws Exception {
    Bench node = join("A", AT_TWO);
    cluster.clock.pass(ofHours(2));
    control().overrideSchedule("job", Schedules.disabled());
    node.declarations.refresh();
    cluster.tick(ofSeconds(1));
    assertThat(fires).isEmpty();
    assertThat(cluster.history())
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.SKIPPED);
    assertThat(row().fireTime()).isNull();
  }

  @Test
  void aScheduleBeyondTimeHarmsNoOther() throws Exception {
    Schedule never = after -> Optional.of(Instant.MAX);
    cluster.join("node", Job.recurring("never", never, context -> {}), job("A", AT_TWO));
    pass(ofHours(2));
    assertThat(fires).containsExactly("A 01T14:00");
  }

  @Test
  void aRunThatOutlastsTheChangeIsFollowedByTheNewSchedule() throws Exception {
    Bench old = join("A", Schedules.every(ofDays(30)));
    old.poller.turn();
    assertThat(row().state()).isEqualTo(TriggerState.RUNNING);
    Bench fresh = join("B", AT_TWO);
    assertThat(row().stale()).isTrue();
    old.work();
    old.completer.turn();
    assertThat(row().fireTime()).as("by the old one").isEqualTo(NOON.plus(ofDays(30)));
    cluster.tick(ofSeconds(10));
    assertThat(row().stale()).isFalse();
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(2)));
    assertThat(fresh.counters.claimed.sum()).isZero();
  }

  /** Whoever fires it goes by the row: an old node doesn't bring the old schedule back. */
  @Test
  void anOldNodeThatFiresGoesByTheNewSchedule() throws Exception {
    Bench old = join("A", AT_TWO);
    Bench fresh = join("B", AT_THREE);
    cluster.clock.pass(ofHours(3));
    old.heart.turn();
    old.poller.turn();
    old.work();
    old.completer.turn();
    assertThat(fires).containsExactly("A 01T15:00");
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(27)));
    fresh.heart.turn();
    fresh.audit.turn();
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(27)));
  }

  private static final class EveryFortyMinutes implements Schedule {
    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(after.plus(ofMinutes(40)));
    }
  }

  @Test
  void aNodeThatCantReadTheScheduleLeavesItToOthers() throws Exception {
    Bench old = join("A", AT_TWO);
    Bench fresh = join("B", new EveryFortyMinutes());
    cluster.clock.pass(ofHours(3));
    old.heart.turn();
    old.poller.turn();
    old.work();
    old.completer.turn();
    assertThat(fires).isEmpty();
    assertThat(row().state()).isEqualTo(TriggerState.SCHEDULED);
    cluster.leave(old);
    cluster.tick(ofMinutes(1));
    assertThat(fires).containsExactly("B 01T12:40", "B 01T14:40");
    assertThat(fresh.counters.claimed.sum()).isEqualTo(2);
  }

  @Test
  void aJobThatNoLongerRecursStopsAndOneThatDoesAgainGoesOn() throws Exception {
    Bench recurring = join("A", AT_TWO);
    Bench enqueued = cluster.join("B", Job.of(JobType.of("job"), context -> fires.add("B run")));
    cluster.leave(recurring);
    pass(ofHours(24));
    assertThat(fires).isEmpty();
    assertThat(row().fireTime()).isNull();
    join("C", AT_THREE);
    cluster.leave(enqueued);
    pass(ofHours(24));
    assertThat(fires).containsExactly("C 02T15:00");
  }

  @Test
  void aDisabledJobIsNotMissedWhenItIsEnabledAgain() throws Exception {
    Bench on = join("A", AT_TWO);
    Bench off = join("B", Schedules.parse("-"));
    cluster.leave(on);
    pass(ofDays(3));
    assertThat(fires).isEmpty();
    join("C", AT_TWO);
    cluster.leave(off);
    pass(ofHours(25));
    assertThat(fires).containsExactly("C 04T14:00");
  }

  @Test
  void aJobRemovedFromTheCodeStaysVisibleIsHeldAndGoesOnPurposeOnly() throws Exception {
    Bench old = join("A", AT_TWO);
    cluster.leave(old);
    Bench other = cluster.join("B", Job.of(JobType.of("other"), context -> {}));
    pass(ofHours(3));
    assertThat(fires).isEmpty();
    assertThat(known().name()).isEqualTo("job");
    assertThat(known().sessions()).isZero();
    assertThat(row().holds()).isNotEmpty();

    JobControl control = new JobControl(cluster.memory, new ScheduleReader(), () -> {});
    control.delete("job");
    assertThat(cluster.memory.triggers().find("job", "$standing")).isEmpty();
    assertThat(control.find("job")).isEmpty();
    assertThat(other.counters.claimed.sum()).isZero();
  }

  @Test
  void aJobThatComesBackIsFiredOnceForWhatItMissed() throws Exception {
    Bench old = join("A", AT_TWO);
    cluster.leave(old);
    cluster.join("other", Job.of(JobType.of("other"), context -> {}));
    pass(ofHours(50));
    join("A", AT_TWO);
    cluster.tick(ofSeconds(10));
    assertThat(fires).containsExactly("A 03T14:00");
  }

  private JobControl control() {
    return new JobControl(cluster.memory, new ScheduleReader(), () -> {});
  }

  @Test
  void anOverrideOutranksEveryDeclarationUntilItIsDropped() throws Exception {
    join("A", AT_TWO);
    control().overrideSchedule("job", Schedules.every(ofHours(6)).from(NOON.plus(ofHours(1))));
    cluster.tick(ofSeconds(1));
    join("B", AT_THREE);
    pass(ofHours(8));
    assertThat(hours()).containsExactly("01T13:00", "01T19:00");
    control().dropOverride("job");
    cluster.tick(ofSeconds(1));
    assertThat(row().schedule()).isEqualTo(AT_THREE.identity());
    pass(ofHours(24));
    assertThat(hours()).containsExactly("01T13:00", "01T19:00", "02T15:00");
  }

  @Test
  void aPausedJobWaitsThroughDeploymentsUntilItIsResumed() throws Exception {
    join("A", AT_TWO);
    control().pause("job");
    cluster.tick(ofSeconds(1));
    join("B", AT_TWO);
    pass(ofHours(30));
    assertThat(fires).isEmpty();
    assertThat(known().paused()).isTrue();
    control().resume("job");
    cluster.tick(ofSeconds(1));
    cluster.tick(ofSeconds(1));
    assertThat(hours()).as("the misfire policy's: the latest, once").containsExactly("02T14:00");
    assertThat(row().holds()).isEmpty();
  }

  @Test
  void whereTriggersWaitFollowsTheCurrentDeclarationToo() throws Exception {
    Bench a = cluster.join("A", job("A", AT_TWO).priority(Priority.LOW));
    Bench b = cluster.join("B", job("B", AT_TWO).priority(Priority.HIGH));
    cluster.leave(a);
    cluster.join("A", job("A", AT_TWO).priority(Priority.LOW));
    assertThat(row().priority()).isEqualTo(Priority.HIGH);
    cluster.leave(b);
    cluster.tick(ofSeconds(1));
    assertThat(row().priority()).isEqualTo(Priority.LOW);
  }

  /** One job's fault keeps no node from starting, and no other job from recurring. */
  @Test
  void aScheduleThatThrowsHarmsNoOther() throws Exception {
    Schedule broken =
        after -> {
          throw new IllegalStateException("no idea");
        };
    cluster.join("node", Job.recurring("broken", broken, context -> {}), job("A", AT_TWO));
    pass(ofHours(2));
    assertThat(fires).containsExactly("A 01T14:00");
    assertThat(cluster.memory.triggers().find("broken", "$standing")).isEmpty();
  }

  @Test
  void aMisfirePolicyIsNoReasonToAimAnew() throws Exception {
    join("A", AT_TWO);
    long version = row().version();
    cluster.join("B", job("B", AT_TWO).misfire(Misfire.skip()));
    assertThat(row().version()).isEqualTo(version);
  }

  private static final JobType<String> REPORT = JobType.of("report", String.class);

  private Recurrences recurrences() {
    return new Recurrences(
        cluster.memory,
        new Requests(PayloadCodec.json(), 1_000, Optional.empty()),
        new ScheduleReader());
  }

  private TriggerRecord report() {
    return cluster.memory.triggers().find("report", "k").orElseThrow();
  }

  private void setReport(String payload, String schedule) {
    recurrences()
        .set(List.of(new Recurrence(REPORT.with(payload).key("k"), Schedules.parse(schedule))));
  }

  @Test
  void whatIsChangedAtRunTimeWhileItRunsIsAimedAnewWhenItHasEnded() throws Exception {
    Bench node = cluster.join("node", Job.of(REPORT, (payload, context) -> fires.add(payload)));
    setReport("old", "every 30d");
    node.poller.turn();
    setReport("new", "every 1h");
    assertThat(report().stale()).isTrue();
    node.work();
    node.completer.turn();
    cluster.tick(ofSeconds(10));
    assertThat(report().stale()).isFalse();
    assertThat(report().fireTime()).isEqualTo(NOON.plus(ofHours(1)));
    cluster.tick(ofHours(1));
    assertThat(fires).containsExactly("old", "new");
  }

  @Test
  void whatIsDeletedWhileItRunsGoesWhenItHasEnded() throws Exception {
    Bench node = cluster.join("node", Job.of(REPORT, (payload, context) -> fires.add(payload)));
    setReport("old", "every 30d");
    node.poller.turn();
    assertThat(recurrences().delete(new TriggerName("report", "k"))).isTrue();
    node.work();
    node.completer.turn();
    assertThat(fires).containsExactly("old");
    cluster.tick(ofSeconds(10));
    assertThat(cluster.memory.triggers().find("report", "k")).isEmpty();
  }

  @Test
  void whatIsDeletedWhileItRunsDoesNotRunOnceMore() throws Exception {
    Bench node = cluster.join("node", Job.of(REPORT, (payload, context) -> fires.add(payload)));
    setReport("old", "every 1s");
    node.poller.turn();
    recurrences().delete(new TriggerName("report", "k"));
    cluster.clock.pass(ofSeconds(2));
    node.work();
    node.completer.turn();
    node.poller.turn();
    node.work();
    node.completer.turn();
    assertThat(fires).containsExactly("old");
    cluster.tick(ofSeconds(10));
    assertThat(cluster.memory.triggers().find("report", "k")).isEmpty();
  }

  /** Deleted while it ran, and quarantined at the end of that run. */
  @Test
  void whatIsDeletedGoesAlsoWhenItIsPaused() throws Exception {
    Bench node = cluster.join("node", Job.of(REPORT, (payload, context) -> fires.add(payload)));
    setReport("old", "every 30d");
    node.poller.turn();
    recurrences().delete(new TriggerName("report", "k"));
    Run run = node.holdings.all().iterator().next();
    node.completer.add(run, Verdict.broken(run, new IllegalStateException("no")), null);
    node.completer.turn();
    assertThat(report().state()).isEqualTo(TriggerState.PAUSED);
    cluster.tick(ofSeconds(10));
    assertThat(cluster.memory.triggers().find("report", "k")).isEmpty();
  }

  @Test
  void aChangeToAScheduleThatNeverFiresIsRefused() throws Exception {
    setReport("old", "every 30d");
    assertThatThrownBy(() -> setReport("old", "every 1h; until 2020-01-01T00:00:00Z"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("never fires after");
    assertThat(report().schedule()).isEqualTo("every 30d");
  }

  @Test
  void theDeclaredTriggerIsNotDeletedByItsKey() throws Exception {
    join("A", AT_TWO);
    assertThatThrownBy(() -> recurrences().delete(TriggerName.ofDeclared("job")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("override that with Schedules.disabled()");
    assertThat(row().fireTime()).isNotNull();
  }

  @Test
  void aTriggerFollowsItsJobToAnotherQueueUnlessItSaysOtherwise() throws Exception {
    Job<String> before = Job.of(REPORT, (payload, context) -> {});
    Bench old = cluster.join("A", before);
    setReport("a", "every 1h");
    cluster.leave(old);
    cluster.join("B", before.queue("reports"));
    setReport("a", "every 1h");
    assertThat(report().queue()).isEqualTo("reports");
    recurrences()
        .set(
            List.of(
                new Recurrence(
                    REPORT.with("a").key("k").queue("vip"), Schedules.parse("every 1h"))));
    assertThat(report().queue()).isEqualTo("vip");
  }

  @Test
  void whatIsMadeAnewBeforeItIsGoneStays() throws Exception {
    Bench node = cluster.join("node", Job.of(REPORT, (payload, context) -> fires.add(payload)));
    setReport("old", "every 30d");
    node.poller.turn();
    recurrences().delete(new TriggerName("report", "k"));
    setReport("again", "every 1h");
    node.work();
    node.completer.turn();
    cluster.tick(ofSeconds(10));
    assertThat(report().schedule()).isEqualTo("every 1h");
    assertThat(report().fireTime()).isEqualTo(NOON.plus(ofHours(1)));
  }
}
