package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunTest {

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);
  private final Run run = Given.run(session, clock, TriggerKind.ONE_TIME, 1);

  @AfterEach
  void noInterruptIsLeftBehind() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void itsTimesAreTheStores() {
    clock.pass(Duration.ofMillis(40));
    run.begin();
    clock.pass(Duration.ofSeconds(2));
    run.end();
    assertThat(run.startedAt()).isEqualTo(HandClock.NOON.plusMillis(40));
    assertThat(run.endedAt()).isEqualTo(HandClock.NOON.plusMillis(2_040));
  }

  @Test
  void stopInterruptsTheHandlersThreadAndEndTakesTheInterruptBack() {
    run.begin();
    run.stop(Run.Stop.TIMEOUT);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(run.stopped()).isEqualTo(Run.Stop.TIMEOUT);
    run.end();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void oneThatWasStoppedBeforeItBeganDoesNotBegin() {
    run.stop(Run.Stop.STOPPING);
    assertThat(run.begin()).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void oneWhoseSessionIsNotTrustedAnyMoreDoesNotBegin() {
    clock.pass(Duration.ofSeconds(18));
    assertThat(run.begin()).isFalse();
  }

  @Test
  void itsOutcomeIsHandedOverOnce() {
    assertThat(run.handOver()).isTrue();
    assertThat(run.handOver()).isFalse();
  }

  /** What has been done must not be done again because something happened a moment later. */
  @ParameterizedTest
  @EnumSource(Run.Stop.class)
  void whatComesAfterTheHandlerHasReturnedChangesNothing(Run.Stop late) {
    run.begin();
    run.end();
    run.stop(late);
    Job<?> job = Job.of(JobType.of("job"), context -> {});
    assertThat(Verdict.of(run, job, null, 0.5).ending().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void leaseLostComesAndGoesWithItsSessionsTrust() {
    assertThat(run.leaseLost()).isFalse();
    clock.pass(Duration.ofSeconds(18));
    assertThat(run.leaseLost()).isTrue();
    session.beaten(clock.getAsLong());
    assertThat(run.leaseLost()).isFalse();
  }

  @Test
  void theLatestMissedFireTakesTheFireTimesPlaceAndNothingElse() {
    Instant latest = HandClock.NOON.plusSeconds(60);
    run.firesAt(latest, latest, 3);
    assertThat(run.missedFires()).isEqualTo(3);
    assertThat(run.fireTime()).isEqualTo(latest);
    assertThat(run.due()).isEqualTo(latest);
    assertThat(run.fencingToken()).isEqualTo(7);
  }

  /** The store's clock was read somewhere between the question and the answer. */
  @Test
  void theEndIsNotReckonedLaterThanItWas() {
    long asked = clock.getAsLong();
    clock.pass(Duration.ofSeconds(3));
    Run late = new Run(run.claim(), session, clock, asked, clock.getAsLong());
    late.begin();
    clock.pass(Duration.ofSeconds(1));
    late.end();
    assertThat(late.endedNotBefore()).isEqualTo(HandClock.NOON.plusSeconds(1));
    assertThat(late.endedAt()).isEqualTo(HandClock.NOON.plusSeconds(4));
  }

  @Test
  void oneThatIsGivenUpWhileItGoesOnEndsThen() {
    run.begin();
    clock.pass(Duration.ofSeconds(3));
    assertThat(Duration.between(run.startedAt(), run.endedAt())).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aDueInNanoTime() {
    long asked = clock.getAsLong();
    assertThat(run.nanoTimeOf(Due.at(HandClock.NOON.plusSeconds(3))) - asked)
        .isEqualTo(Duration.ofSeconds(3).toNanos());
    assertThat(run.nanoTimeOf(Due.at(Due.LATEST)) - asked).isEqualTo(Duration.ofDays(1).toNanos());
    clock.pass(Duration.ofSeconds(10));
    assertThat(run.nanoTimeOf(Due.in(Duration.ofSeconds(3))) - asked)
        .as("a delay counts from the write")
        .isEqualTo(Duration.ofSeconds(13).toNanos());
    assertThat(run.nanoTimeOf(Due.at(Due.EARLIEST)) - clock.getAsLong()).isNegative();
  }
}
