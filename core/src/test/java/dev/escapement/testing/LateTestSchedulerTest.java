package dev.escapement.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.SchedulerClient;
import dev.escapement.schedule.Schedules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A test scheduler in the hands of a framework. */
class LateTestSchedulerTest {

  private static final JobType<String> NOTE = JobType.of("note", String.class);

  @Test
  void aLateOneIsBuiltWhenItIsUsedAndKnowsThoseWhoHoldIt() {
    List<String> seen = new ArrayList<>();
    AtomicInteger built = new AtomicInteger();
    TestScheduler[] self = new TestScheduler[1];
    TestScheduler late =
        TestScheduler.late(
            () -> {
              built.incrementAndGet();
              SchedulerClient holder = self[0];
              return TestScheduler.builder()
                  .jobs(
                      Job.of(
                          NOTE,
                          (text, context) -> {
                            seen.add(
                                text
                                    + " "
                                    + holder.triggers().find(context.triggerId()).isPresent());
                          }));
            });
    self[0] = late;
    Clock clock = late.clock();
    assertThat(built).hasValue(0);

    late.enqueue(NOTE, "a");
    late.runDue();

    assertThat(seen).containsExactly("a true");
    assertThat(built).hasValue(1);
    assertThat(clock.instant()).isEqualTo(late.now());
  }

  @Test
  void aResetForgetsEverything() {
    TestScheduler one = TestScheduler.of(Job.of(NOTE, (text, context) -> {}));
    Clock clock = one.clock();
    Instant first = clock.instant();
    one.failNext(NOTE, new IllegalStateException("planned"));
    one.schedule(NOTE, "later", Duration.ofDays(2));
    one.advance(Duration.ofDays(1));

    one.reset();

    assertThat(clock.instant()).isEqualTo(first);
    one.assertNothingEnqueued();
    one.enqueue(NOTE, "again");
    assertThat(one.runDue()).extracting(Execution::outcome).containsExactly(Outcome.SUCCEEDED);
    assertThat(one.executed(NOTE)).hasSize(1);
  }

  @Test
  void whatARolledBackTransactionEnqueuedIsTakenBackUnlessItRan() {
    List<Runnable> undos = new ArrayList<>();
    TestScheduler scheduler =
        TestScheduler.builder()
            .jobs(
                Job.of(NOTE, (text, context) -> {}),
                Job.recurring("hourly", Schedules.every(Duration.ofHours(1)), context -> {}))
            .rollbacks(undos::add)
            .build();
    assertThat(undos).isEmpty();

    scheduler.enqueue(NOTE, "ran");
    scheduler.runDue();
    scheduler.enqueue(NOTE, "waits");
    scheduler.recurring(NOTE.with("own").key("k"), Schedules.every(Duration.ofDays(1)));
    undos.forEach(Runnable::run);

    scheduler.assertNothingEnqueued();
    assertThat(scheduler.triggers().find("note", "k")).isEmpty();
    assertThat(scheduler.executed(NOTE)).hasSize(1);
    assertThat(scheduler.advance(Duration.ofHours(1))).isNotEmpty();
  }
}
