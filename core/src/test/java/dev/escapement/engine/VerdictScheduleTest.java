package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Completion;
import dev.escapement.store.Next;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules are the application's code: whatever one does, the fire that ran has its end. */
class VerdictScheduleTest {

  private static final Instant NOON = HandClock.NOON;
  private static final Due TEN_MINUTES = Due.in(Duration.ofMinutes(10));

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);

  private Completion afterSuccess(Schedule schedule, Instant fireTime) {
    Job<Void> job = Job.recurring("job", schedule, context -> {});
    Run run = Given.run(session, clock, TriggerKind.STANDING, 1, fireTime);
    run.follow(new Fires(schedule, job.policy().recurrence(), "job", false));
    return Verdict.of(run, job, null, 0.5);
  }

  private Next next(Schedule schedule) {
    Completion completion = afterSuccess(schedule, NOON);
    assertThat(completion.ending().outcome()).isEqualTo(Outcome.SUCCEEDED);
    return completion.next();
  }

  @Test
  void theNextFireIsCountedFromTheFireTimeNotFromNow() {
    clock.pass(Duration.ofHours(3));
    assertThat(next(Schedules.every(Duration.ofMinutes(10))))
        .isEqualTo(Next.fireAt(NOON.plusSeconds(600)));
  }

  @Test
  void aFixedDelayIsCountedFromTheWriteByTheStoresClock() {
    assertThat(next(Schedules.fixedDelay(Duration.ofMinutes(10))))
        .isEqualTo(new Next.Fire(TEN_MINUTES, TEN_MINUTES, 0));
  }

  @Test
  void aNextFireIsCutToMicroseconds() {
    assertThat(next(from -> Optional.of(from.plusNanos(1_000_999))))
        .isEqualTo(Next.fireAt(NOON.plusMillis(1)));
  }

  static Stream<Arguments> never() {
    return Stream.of(
        arguments("empty", (Schedule) from -> Optional.empty()),
        arguments("year 10000", (Schedule) from -> Optional.of(Due.LATEST.plusSeconds(1))),
        arguments("the end of time", (Schedule) from -> Optional.of(Instant.MAX)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("never")
  void oneThatNeverFiresAgainLeavesTheRowWithoutDue(String name, Schedule schedule) {
    assertThat(next(schedule)).as(name).isEqualTo(Next.fireAt(null));
  }

  @Test
  void theLastInstantIsStillAFire() {
    assertThat(next(from -> Optional.of(Due.LATEST))).isEqualTo(Next.fireAt(Due.LATEST));
  }

  private static Schedule throwing(Throwable failure) {
    return from -> {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    };
  }

  @SuppressWarnings({"serial", "NullAway"})
  static Stream<Arguments> broken() {
    return Stream.of(
        arguments("the past", (Schedule) from -> Optional.of(from.minusSeconds(1))),
        arguments("the same", (Schedule) from -> Optional.of(from)),
        arguments(
            "the same but for nanoseconds", (Schedule) from -> Optional.of(from.plusNanos(9))),
        arguments("null", (Schedule) from -> null),
        arguments("an exception", throwing(new IllegalStateException("no"))),
        arguments("an error", throwing(new StackOverflowError())),
        arguments(
            "an exception that can't be printed",
            throwing(
                new RuntimeException() {
                  @Override
                  public String getMessage() {
                    throw new IllegalStateException("not even that");
                  }
                })));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenOnePausesTheTriggerWithAReason(String name, Schedule schedule) {
    assertThat(next(schedule))
        .as(name)
        .isInstanceOfSatisfying(
            Next.Pause.class, pause -> assertThat(pause.reason()).contains("Its schedule"));
  }

  /** The reason is stored; the completer has no other way to write the row. */
  @Test
  void theReasonIsTextThatEveryDatabaseTakes() {
    String evil = "NUL \0, half a pair \ud800, " + "and long ".repeat(10_000);
    Next next = next(throwing(new IllegalStateException(evil)));
    assertThat(next)
        .isInstanceOfSatisfying(
            Next.Pause.class,
            pause ->
                assertThat(pause.reason())
                    .doesNotContain("\0", "\ud800")
                    .hasSizeLessThanOrEqualTo(2_000));
  }

  @Test
  void oneThatIsUnknownPausesTheTrigger() {
    Run run = Given.run(session, clock, TriggerKind.STANDING, 1);
    Job<?> scheduleless = Job.of(JobType.of("job"), context -> {});
    assertThat(Verdict.of(run, scheduleless, null, 0.5).next()).isInstanceOf(Next.Pause.class);
  }
}
