package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Request;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has begun, was paused or called off, and goes on much later, by a clock that is turned. */
class BegunTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final List<String> seen = new ArrayList<>();

  private Bench node(Job<?> job) {
    return Bench.opened(clock, memory, "node", job);
  }

  private static void run(Bench node) {
    node.poller.turn();
    node.work();
    node.completer.turn();
  }

  private TriggerRecord standing() {
    return memory.triggers().find("job", TriggerKind.STANDING_KEY).orElseThrow();
  }

  @Test
  void aFireThatWasPausedInTheMiddleIsNeitherMissedNorSkippedWhenItIsResumed() {
    for (Misfire misfire : List.of(Misfire.skip(), Misfire.fireOnce())) {
      seen.clear();
      MemoryStore store = new MemoryStore(clock);
      Bench node =
          Bench.opened(
              clock, store, "node", working(store, Schedules.every(HOUR)).misfire(misfire));
      Instant fire = clock.instant();
      run(node);
      TriggerId id = store.triggers().find("job", TriggerKind.STANDING_KEY).orElseThrow().id();
      clock.pass(HOUR.multipliedBy(3));
      store.requests().put(List.of(id), new Request.Resume());
      node.heart.turn();
      run(node);

      assertThat(seen).containsExactly(fire + " -", fire + " half");
      assertThat(node.history(id)).containsExactly(Outcome.YIELDED, Outcome.SUCCEEDED);
    }
  }

  /** Leaves a checkpoint at its first call, and says what it finds at each. */
  private Job<Void> working(MemoryStore store, Schedule schedule) {
    return Job.recurring(
        "job",
        schedule,
        context -> {
          seen.add(context.fireTime() + " " + context.checkpoint(String.class).orElse("-"));
          if (seen.size() == 1) {
            store.requests().put(List.of(context.triggerId()), new Request.Pause());
            context.checkpoint("half");
          }
        });
  }

  @Test
  void whatWasPausedInTheMiddleIsNotTooLateWhenItIsResumed() {
    Bench node =
        node(
            Job.of(
                    JobType.of("job"),
                    context -> {
                      seen.add(context.checkpoint(String.class).orElse("-"));
                      if (seen.size() == 1) {
                        memory.requests().put(List.of(context.triggerId()), new Request.Pause());
                        context.checkpoint("half");
                      }
                    })
                .maxLateness(Duration.ofMinutes(1)));
    TriggerId id = node.enqueue("job");
    run(node);
    clock.pass(HOUR);
    memory.requests().put(List.of(id), new Request.Resume());
    node.heart.turn();
    run(node);

    assertThat(seen).containsExactly("-", "half");
    assertThat(node.history(id)).containsExactly(Outcome.YIELDED, Outcome.SUCCEEDED);
  }

  @Test
  void whatMayHaveBegunIsGivenBackWhileTheStoreDoesNotSay() {
    Bench node =
        node(
            Job.of(JobType.of("job"), context -> seen.add("run"))
                .maxLateness(Duration.ofMinutes(1)));
    TriggerId id = node.enqueue("job");
    clock.pass(HOUR);
    node.heart.turn();
    node.store.withoutCheckpoints = true;
    run(node);

    assertThat(seen).isEmpty();
    assertThat(node.history(id)).containsExactly(Outcome.RELEASED);
    assertThat(node.row(id).state()).isEqualTo(TriggerState.SCHEDULED);
  }

  @Test
  void whatWasReleasedAfterALongTimeIsNotTooLateForTheNextNode() {
    Bench node =
        node(
            Job.of(
                    JobType.of("job"),
                    context -> {
                      seen.add("run");
                      if (seen.size() == 1) {
                        clock.pass(HOUR);
                        context.snooze(Duration.ZERO);
                      }
                    })
                .maxLateness(Duration.ofMinutes(1))
                .retry(Retry.none()));
    TriggerId id = node.enqueue("job");
    run(node);
    node.heart.turn();
    run(node);

    assertThat(node.history(id)).containsExactly(Outcome.YIELDED, Outcome.SUCCEEDED);
  }

  @Test
  void theFiresAfterOneThatWasCalledOffAreMissedAndNotForgotten() {
    Bench node = node(Job.recurring("job", Schedules.every(HOUR), context -> seen.add("run")));
    run(node);
    TriggerRecord waiting = standing();
    memory.requests().put(List.of(waiting.id()), new Request.Cancel());
    clock.pass(HOUR.multipliedBy(5));
    node.heart.turn();
    node.declarations.tend();

    assertThat(standing().fireTime()).isEqualTo(HandClock.NOON.plus(HOUR.multipliedBy(2)));
    run(node);
    assertThat(seen).hasSize(2);
    assertThat(node.counters.missed.sum()).isPositive();
  }

  @Test
  void aJobWhoseScheduleIsSwitchedOffIsRunNowAllTheSame() {
    Bench node = node(Job.recurring("job", Schedules.fixedDelay(HOUR), context -> seen.add("run")));
    run(node);
    memory.jobs().override("job", Schedules.disabled().identity());
    node.declarations.refresh();
    assertThat(standing().due()).isNull();

    memory.requests().put(List.of(standing().id()), new Request.RunNow());
    run(node);

    assertThat(seen).hasSize(2);
    assertThat(node.history(standing().id())).containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
    assertThat(standing().due()).as("and it stays switched off").isNull();
  }
}
