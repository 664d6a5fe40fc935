package dev.escapement.engine;

import static dev.escapement.store.TriggerKind.ONE_TIME;
import static dev.escapement.store.TriggerKind.STANDING;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.PayloadException;
import dev.escapement.TriggerId;
import dev.escapement.policy.Retry;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Completion;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a claim, whoever ends it. What schedules make of it has a test of its own. */
class VerdictTest {

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Retry TWICE = Retry.fixed(Duration.ofSeconds(8)).maxAttempts(2);
  private static final Next AGAIN = new Next.Retry(Due.in(Duration.ofSeconds(8)));
  private static final Next NEXT_FIRE = Next.fireAt(HandClock.NOON.plus(PERIOD));
  private static final Next BACK = new Next.Release(null);

  /** Begun anew it is on time. */
  private static final Next BACK_NOW = new Next.Release(Due.now());

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);

  private static Throwable thrown() {
    return new IllegalStateException("the handler's");
  }

  private static Job<?> job(TriggerKind kind) {
    Job<?> job =
        kind == ONE_TIME
            ? Job.of(JobType.of("job"), context -> {})
            : Job.recurring("job", Schedules.every(PERIOD), context -> {});
    return job.retry(TWICE).timeout(Duration.ofSeconds(30));
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        // kind, attempt of two, stopped, thrown → outcome, next, payload kept, failure
        arguments(ONE_TIME, 1, null, null, Outcome.SUCCEEDED, Next.REMOVE, false, null),
        arguments(ONE_TIME, 2, null, null, Outcome.SUCCEEDED, Next.REMOVE, false, null),
        arguments(ONE_TIME, 1, null, thrown(), Outcome.FAILED, AGAIN, false, "IllegalState"),
        arguments(ONE_TIME, 2, null, thrown(), Outcome.FAILED, Next.REMOVE, true, "IllegalState"),
        arguments(ONE_TIME, 9, null, thrown(), Outcome.FAILED, Next.REMOVE, true, "IllegalState"),
        arguments(ONE_TIME, 1, Run.Stop.TIMEOUT, null, Outcome.TIMED_OUT, AGAIN, false, "timeout"),
        arguments(
            ONE_TIME,
            2,
            Run.Stop.TIMEOUT,
            thrown(),
            Outcome.TIMED_OUT,
            Next.REMOVE,
            true,
            "timeout"),
        arguments(
            ONE_TIME, 1, Run.Stop.STOPPING, null, Outcome.RELEASED, BACK_NOW, false, "stopping"),
        arguments(
            ONE_TIME, 2, Run.Stop.STOPPING, thrown(), Outcome.RELEASED, BACK_NOW, false, "stop"),
        arguments(
            ONE_TIME, 2, Run.Stop.LEASE_LOST, thrown(), Outcome.RELEASED, BACK_NOW, false, "lease"),
        arguments(
            ONE_TIME, 2, Run.Stop.SESSION_DEAD, null, Outcome.RELEASED, BACK_NOW, false, "dead"),
        arguments(STANDING, 1, null, null, Outcome.SUCCEEDED, NEXT_FIRE, false, null),
        arguments(STANDING, 1, null, thrown(), Outcome.FAILED, AGAIN, false, "IllegalState"),
        arguments(STANDING, 2, null, thrown(), Outcome.FAILED, NEXT_FIRE, true, "IllegalState"),
        arguments(
            STANDING, 2, Run.Stop.TIMEOUT, null, Outcome.TIMED_OUT, NEXT_FIRE, true, "timeout"),
        arguments(
            STANDING, 1, Run.Stop.STOPPING, thrown(), Outcome.RELEASED, BACK_NOW, false, "stop"));
  }

  private Run run(TriggerKind kind, int attempt) {
    Run run = Given.run(session, clock, kind, attempt);
    Job<?> job = job(kind);
    job.schedule()
        .ifPresent(
            schedule -> run.follow(new Fires(schedule, job.policy().recurrence(), "job", false)));
    return run;
  }

  @ParameterizedTest
  @MethodSource("ends")
  void theEndOfARun(
      TriggerKind kind,
      int attempt,
      Run.@Nullable Stop stop,
      @Nullable Throwable thrown,
      Outcome outcome,
      Next next,
      boolean payloadKept,
      @Nullable String failure) {
    Run run = run(kind, attempt);
    clock.pass(Duration.ofMillis(10));
    run.begin();
    clock.pass(Duration.ofMillis(20));
    if (stop != null) {
      run.stop(stop);
    }
    run.end();

    Completion completion = Verdict.of(run, job(kind), thrown, 0.5);

    assertThat(completion.guard()).isEqualTo(run.guard());
    assertThat(completion.next()).isEqualTo(next);
    assertThat(completion.ending().outcome()).isEqualTo(outcome);
    assertThat(completion.ending().keepPayload()).isEqualTo(payloadKept);
    assertThat(completion.ending().startedAt()).isEqualTo(HandClock.NOON.plusMillis(10));
    assertThat(completion.ending().endedAt()).isEqualTo(HandClock.NOON.plusMillis(30));
    if (failure == null) {
      assertThat(completion.ending().failure()).isNull();
    } else {
      assertThat(requireNonNull(completion.ending().failure()).type()).contains(failure);
    }
  }

  @Test
  void aRetryWaitsAsItsPolicySays() {
    Retry doubling = Retry.exponential(Duration.ofSeconds(10)).jitter(0.5);
    Job<?> job = job(ONE_TIME).retry(doubling);
    Run third = Given.run(session, clock, ONE_TIME, 3);
    assertThat(Verdict.of(third, job, thrown(), 0.5).next())
        .isEqualTo(new Next.Retry(Due.in(Duration.ofSeconds(40))));
    assertThat(Verdict.of(third, job, thrown(), 0).next())
        .isEqualTo(new Next.Retry(Due.in(Duration.ofSeconds(20))));
  }

  @Test
  void aTimeoutTellsItsLimitAndKeepsTheTrace() {
    Run run = Given.run(session, clock, ONE_TIME, 1);
    run.stop(Run.Stop.TIMEOUT);
    Failure failure =
        requireNonNull(Verdict.of(run, job(ONE_TIME), thrown(), 0.5).ending().failure());
    assertThat(failure.message()).contains("PT30S").contains("then threw");
    assertThat(failure.trace()).contains("the handler's");
  }

  @Test
  void theFirstReasonToStopStands() {
    Run run = Given.run(session, clock, ONE_TIME, 1);
    run.stop(Run.Stop.TIMEOUT);
    run.stop(Run.Stop.STOPPING);
    assertThat(Verdict.of(run, job(ONE_TIME), null, 0.5).ending().outcome())
        .isEqualTo(Outcome.TIMED_OUT);
  }

  static Stream<Arguments> unreadable() {
    Next later = new Next.Release(Due.in(Verdict.UNREADABLE_PAUSE));
    return Stream.of(
        arguments(ONE_TIME, 1, UnreadablePayload.RETRY, Outcome.FAILED, AGAIN, false),
        arguments(ONE_TIME, 2, UnreadablePayload.RETRY, Outcome.FAILED, Next.REMOVE, true),
        arguments(ONE_TIME, 1, UnreadablePayload.FAIL, Outcome.FAILED, Next.REMOVE, true),
        arguments(ONE_TIME, 1, UnreadablePayload.RELEASE, Outcome.RELEASED, later, false),
        arguments(ONE_TIME, 9, UnreadablePayload.RELEASE, Outcome.RELEASED, later, false),
        arguments(STANDING, 2, UnreadablePayload.RETRY, Outcome.FAILED, NEXT_FIRE, true));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void anUnreadablePayload(
      TriggerKind kind,
      int attempt,
      UnreadablePayload answer,
      Outcome outcome,
      Next next,
      boolean payloadKept) {
    Completion completion =
        Verdict.unreadable(
            run(kind, attempt),
            job(kind).onUnreadablePayload(answer),
            new PayloadException("not JSON", null),
            0.5);
    assertThat(completion.ending().outcome()).isEqualTo(outcome);
    assertThat(completion.next()).isEqualTo(next);
    assertThat(completion.ending().keepPayload()).isEqualTo(payloadKept);
    assertThat(completion.ending().startedAt()).as("the handler was never called").isNull();
    assertThat(requireNonNull(completion.ending().failure()).message()).isEqualTo("not JSON");
  }

  static Stream<Arguments> deaths() {
    return Stream.of(
        // kind, lost before, quarantine after → outcome
        arguments(ONE_TIME, 0, 3, Outcome.LOST),
        arguments(ONE_TIME, 1, 3, Outcome.LOST),
        arguments(ONE_TIME, 2, 3, Outcome.FAILED),
        arguments(ONE_TIME, 7, 3, Outcome.FAILED),
        arguments(ONE_TIME, 0, 1, Outcome.FAILED),
        arguments(STANDING, 1, 3, Outcome.LOST),
        arguments(STANDING, 2, 3, Outcome.FAILED));
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void theDeathOfItsNode(TriggerKind kind, int lost, int quarantineAfter, Outcome outcome) {
    Guard guard = new Guard(TriggerId.next(), 4, SessionId.next());
    RunningTrigger trigger = new RunningTrigger(guard, kind, "job", null, lost + 1, lost);
    Completion completion = Verdict.lost(trigger, quarantineAfter);

    assertThat(completion.guard()).isEqualTo(guard);
    assertThat(completion.ending().outcome()).isEqualTo(outcome);
    Failure failure = requireNonNull(completion.ending().failure());
    assertThat(failure.message()).contains(guard.owner().toString());
    if (outcome == Outcome.LOST) {
      assertThat(completion.next()).isEqualTo(new Next.Recover());
      assertThat(completion.ending().keepPayload()).isFalse();
    } else if (kind == ONE_TIME) {
      assertThat(completion.next()).isEqualTo(Next.REMOVE);
      assertThat(completion.ending().keepPayload()).isTrue();
    } else {
      assertThat(completion.next()).isEqualTo(new Next.Pause(failure.message()));
      assertThat(failure.message()).contains("number " + (lost + 1), "quarantined");
    }
  }

  @ParameterizedTest
  @EnumSource(TriggerKind.class)
  void whatIsGivenBackCountsNoAttempt(TriggerKind kind) {
    Run run = Given.run(session, clock, kind, 1);
    RunningTrigger row = new RunningTrigger(run.guard(), kind, "job", null, 1, 0);
    assertThat(Verdict.unstarted(run)).isEqualTo(Verdict.unheld(row));
    assertThat(Verdict.unstarted(run).next()).isEqualTo(BACK);
    assertThat(Verdict.unstarted(run).ending().outcome()).isEqualTo(Outcome.RELEASED);
  }
}
