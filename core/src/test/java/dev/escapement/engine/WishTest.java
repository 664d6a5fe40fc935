package dev.escapement.engine;

import static dev.escapement.store.TriggerKind.ONE_TIME;
import static dev.escapement.store.TriggerKind.STANDING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Completion;
import dev.escapement.store.Next;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a handler asks for, and what is asked of it, in the end of its claim. */
class WishTest {

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration WAIT = Duration.ofSeconds(3);

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);

  private static Job<?> job(TriggerKind kind) {
    Job<?> job =
        kind == ONE_TIME
            ? Job.of(JobType.of("job"), context -> {})
            : Job.recurring("job", Schedules.every(PERIOD), context -> {});
    return job.retry(Retry.fixed(Duration.ofSeconds(8)).maxAttempts(2));
  }

  private Run run(TriggerKind kind, int attempt) {
    Run run = Given.run(session, clock, kind, attempt);
    if (kind == STANDING) {
      Job<?> job = job(kind);
      run.follow(new Fires(job.schedule().orElseThrow(), job.policy().recurrence(), "job", false));
    }
    run.begin();
    return run;
  }

  private static Completion end(Run run, Job<?> job, @Nullable Throwable thrown) {
    run.end();
    return Verdict.of(run, job, thrown, 0.5);
  }

  private static void assertEnd(Completion end, Outcome outcome, Next next) {
    assertThat(end.ending().outcome()).isEqualTo(outcome);
    assertThat(end.next()).isEqualTo(next);
  }

  @Test
  void whatIsPutOffIsGivenBack() {
    Run run = run(ONE_TIME, 2);
    run.wish(new Run.Wish.Snooze(WAIT));
    assertEnd(end(run, job(ONE_TIME), null), Outcome.YIELDED, new Next.Release(Due.in(WAIT)));
  }

  @Test
  void whatIsPutOffAndThenThrowsHasFailed() {
    Run run = run(ONE_TIME, 1);
    run.wish(new Run.Wish.Snooze(WAIT));
    assertEnd(
        end(run, job(ONE_TIME), new IllegalStateException()),
        Outcome.FAILED,
        new Next.Retry(Due.in(Duration.ofSeconds(8))));
  }

  @Test
  void theWaitThatWasAskedForTakesThePlaceOfThePolicys() {
    Run returned = run(ONE_TIME, 1);
    returned.wish(new Run.Wish.RetryIn(WAIT));
    assertEnd(end(returned, job(ONE_TIME), null), Outcome.FAILED, new Next.Retry(Due.in(WAIT)));
    Run threw = run(ONE_TIME, 1);
    threw.wish(new Run.Wish.RetryIn(WAIT));
    assertEnd(
        end(threw, job(ONE_TIME), new IllegalStateException()),
        Outcome.FAILED,
        new Next.Retry(Due.in(WAIT)));
    Run last = run(ONE_TIME, 2);
    last.wish(new Run.Wish.RetryIn(WAIT));
    Completion end = end(last, job(ONE_TIME), null);
    assertEnd(end, Outcome.FAILED, Next.REMOVE);
    assertThat(end.ending().keepPayload()).isTrue();
  }

  @Test
  void aWaitThatWasAskedForIsNotMadeOfWhatTheRulesExclude() {
    Run run = run(ONE_TIME, 1);
    run.wish(new Run.Wish.RetryIn(WAIT));
    Job<?> job = job(ONE_TIME).retry(Retry.standard().notOn(IllegalStateException.class));
    assertEnd(end(run, job, new IllegalStateException()), Outcome.FAILED, Next.REMOVE);
  }

  @Test
  void aRetryThatWouldComeTooLateIsNotMade() {
    Run run = run(ONE_TIME, 1);
    clock.pass(Duration.ofSeconds(55));
    Job<?> job =
        job(ONE_TIME).retry(Retry.fixed(Duration.ofSeconds(4)).maxAge(Duration.ofMinutes(1)));
    assertThat(end(run, job, new IllegalStateException()).next()).isInstanceOf(Next.Retry.class);
    Run later = run(ONE_TIME, 1);
    clock.pass(Duration.ofSeconds(57));
    assertThat(end(later, job, new IllegalStateException()).next()).isEqualTo(Next.REMOVE);
  }

  @Test
  void whatYieldsIsGivenBackAndDueNow() {
    Run once = run(ONE_TIME, 1);
    assertEnd(
        end(once, job(ONE_TIME), once.yielded()), Outcome.YIELDED, new Next.Release(Due.now()));
    Run fire = run(STANDING, 1);
    assertEnd(
        end(fire, job(STANDING), fire.yielded()), Outcome.YIELDED, new Next.Release(Due.now()));
  }

  @Test
  void aYieldThatTheHandlerSwallowsOrWrapsIsNoSuccessAndNoFailure() {
    Run swallowed = run(ONE_TIME, 1);
    swallowed.yielded();
    assertThat(Verdict.hasSucceeded(swallowed)).isFalse();
    assertEnd(end(swallowed, job(ONE_TIME), null), Outcome.YIELDED, new Next.Release(Due.now()));
    Run wrapped = run(ONE_TIME, 1);
    Exception wrapper = new IllegalStateException(wrapped.yielded());
    assertEnd(end(wrapped, job(ONE_TIME), wrapper), Outcome.YIELDED, new Next.Release(Due.now()));
  }

  @Test
  void aTimeoutIsRetriedWhateverTheInterruptedHandlerThrew() {
    Run run = run(ONE_TIME, 1);
    run.stop(Run.Stop.TIMEOUT);
    Job<?> job = job(ONE_TIME).retry(Retry.fixed(WAIT).notOn(InterruptedException.class));
    assertEnd(
        end(run, job, new InterruptedException()), Outcome.TIMED_OUT, new Next.Retry(Due.in(WAIT)));
  }

  @Test
  void whatIsCalledOffEndsEvenIfItReturnsAndTheNextFireComes() {
    Run once = run(ONE_TIME, 1);
    once.stop(Run.Stop.CANCELLED);
    assertEnd(end(once, job(ONE_TIME), null), Outcome.CANCELLED, Next.REMOVE);
    Run fire = run(STANDING, 1);
    fire.stop(Run.Stop.CANCELLED);
    assertEnd(
        end(fire, job(STANDING), new InterruptedException()),
        Outcome.CANCELLED,
        Next.fireAt(HandClock.NOON.plus(PERIOD)));
  }

  @Test
  void anAbandonedRunHasTimedOutAndIsRetried() {
    Run run = run(ONE_TIME, 1);
    run.stop(Run.Stop.TIMEOUT);
    Completion end = Verdict.overrun(run, job(ONE_TIME), WAIT, 0.5);
    assertEnd(end, Outcome.TIMED_OUT, new Next.Retry(Due.in(Duration.ofSeconds(8))));
  }

  @Test
  void whatComesTooLateIsSkippedAndTheNextFireComes() {
    Job<?> job = job(STANDING).maxLateness(WAIT);
    Completion end = Verdict.tooLate(run(STANDING, 1), job, Duration.ofSeconds(4));
    assertEnd(end, Outcome.SKIPPED, Next.fireAt(HandClock.NOON.plus(PERIOD)));
    assertThat(end.ending().failure())
        .extracting(failure -> failure == null ? "" : failure.message())
        .asString()
        .contains("PT4S", "PT3S");
  }

  @Test
  void theHistoryKeepsWhatTheJobSaysAndEachLastFailure() {
    Job<?> failures = job(ONE_TIME).keepHistory(KeepHistory.FAILURES);
    Job<?> none = job(ONE_TIME).keepHistory(KeepHistory.NONE);
    assertThat(Verdict.succeeded(run(ONE_TIME, 1), job(ONE_TIME), null).ending().recorded())
        .isTrue();
    assertThat(Verdict.succeeded(run(ONE_TIME, 1), failures, null).ending().recorded()).isFalse();
    assertThat(recorded(failures, 1)).isTrue();
    assertThat(recorded(none, 1)).isFalse();
    assertThat(recorded(none, 2)).as("the last attempt").isTrue();
  }

  private boolean recorded(Job<?> job, int attempt) {
    return end(run(ONE_TIME, attempt), job, new IllegalStateException()).ending().recorded();
  }
}
