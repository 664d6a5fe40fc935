package dev.escapement.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.escapement.Due;
import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** Whatever the application's code does, its claim has an end and its worker goes on. */
class RunnerTest {

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);

  private void turn(Bench bench) {
    bench.poller.turn();
    bench.work();
    bench.completer.turn();
  }

  private static void assertFree(Bench bench) {
    assertThat(bench.holdings.guards().size()).isZero();
    assertThat(bench.holdings.idle()).isTrue();
    assertThat(bench.pools.running()).isZero();
  }

  @SuppressWarnings("serial")
  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("no"),
        new InterruptedException(),
        new AssertionError("no"),
        new StackOverflowError(),
        new LinkageError("no"),
        new RuntimeException() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("not even its message");
          }
        },
        new RuntimeException() {
          @Override
          public String getMessage() {
            throw new LinkageError("not even its message");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whateverAHandlerThrowsEndsItsAttemptAndNothingElse(Throwable failure) {
    Handler.WithoutPayload handler =
        context -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (Exception) failure;
        };
    Job<?> bad = Job.of(JobType.of("bad"), handler).retry(Retry.none());
    List<TriggerId> ran = new ArrayList<>();
    Job<?> good = Job.of(JobType.of("good"), context -> ran.add(context.triggerId()));
    Bench bench = Bench.opened(clock, memory, "node", bad, good);
    TriggerId first = bench.enqueue("bad");
    TriggerId second = bench.enqueue("good");
    turn(bench);

    assertThat(bench.history(first)).containsExactly(Outcome.FAILED);
    assertThat(bench.history(second)).containsExactly(Outcome.SUCCEEDED);
    assertThat(ran).containsExactly(second);
    assertFree(bench);
  }

  record Explosive(String text) {
    Explosive {
      if (text.equals("boom")) {
        throw new LinkageError("a class is missing on this node");
      }
    }
  }

  @Test
  void aPayloadWhoseReadingThrowsAnErrorIsUnreadable() {
    JobType<Explosive> type = JobType.of("bad", Explosive.class);
    Job<?> bad = Job.of(type, (payload, context) -> {}).retry(Retry.none());
    Bench bench = Bench.opened(clock, memory, "node", bad);
    byte[] bytes = "{\"text\":\"boom\"}".getBytes(StandardCharsets.UTF_8);
    var trigger = Given.oneTime("bad", null, Due.now(), bytes);
    bench.store.triggers().enqueue(List.of(trigger));
    turn(bench);

    var end = bench.store.history().of(trigger.id()).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.payload()).as("never lost").isEqualTo(bytes);
    assertFree(bench);
  }

  private TriggerRecord standing(Bench bench, String job) {
    return bench.store.triggers().find(job, TriggerKind.STANDING_KEY).orElseThrow();
  }

  /** Fires once, and then as the test says. */
  private static Schedule onceThen(Schedule rest) {
    return new Schedule() {
      @Override
      public Optional<Instant> first(Instant now) {
        return Optional.of(now);
      }

      @Override
      public Optional<Instant> next(Instant fireTime) {
        return rest.next(fireTime);
      }

      @Override
      public String toString() {
        return "a schedule of the test's";
      }
    };
  }

  static List<Schedule> broken() {
    return List.of(
        onceThen(
            from -> {
              throw new IllegalStateException("the schedule threw");
            }),
        onceThen(
            from -> {
              throw new StackOverflowError();
            }),
        onceThen(from -> Optional.of(from)),
        onceThen(from -> Optional.of(from.minusSeconds(60))));
  }

  /** Giving it back would bring it back at once, for ever. */
  @ParameterizedTest
  @MethodSource("broken")
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aBrokenSchedulePausesItsTrigger(Schedule schedule) {
    Bench bench =
        Bench.opened(clock, memory, "node", Job.recurring("bad", schedule, context -> {}));
    clock.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      turn(bench);
    }
    TriggerRecord row = standing(bench, "bad");
    assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(requireNonNull(row.reason())).contains("Its schedule");
    assertThat(bench.history(row.id())).hasSize(1);
    assertFree(bench);
  }

  @Test
  void ofTheFiresThatWereMissedTheLatestIsRunOnce() {
    List<Instant> fires = new ArrayList<>();
    Job<?> job =
        Job.recurring(
            "job",
            Schedules.every(Duration.ofSeconds(1)),
            context -> fires.add(context.fireTime()));
    Bench bench = Bench.opened(clock, memory, "node", job);
    turn(bench);
    clock.pass(Duration.ofDays(3).plusMillis(500));
    bench.heart.turn();
    turn(bench);
    turn(bench);

    Instant latest = HandClock.NOON.plus(Duration.ofDays(3));
    assertThat(fires).containsExactly(HandClock.NOON, latest);
    assertThat(standing(bench, "job").fireTime()).isEqualTo(latest.plusSeconds(1));
  }

  @Test
  void aClaimThatIsLostBeforeItsFireTimeIsSetDoesNotRun() {
    List<Instant> fires = new ArrayList<>();
    Job<?> job =
        Job.recurring(
            "job",
            Schedules.every(Duration.ofSeconds(1)),
            context -> fires.add(context.fireTime()));
    Bench bench = Bench.opened(clock, memory, "node", job);
    clock.pass(Duration.ofMinutes(3));
    bench.heart.turn();
    bench.poller.turn();
    Run run = bench.holdings.all().iterator().next();
    bench.store.claims().complete(List.of(Verdict.unstarted(run)));
    bench.work();
    bench.completer.turn();

    assertThat(fires).isEmpty();
    assertThat(bench.counters.fenced.sum()).isEqualTo(1);
    assertFree(bench);
  }

  @Test
  void aRetryOfAStandingTriggerStaysWithItsFire() {
    List<Instant> fires = new ArrayList<>();
    Job<?> job =
        Job.recurring(
                "job",
                Schedules.every(Duration.ofSeconds(1)),
                context -> {
                  fires.add(context.fireTime());
                  throw new IllegalStateException("attempt " + context.attempt());
                })
            .retry(Retry.fixed(Duration.ofSeconds(10)).maxAttempts(2));
    Bench bench = Bench.opened(clock, memory, "node", job);
    turn(bench);
    clock.pass(Duration.ofSeconds(10));
    turn(bench);
    assertThat(fires).containsExactly(HandClock.NOON, HandClock.NOON);
    assertThat(standing(bench, "job").fireTime())
        .as("the latest of the fires that passed in the meantime")
        .isEqualTo(HandClock.NOON.plusSeconds(10));
    assertThat(standing(bench, "job").missed()).isEqualTo(9);
  }

  @Test
  void logLinesOfAHandlerCarryItsWordsAndNoLineAfterItDoes() {
    List<String> words = new ArrayList<>();
    Handler.WithoutPayload handler = context -> words.addAll(MDC.getCopyOfContextMap().keySet());
    Bench bench = Bench.opened(clock, memory, "node", Job.of(JobType.of("job"), handler));
    var trigger = Given.oneTime("job", "key", Due.now(), new byte[0]);
    bench.store.triggers().enqueue(List.of(trigger));
    turn(bench);
    assertThat(words).containsExactlyInAnyOrder("job", "jobKey", "triggerId", "attempt");
    assertThat(MDC.get("job")).isNull();
  }

  @Test
  void aHandlerThatLeavesItsThreadInterruptedHarmsNoOther() {
    List<Boolean> interrupted = new ArrayList<>();
    Handler.WithoutPayload handler =
        (JobContext context) -> {
          interrupted.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
        };
    Bench bench = Bench.opened(clock, memory, "node", Job.of(JobType.of("job"), handler));
    bench.enqueue("job", 3);
    turn(bench);
    assertThat(interrupted).containsExactly(false, false, false);
    assertThat(Thread.interrupted()).isFalse();
    assertFree(bench);
  }

  @Test
  void headersThatCannotBeReadAreTold() {
    List<Map<String, String>> seen = new ArrayList<>();
    Job<?> job = Job.of(JobType.of("job"), context -> seen.add(context.headers()));
    Bench bench = Bench.opened(clock, memory, "node", job);
    NewTrigger odd =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.ONE_TIME,
            "job",
            null,
            NewTrigger.Placement.OF_JOB,
            Due.now(),
            null,
            new byte[0],
            "secret=%zz",
            OnConflict.KEEP);
    memory.triggers().enqueue(List.of(odd));
    try (LogProbe log = LogProbe.of(Runner.class)) {
      turn(bench);

      assertThat(seen).containsExactly(Map.of());
      assertThat(bench.history(odd.id())).containsExactly(Outcome.SUCCEEDED);
      assertThat(log.from(Level.WARN))
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("The headers of job \"job\"", odd.id().toString())
          .doesNotContain("secret");
    }
  }
}
