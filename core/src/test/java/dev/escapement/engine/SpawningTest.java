package dev.escapement.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Overlap ALLOW: each fire lives by itself, and the standing trigger never runs. */
class SpawningTest {

  private static final Instant NOON = HandClock.NOON;

  private final Cluster cluster = new Cluster(NOON);
  private final List<Instant> fires = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    cluster.close();
  }

  private Job<Void> hourly() {
    return Job.recurring(
            "hourly", Schedules.every(ofHours(1)), context -> fires.add(context.fireTime()))
        .overlap(Overlap.ALLOW);
  }

  private TriggerRecord row() {
    return cluster.standing("hourly");
  }

  private List<ExecutionRecord> history() {
    return cluster.history();
  }

  /** Claims, and lets the runs wait for a thread. */
  private static void begin(Bench node) {
    node.heart.turn();
    node.poller.turn();
    node.poller.turn();
  }

  private static void finish(Bench node) {
    node.heart.turn();
    node.work();
    node.completer.turn();
  }

  @Test
  void firesRunBesideEachOther() {
    Bench node = cluster.join("node", hourly());
    begin(node);
    cluster.clock.pass(ofHours(1));
    begin(node);
    assertThat(node.holdings.all()).as("two runs at once").hasSize(2);
    assertThat(row().state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(2)));
    finish(node);
    assertThat(fires).containsExactlyInAnyOrder(NOON, NOON.plus(ofHours(1)));
    assertThat(history()).allMatch(row -> row.kind() == TriggerKind.ONE_TIME);
  }

  @Test
  void ofTwoNodesThatRaceOneFires() throws Exception {
    Bench one = cluster.join("one", hourly());
    Bench two = cluster.join("two", hourly());
    cluster.settle();
    for (int hour = 0; hour < 50; hour++) {
      cluster.tick(ofHours(1));
    }
    assertThat(fires).hasSize(51).doesNotHaveDuplicates();
    assertThat(one.counters.spawned.sum() + two.counters.spawned.sum()).isEqualTo(51);
  }

  @Test
  void aRetryOfOneFireDoesNotHoldUpTheNext() throws Exception {
    List<String> seen = new ArrayList<>();
    Job<?> failing =
        Job.recurring(
                "hourly",
                Schedules.every(ofHours(1)),
                context -> {
                  seen.add(context.fireTime().toString().substring(11, 13) + context.attempt());
                  if (context.fireTime().equals(NOON) && context.attempt() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                })
            .overlap(Overlap.ALLOW)
            .retry(Retry.fixed(ofMinutes(50)).maxAttempts(3));
    cluster.join("node", failing);
    cluster.settle();
    for (int i = 0; i < 12; i++) {
      cluster.tick(ofMinutes(10));
    }
    assertThat(seen).containsExactly("121", "122", "131", "123", "141");
  }

  @Test
  void firesBeyondTheBoundAreCountedAndDropped() {
    Bench node = cluster.join("node", hourly().allowOverlap(2));
    for (int hour = 0; hour < 4; hour++) {
      begin(node);
      cluster.clock.pass(ofHours(1));
    }
    assertThat(node.holdings.all()).hasSize(2);
    assertThat(node.counters.overlapped.sum()).isEqualTo(2);
    assertThat(row().missed()).isEqualTo(2);
    finish(node);
    begin(node);
    finish(node);
    assertThat(fires).containsExactlyInAnyOrder(NOON, NOON.plus(ofHours(1)), NOON.plus(ofHours(4)));
    assertThat(history())
        .filteredOn(row -> row.fireTime().equals(NOON.plus(ofHours(4))))
        .extracting(ExecutionRecord::missed)
        .containsExactly(2L);
    assertThat(row().missed()).isZero();
  }

  @Test
  void firesThatPassedWithinTheThresholdAllRun() {
    Job<?> secondly =
        Job.recurring(
                "secondly", Schedules.every(ofSeconds(1)), context -> fires.add(context.fireTime()))
            .overlap(Overlap.ALLOW);
    Bench node = cluster.join("node", secondly);
    cluster.clock.pass(ofSeconds(3));
    begin(node);
    finish(node);
    assertThat(fires)
        .containsExactlyInAnyOrder(
            NOON, NOON.plusSeconds(1), NOON.plusSeconds(2), NOON.plusSeconds(3));
  }

  private void outage(Misfire misfire) throws Exception {
    Bench before = cluster.join("before", hourly().misfire(misfire));
    cluster.settle();
    cluster.leave(before);
    cluster.clock.pass(ofDays(3).plusMinutes(30));
    cluster.join("after", hourly().misfire(misfire));
    cluster.settle();
  }

  @Test
  void missedFiresAreOneRun() throws Exception {
    outage(Misfire.fireOnce());
    assertThat(fires).containsExactly(NOON, NOON.plus(ofDays(3)));
    assertThat(history().get(1).missed()).isEqualTo(71);
  }

  @Test
  void missedFiresAreSkipped() throws Exception {
    outage(Misfire.skip());
    assertThat(fires).containsExactly(NOON);
    assertThat(row().missed()).isEqualTo(72);
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofHours(73)));
  }

  /** More than may run at once: the rest waits for room instead of being dropped. */
  @Test
  void missedFiresAreAllRunAsRoomAllows() throws Exception {
    outage(Misfire.fireAll().cappedAt(25));
    for (int i = 0; i < 5; i++) {
      cluster.tick(ofSeconds(1));
    }
    assertThat(fires).hasSize(26).doesNotHaveDuplicates();
    assertThat(fires).contains(NOON.plus(ofDays(2)), NOON.plus(ofDays(3)));
    assertThat(history().stream().mapToLong(ExecutionRecord::missed).sum()).isEqualTo(47);
  }

  @Test
  void aScheduleThatThrowsPausesTheTriggerWithAReason() throws Exception {
    Schedule broken =
        new Schedule() {
          @Override
          public Optional<Instant> next(Instant after) {
            throw new IllegalStateException("no idea");
          }

          @Override
          public Optional<Instant> first(Instant now) {
            return Optional.of(now);
          }

          @Override
          public String identity() {
            return "custom broken";
          }
        };
    cluster.join("node", Job.recurring("hourly", broken, context -> {}).overlap(Overlap.ALLOW));
    cluster.settle();
    assertThat(row().state()).isEqualTo(TriggerState.PAUSED);
    assertThat(row().reason()).contains("Its schedule threw").contains("no idea");
  }

  @Test
  void aTriggerThatCantBeReadHereIsLeftForAWhileAndTheOthersGoOn() throws Exception {
    Bench node = cluster.join("node", hourly());
    NewTrigger foreign =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.STANDING,
            "hourly",
            "tenant-7",
            NewTrigger.Placement.OF_JOB,
            Due.now(),
            new NewTrigger.Standing("custom com.acme.Newer", NOON),
            new byte[0],
            OnConflict.KEEP);
    cluster.memory.triggers().enqueue(List.of(foreign));
    cluster.settle();
    cluster.tick(ofHours(1));
    assertThat(fires).containsExactly(NOON, NOON.plus(ofHours(1)));
    assertThat(node.row(foreign.id()).fireTime()).isEqualTo(NOON);
    assertThat(node.row(foreign.id()).due()).isEqualTo(NOON.plus(ofMinutes(61)));
    assertThat(node.declarations.spawning()).containsExactly("hourly");
  }

  @Test
  void aFixedDelayCountsFromTheFireAndNeverInBursts() throws Exception {
    Bench node = cluster.join("node", hourly());
    cluster.settle();
    JobControl control = new JobControl(cluster.memory, new ScheduleReader(), () -> {});
    control.overrideSchedule("hourly", Schedules.fixedDelay(ofSeconds(1)));
    node.declarations.refresh();
    fires.clear();
    cluster.tick(ofMinutes(10));
    assertThat(fires).hasSize(1);
    assertThat(row().fireTime()).isEqualTo(cluster.clock.instant().plusSeconds(1));
  }

  /** However long it waits for room, what is older than the cap goes. */
  @Test
  void missedFiresThatWaitForRoomAreCapped() {
    Job<?> secondly =
        Job.recurring("hourly", Schedules.every(ofSeconds(1)), context -> {})
            .allowOverlap(1)
            .misfire(Misfire.fireAll().cappedAt(5));
    Bench node = cluster.join("node", secondly);
    for (int second = 0; second < 600; second++) {
      cluster.clock.pass(ofSeconds(1));
      node.heart.turn();
      node.poller.turn();
      if (second % 10 == 0) {
        finish(node);
      }
    }
    Instant fireTime = Objects.requireNonNull(row().fireTime());
    assertThat(fireTime).isAfter(cluster.clock.instant().minusSeconds(75));
    assertThat(node.counters.missed.sum()).isPositive();
  }

  @Test
  void aJobThatIsSwitchedOffSpawnsNothing() throws Exception {
    Bench node = cluster.join("node", hourly());
    cluster.settle();
    cluster.clock.pass(ofHours(1));
    JobControl control = new JobControl(cluster.memory, new ScheduleReader(), () -> {});
    control.overrideSchedule("hourly", Schedules.disabled());
    node.declarations.refresh();
    cluster.tick(ofSeconds(1));
    assertThat(fires).containsExactly(NOON);
    assertThat(row().fireTime()).isNull();
    assertThat(row().missed()).as("the fire that was due is counted").isEqualTo(1);
  }

  @Test
  void aFireThatIsDueWhenTheScheduleChangesIsSpawnedOnce() throws Exception {
    Bench old = cluster.join("old", hourly());
    cluster.settle();
    cluster.clock.pass(ofMinutes(90));
    cluster.leave(old);
    cluster.join(
        "new",
        Job.recurring(
                "hourly",
                Schedules.parse("cron: * * * * *"),
                context -> fires.add(context.fireTime()))
            .overlap(Overlap.ALLOW)
            .misfire(Misfire.fireAll()));
    cluster.settle();
    assertThat(fires).containsExactly(NOON, NOON.plus(ofHours(1)));
    assertThat(row().fireTime()).isEqualTo(NOON.plus(ofMinutes(91)));
    assertThat(row().stale()).isFalse();
  }

  @Test
  void aChildWhoseNodeDiedRunsAgain() throws Exception {
    Bench victim = cluster.join("victim", hourly());
    begin(victim);
    cluster.leave(victim);
    cluster.join("other", hourly());
    cluster.tick(ofSeconds(10));
    assertThat(fires).containsExactly(NOON);
    assertThat(history())
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
  }
}
