package dev.escapement.testing;

import static dev.escapement.Outcome.FAILED;
import static dev.escapement.Outcome.SKIPPED;
import static dev.escapement.Outcome.SUCCEEDED;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Execution;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.TriggerId;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time in the test scheduler: advance, skip, drain, and what policies make of it. */
class TestClockTest {

  private static final Instant MONDAY = Instant.parse("2026-01-05T00:00:00Z");
  private static final JobType<String> SAY = JobType.of("say", String.class);
  private static final JobType<Void> PING = JobType.of("ping");

  private final List<String> done = new ArrayList<>();
  private final Late<TestScheduler> scheduler = new Late<>();
  private final Job<String> say = Job.of(SAY, (word, context) -> log(word));

  private void log(String what) {
    Duration since = Duration.between(MONDAY, scheduler().now());
    done.add(
        what + " " + since.toHours() + ":" + since.toMinutesPart() + ":" + since.toSecondsPart());
  }

  private TestScheduler scheduler() {
    return scheduler.get();
  }

  private TestScheduler given(Job<?>... jobs) {
    scheduler.set(TestScheduler.of(jobs));
    return scheduler();
  }

  private Job<Void> every(Duration interval, String name) {
    return Job.recurring(name, from(interval), context -> log(name));
  }

  /** One that begins later, for a fixed rate fires at once. */
  private static Schedule from(Duration interval) {
    return Schedules.every(interval).from(MONDAY.plus(interval));
  }

  @Test
  void theClockStandsStillUntilItIsTurned() {
    TestScheduler given = given(say);
    assertThat(given.now()).isEqualTo(MONDAY).isEqualTo(given.clock().instant());

    given.advance(ofDays(1));

    assertThat(given.clock().instant()).isEqualTo(MONDAY.plus(ofDays(1))).isEqualTo(given.now());
    Instant later = Instant.parse("2030-05-01T10:00:00.123456789Z");
    assertThat(TestScheduler.builder().startingAt(later).build().now())
        .isEqualTo(Instant.parse("2030-05-01T10:00:00.123456Z"));
  }

