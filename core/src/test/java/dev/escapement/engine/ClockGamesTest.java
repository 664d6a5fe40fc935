package dev.escapement.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nights, outages and clocks that jump, over real nodes and a clock that the test turns. */
class ClockGamesTest {

  private static final Instant NOON = HandClock.NOON;

  private Cluster cluster = new Cluster(NOON);
  private final List<Instant> fires = Collections.synchronizedList(new ArrayList<>());
  private final Handler.WithoutPayload note = context -> fires.add(context.fireTime());

  @AfterEach
  void close() {
    cluster.close();
  }

  private List<ExecutionRecord> history() {
    return cluster.history();
  }

  /** Each fire of a stretch is run or counted, none twice. */
  private void assertAllAccountedFor(Job<?> job, Instant first) {
    List<ExecutionRecord> ended =
        history().stream().filter(row -> row.outcome() != Outcome.RELEASED).toList();
    assertThat(ended).extracting(ExecutionRecord::fireTime).doesNotHaveDuplicates();
    Instant last = ended.get(ended.size() - 1).fireTime();
    long counted = ended.stream().mapToLong(ExecutionRecord::missed).sum();
    assertThat(ended.size() + counted)
        .isEqualTo(1 + job.schedule().orElseThrow().count(first, last));
  }

  static Stream<Arguments> nights() {
    return Stream.of(
        // 2:30 doesn't exist on 8 March, and comes twice on 1 November.
        arguments(
            "America/New_York",
            "30 2 * * *",
            "2026-03-08T00:00:00Z",
            List.of("2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z")),
        arguments(
            "America/New_York",
            "30 1 * * *",
            "2026-11-01T00:00:00Z",
            List.of("2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")),
        arguments(
            "America/New_York",
            "*/30 1 * * *",
            "2026-11-01T00:00:00Z",
            List.of(
                "2026-11-01T05:00:00Z",
                "2026-11-01T05:30:00Z",
                "2026-11-01T06:00:00Z",
                "2026-11-01T06:30:00Z",
                "2026-11-02T06:00:00Z",
                "2026-11-02T06:30:00Z")),
        arguments(
            "Europe/London",
            "30 1 * * *",
            "2026-03-29T00:00:00Z",
            List.of("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")),
        // The gap is from 2:00 to 2:30, the overlap from 1:30 to 2:00.
        arguments(
            "Australia/Lord_Howe",
            "15 2 * * *",
            "2026-10-03T12:00:00Z",
            List.of("2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z")),
        arguments(
            "Australia/Lord_Howe",
            "45 1 * * *",
            "2026-04-04T12:00:00Z",
            List.of("2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z")),
        // Midnight doesn't exist.
        arguments(
            "America/Sao_Paulo",
            "0 0 * * *",
            "2018-11-03T12:00:00Z",
            List.of("2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")),
        // 30 December doesn't exist.
        arguments(
            "Pacific/Apia",
            "0 12 * * *",
            "2011-12-29T12:00:00Z",
            List.of("2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z")),
        // Two hours at once.
        arguments(
            "Antarctica/Troll",
            "0 2 * * *",
            "2026-03-28T12:00:00Z",
            List.of("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("nights")
  void aNightOfTwoReplicasThatRace(
      String zone, String expression, String start, List<String> expected) throws Exception {
    cluster.close();
    cluster = new Cluster(Instant.parse(start));
    Job<?> job = Job.recurring("nightly", Cron.unix(expression).zone(ZoneId.of(zone)), note);
    cluster.join("one", job);
    cluster.join("two", job);

    Instant last = Instant.parse(expected.get(expected.size() - 1));
    while (cluster.clock.instant().isBefore(last.plusSeconds(600))) {
      cluster.tick(ofMinutes(15));
      cluster.tick(ofSeconds(1));
      cluster.tick(ofMinutes(15).minusSeconds(1));
    }

    assertThat(fires).extracting(Instant::toString).containsExactlyElementsOf(expected);
  }

  /** Nobody is there for three days. */
  private void outage(Job<?> job) throws Exception {
    Bench before = cluster.join("before", job);
    cluster.settle();
    cluster.leave(before);
    cluster.clock.pass(ofDays(3).plusMillis(500));
    cluster.join("after", job);
    cluster.settle();
  }

  private Job<Void> everySecond(Misfire misfire) {
    return Job.recurring("secondly", Schedules.every(ofSeconds(1)), note).misfire(misfire);
  }

  @Test
  void threeDaysOfDowntimeAreOneRun() throws Exception {
    Job<?> job = everySecond(Misfire.fireOnce());
    outage(job);
    assertThat(fires).containsExactly(NOON, NOON.plus(ofDays(3)));
    assertThat(history().get(1).missed()).isEqualTo(259_199);
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void threeDaysOfDowntimeAreSkippedButForTheFireThatIsOnTime() throws Exception {
    Job<?> job = everySecond(Misfire.skip());
    outage(job);
    assertThat(fires).containsExactly(NOON, NOON.plus(ofDays(3)));
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void aMissedNightIsSkippedAndCounted() throws Exception {
    Job<?> job = Job.recurring("nightly", Cron.unix("0 2 * * *"), note).misfire(Misfire.skip());
    outage(job);
    assertThat(fires).isEmpty();
    assertThat(history()).extracting(ExecutionRecord::outcome).containsExactly(Outcome.SKIPPED);
    assertThat(cluster.standing("nightly").fireTime())
        .isEqualTo(Instant.parse("2026-03-05T02:00:00Z"));
    assertThat(cluster.standing("nightly").missed()).isEqualTo(2);
    cluster.tick(ofHours(14));
    assertThat(fires).containsExactly(Instant.parse("2026-03-05T02:00:00Z"));
    assertAllAccountedFor(job, Instant.parse("2026-03-02T02:00:00Z"));
  }

  @Test
  void threeDaysOfDowntimeAreAllRunUpToTheCap() throws Exception {
    Job<?> job = everySecond(Misfire.fireAll().cappedAt(5));
    outage(job);
    Instant last = NOON.plus(ofDays(3));
    assertThat(fires)
        .containsExactly(
            NOON,
            last.minusSeconds(4),
            last.minusSeconds(3),
            last.minusSeconds(2),
            last.minusSeconds(1),
            last);
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void missedNightsAreAllRun() throws Exception {
    Job<?> job = Job.recurring("nightly", Cron.unix("0 2 * * *"), note).misfire(Misfire.fireAll());
    outage(job);
    assertThat(fires)
        .extracting(Instant::toString)
        .containsExactly("2026-03-02T02:00:00Z", "2026-03-03T02:00:00Z", "2026-03-04T02:00:00Z");
    assertAllAccountedFor(job, Instant.parse("2026-03-02T02:00:00Z"));
  }

  /** A run that takes 150 minutes of an hourly job. */
  private Job<Void> slow(Overlap overlap) {
    return Job.recurring(
            "slow",
            Schedules.every(ofHours(1)),
            context -> {
              fires.add(context.fireTime());
              if (fires.size() == 1) {
                cluster.clock.pass(ofMinutes(150));
              }
            })
        .overlap(overlap);
  }

  @Test
  void aRunLongerThanItsIntervalIsFollowedAtOnceByTheLatestFire() throws Exception {
    Job<?> job = slow(Overlap.WAIT).misfire(Misfire.skip());
    Bench node = cluster.join("node", job);
    node.poller.turn();
    node.work();
    node.completer.turn();
    cluster.tick(ofSeconds(1));
    assertThat(fires).containsExactly(NOON, NOON.plus(ofHours(2)));
    assertThat(node.counters.overlapped.sum()).isEqualTo(1);
    assertThat(node.counters.missed.sum()).isZero();
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void aRunLongerThanItsIntervalIsFollowedByTheNextFire() throws Exception {
    Job<?> job = slow(Overlap.SKIP);
    Bench node = cluster.join("node", job);
    node.poller.turn();
    node.work();
    node.completer.turn();
    cluster.tick(ofSeconds(1));
    assertThat(fires).containsExactly(NOON);
    cluster.tick(ofMinutes(30));
    assertThat(fires).containsExactly(NOON, NOON.plus(ofHours(3)));
    assertThat(node.counters.overlapped.sum()).isEqualTo(2);
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void aClockThatStepsBackAnHourDuringAFireFiresNothingTwice() throws Exception {
    Job<?> job =
        Job.recurring(
            "job",
            Schedules.every(ofMinutes(10)),
            context -> {
              fires.add(context.fireTime());
              if (fires.size() == 2) {
                cluster.clock.step(ofHours(-1));
              }
            });
    cluster.join("one", job);
    cluster.join("two", job);
    cluster.settle();
    for (int minute = 0; minute < 100; minute += 5) {
      cluster.tick(ofMinutes(5));
    }
    assertThat(fires)
        .containsExactly(
            NOON,
            NOON.plus(ofMinutes(10)),
            NOON.plus(ofMinutes(20)),
            NOON.plus(ofMinutes(30)),
            NOON.plus(ofMinutes(40)));
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void aClockThatStepsForwardMissesWhatItLeapsOver() throws Exception {
    Job<?> job = Job.recurring("job", Schedules.every(ofMinutes(10)), note);
    cluster.join("node", job);
    cluster.settle();
    cluster.clock.step(ofHours(1));
    cluster.tick(ofSeconds(90));
    assertThat(fires).containsExactly(NOON, NOON.plus(ofHours(1)));
    assertAllAccountedFor(job, NOON);
  }

  @Test
  void aFireThatWasBegunAndGivenBackIsNotAMissedOne() throws Exception {
    Job<?> job = Job.recurring("nightly", Cron.unix("0 13 * * *"), note).misfire(Misfire.skip());
    Bench old = cluster.join("old", job);
    cluster.clock.pass(ofHours(1));
    old.heart.turn();
    old.poller.turn();
    Run run = old.holdings.all().iterator().next();
    run.begin();
    cluster.clock.pass(ofMinutes(10));
    run.stop(Run.Stop.STOPPING);
    run.end();
    old.completer.add(run, Verdict.of(run, job, new InterruptedException(), 0.5), null);
    old.completer.turn();
    cluster.leave(old);
    cluster.join("new", job);
    cluster.settle();
    assertThat(fires).containsExactly(NOON.plus(ofHours(1)));
  }

  /** Its node died, and nobody was there for ten minutes: that is no missed fire either. */
  @Test
  void aFireThatWasClaimedIsNotJudgedAgain() throws Exception {
    Job<?> job = Job.recurring("nightly", Cron.unix("0 13 * * *"), note).misfire(Misfire.skip());
    Bench victim = cluster.join("victim", job);
    cluster.clock.pass(ofHours(1));
    victim.heart.turn();
    victim.poller.turn();
    cluster.leave(victim);
    cluster.clock.pass(ofMinutes(10));
    cluster.join("other", job);
    cluster.settle();
    cluster.settle();
    assertThat(fires).containsExactly(NOON.plus(ofHours(1)));
    assertThat(history())
        .extracting(ExecutionRecord::outcome)
        .containsExactly(Outcome.LOST, Outcome.SUCCEEDED);
  }

  @Test
  void anotherZoneTakesEffectOnce() throws Exception {
    Cron utc = Cron.unix("0 14 * * *");
    Bench old = cluster.join("old", Job.recurring("daily", utc, note));
    cluster.tick(ofHours(2));
    Job<?> moved = Job.recurring("daily", utc.zone(ZoneId.of("Europe/Zurich")), note);
    cluster.join("new", moved);
    cluster.leave(old);
    cluster.tick(ofHours(22));
    cluster.tick(ofHours(2));
    assertThat(fires)
        .extracting(Instant::toString)
        .containsExactly("2026-03-01T14:00:00Z", "2026-03-02T13:00:00Z");
  }
}