  @Test
  void theClockIsNotTurnedBackNorTooFar() {
    TestScheduler given = given(say);
    given.advance(ofDays(1));

    assertThatThrownBy(() -> given.advanceTo(MONDAY)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> given.skipTo(MONDAY)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> given.advance(ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> given.advance(ofDays(201 * 365)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("200 years");
    assertThat(given.now()).isEqualTo(MONDAY.plus(ofDays(1)));
  }

  @Test
  void advanceRunsEachThingWhenItsTimeComes() {
    Job<Void> nightly =
        Job.recurring("nightly", Schedules.daily(LocalTime.of(2, 0)), context -> log("nightly"));
    TestScheduler given = given(nightly, every(ofHours(12), "half"), say);
    given.schedule(SAY, "three", ofHours(3));
    given.schedule(SAY, "one", ofHours(1));
    given.enqueue(SAY, "now");

    List<Execution> ran = given.advance(ofHours(26));

    assertThat(done)
        .containsExactly(
            "now 0:0:0",
            "one 1:0:0",
            "nightly 2:0:0",
            "three 3:0:0",
            "half 12:0:0",
            "half 24:0:0",
            "nightly 26:0:0");
    assertThat(ran).hasSize(7).allMatch(each -> each.startedAt().orElseThrow().equals(each.due()));
    assertThat(given.now()).isEqualTo(MONDAY.plus(ofHours(26)));
  }

  @Test
  void recurringJobsOfOneInstantFireAsDeclaredAndBeforeWhatWasEnqueued() {
    List<Job<?>> jobs = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 20; i > 0; i--) {
      jobs.add(every(ofHours(1), "hourly-" + i));
      expected.add("hourly-" + i + " 1:0:0");
    }
    jobs.add(say);
    expected.add("said 1:0:0");
    TestScheduler given = given(jobs.toArray(Job<?>[]::new));
    given.schedule(SAY, "said", ofHours(1));

    given.advance(ofHours(1));

    assertThat(done).isEqualTo(expected);
  }

  @Test
  void theSessionStaysTrustedHoweverFarTheClockIsTurned() {
    TestScheduler given =
        given(
            Job.of(
                PING,
                context -> {
                  scheduler().skip(ofDays(1_000));
                  log("lease lost: " + context.leaseLost());
                }));
    given.schedule(PING, ofDays(30_000));

    assertThat(given.advance(ofDays(30_000)))
        .extracting(Execution::outcome)
        .containsExactly(SUCCEEDED);
    assertThat(done.get(0)).startsWith("lease lost: false");
  }

  @Test
  void retriesComeAfterTheirExactWaits() {
    TestScheduler given = given(say.retry(Retry.exponential(ofSeconds(10)).maxAttempts(4)));
    given.failNext(SAY, 3, new IOException("down"));
    given.enqueue(SAY, "at last");

    assertThat(given.advance(ofSeconds(69))).extracting(Execution::outcome).hasSize(3);
    assertThat(done).isEmpty();
    assertThat(given.advance(ofSeconds(1))).extracting(Execution::attempt).containsExactly(4);
    assertThat(done).containsExactly("at last 0:1:10");
  }

  @Test
  void rulesOfARetryHaveNoJitterEither() {
    Retry retry =
        Retry.none().on(IOException.class, Retry.exponential(ofSeconds(100)).maxAttempts(2));
    for (int i = 0; i < 20; i++) {
      TestScheduler given = given(say.retry(retry));
      given.failNext(SAY, new IOException("down"));
      given.enqueue(SAY, "again");
      given.drain();
    }

    assertThat(done).hasSize(20).containsOnly("again 0:1:40");
  }

  @Test
  void whatIsSkippedIsMissedAsThePolicySays() {
    Job<Void> all = every(ofHours(1), "all").misfire(Misfire.fireAll());
    Job<Void> once =
        Job.recurring(
                "once",
                from(ofHours(1)),
                context -> log("once " + context.fireTime() + " missed " + context.missedFires()))
            .misfire(Misfire.fireOnce());
    Job<Void> none = every(ofHours(1), "none").misfire(Misfire.skip());
    TestScheduler given = given(all, once, none);
    given.skip(ofMinutes(210));

    given.runDue();

    assertThat(done)
        .containsExactlyInAnyOrder(
            "all 3:30:0", "all 3:30:0", "all 3:30:0", "once 2026-01-05T03:00:00Z missed 2 3:30:0");
    assertThat(given.executions().of(given.triggers().findStanding("none").orElseThrow().id()))
        .extracting(Execution::outcome)
        .containsExactly(SKIPPED);
    done.clear();
    given.advance(ofMinutes(30));
    assertThat(done).hasSize(3).allMatch(line -> line.endsWith(" 4:0:0"));
  }

  @Test
  void whatTheHistoryLeavesOutSaysWhichFireWasRun() {
    TestScheduler given = given(every(ofHours(1), "hourly").keepHistory(KeepHistory.FAILURES));
    given.skip(ofMinutes(210));

    Execution ran = given.runDue().get(0);

    assertThat(ran.fireTime()).isEqualTo(MONDAY.plus(ofHours(3)));
    assertThat(ran.missedFires()).isEqualTo(2);
    assertThat(given.executions().of(ran.trigger())).isEmpty();
  }

  @Test
  void advanceMissesNothing() {
    TestScheduler given = given(every(ofHours(1), "hourly").misfire(Misfire.skip()));

    assertThat(given.advance(ofDays(2))).hasSize(48).allMatch(each -> each.missedFires() == 0);
    assertThat(given.stats().missed()).isZero();
  }

  @Test
  void aHandlerThatTakesTimeOverlapsItsNextFires() {
    TestScheduler given =
        given(
            Job.recurring(
                    "slow",
                    from(ofHours(1)),
                    context -> {
                      log("slow");
                      if (context.fireTime().equals(MONDAY.plus(ofHours(1)))) {
                        scheduler().skip(ofMinutes(150));
                      }
                    })
                .overlap(Overlap.WAIT));

    given.advance(ofHours(4));

    assertThat(done).containsExactly("slow 1:0:0", "slow 3:30:0", "slow 4:0:0");
    assertThat(given.stats().overlapped()).isEqualTo(1);
  }

  @Test
  void overlappingFiresRunEachForItself() {
    TestScheduler given = given(every(ofHours(1), "hourly").overlap(Overlap.ALLOW));
    given.failNext(JobType.of("hourly"), new IOException("down"));

    List<Execution> ran = given.advance(ofHours(3));

    assertThat(ran).extracting(Execution::outcome).containsExactly(FAILED, SUCCEEDED, SUCCEEDED);
    assertThat(done).containsExactly("hourly 2:0:0", "hourly 3:0:0");
    assertThat(given.executed("hourly")).extracting(Execution::trigger).doesNotHaveDuplicates();
  }

  @Test
  void aRetryOfAnOverlappingFireDoesNotHoldUpTheNext() {
    TestScheduler given =
        given(
            every(ofHours(1), "hourly")
                .overlap(Overlap.ALLOW)
                .retry(Retry.fixed(ofMinutes(90)).maxAttempts(2)));
    given.failNext(JobType.of("hourly"), new IOException("down"));

    given.advance(ofHours(3));

    assertThat(done).containsExactly("hourly 2:0:0", "hourly 2:30:0", "hourly 3:0:0");
  }

  @Test
  void recurringTriggersOfRunTimeFireWithTheOthers() {
    TestScheduler given = given(say, every(ofHours(2), "even"));
    given.recurring(SAY.with("tenant").key("7"), from(ofHours(3)));

    given.advance(ofHours(4));
    given.deleteRecurring(SAY, "7");
    given.advance(ofHours(4));

    assertThat(done)
        .containsExactly("even 2:0:0", "tenant 3:0:0", "even 4:0:0", "even 6:0:0", "even 8:0:0");
  }

  @Test
  void aCancelledFireIsFollowedByTheNext() {
    TestScheduler given = given(every(ofHours(1), "hourly"));
    given.triggers().cancel(given.triggers().findStanding("hourly").orElseThrow().id());

    given.advance(ofHours(2));

    assertThat(done).containsExactly("hourly 2:0:0");
  }

  @Test
  void aScheduleThatIsChangedDuringTheRunCountsFromThere() {
    TestScheduler given =
        given(
            Job.recurring(
                "changing",
                from(ofHours(1)),
                context -> {
                  log("changing");
                  scheduler().jobs().overrideSchedule("changing", Schedules.every(ofMinutes(10)));
                }));

    given.advance(ofMinutes(80));

    assertThat(done).containsExactly("changing 1:0:0", "changing 1:10:0", "changing 1:20:0");
  }

  @Test
  void aPausedJobsFiresAreMissed() {
    TestScheduler given = given(every(ofHours(1), "hourly"));
    given.jobs().pause("hourly");
    assertThat(given.advance(ofHours(5))).isEmpty();
    given.jobs().resume("hourly");

    assertThat(given.advance(ofMinutes(10))).hasSize(1);
    assertThat(given.stats().missed()).isPositive();
  }

  @Test
  void drainRunsRetriesAndWhatIsEnqueuedMeanwhile() {
    TestScheduler given =
        given(
            say.retry(Retry.fixed(ofHours(1))),
            Job.of(PING, context -> scheduler().schedule(SAY, "chained", ofDays(1))),
            every(ofDays(1), "daily"));
    given.failNext(SAY, new IOException("down"));
    given.enqueue(SAY, "hello");
    given.schedule(PING, ofDays(1));

    List<Execution> ran = given.drain();

    assertThat(ran).hasSize(6);
    assertThat(done)
        .containsExactly("hello 1:0:0", "daily 24:0:0", "daily 48:0:0", "chained 48:0:0");
    given.assertNothingEnqueued();
    assertThat(given.now()).isEqualTo(MONDAY.plus(ofDays(2)));
    assertThat(given.drain()).isEmpty();
  }

  @Test
  void drainSaysWhatIsLeftThatNothingMakesRun() {
    TestScheduler given = given(say, every(ofSeconds(1), "busy"));
    TriggerId paused = given.enqueue(SAY, "paused").id();
    given.triggers().pause(paused);
    given.enqueue(PING);
    given.schedule(SAY, "fine", ofMinutes(1));

    assertThatThrownBy(given::drain)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2 one-time triggers are left that don't run:")
        .hasMessageContaining("Trigger " + paused + " of job \"say\" is paused by a person")
        .hasMessageContaining("of job \"ping\" waits: none of 1 live nodes has a handler");
    assertThat(done).contains("fine 0:1:0");
  }

  @Test
  void aChainWithoutEndIsCutOff() {
    scheduler.set(
        TestScheduler.builder()
            .jobs(
                Job.of(SAY, (word, context) -> scheduler().enqueue(SAY, word)),
                Job.of(PING, context -> scheduler().schedule(PING, ofHours(1))))
            .atMost(100)
            .build());
    scheduler().enqueue(SAY, "again");
    assertThatThrownBy(scheduler()::runDue)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("More than 100 runs in a row")
        .hasMessageContaining("job \"say\" due 2026-01-05T00:00:00Z");
    scheduler().triggers().cancel(scheduler().enqueued(SAY).get(0).id());

    scheduler().enqueue(PING);
    assertThatThrownBy(scheduler()::drain)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("More than 100 runs, and this is left: job \"ping\" due");
    assertThat(scheduler().advance(ofHours(1_000))).hasSize(1_000);
    assertThatThrownBy(() -> TestScheduler.builder().atMost(0))
        .isInstanceOf(InvalidDeclarationException.class);
  }

  @Test
  void aHandlerCannotMakeOthersRun() {
    List<Runnable> turns =
        List.of(
            () -> scheduler().runDue(),
            () -> scheduler().advance(ofSeconds(1)),
            () -> scheduler().drain());
    for (Runnable turn : turns) {
      TestScheduler given = given(Job.of(PING, context -> turn.run()).retry(Retry.none()));
      given.enqueue(PING);

      Execution ran = given.runDue().get(0);

      assertThat(ran.failure().orElseThrow().message()).startsWith("A handler runs, and while");
      assertThat(given.runDue()).isEmpty();
    }
  }
}
