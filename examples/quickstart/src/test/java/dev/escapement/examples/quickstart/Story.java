package dev.escapement.examples.quickstart;

import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Six seconds that might have been, for the verdict to judge: all is well, and r2 was killed after
 * two and a half. Times are milliseconds since the start.
 */
final class Story {

  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final SessionId SESSION = SessionId.next();

  final TriggerId sunOverhead = TriggerId.next();
  final TriggerId progress = TriggerId.next();
  final TriggerId sunTimes = TriggerId.next();
  final TriggerId flaky = TriggerId.next();
  final TriggerId almanac = TriggerId.next();

  final List<Run> runs = new ArrayList<>();
  final List<ExecutionRecord> history = new ArrayList<>();

  Story() {
    for (int second = 0; second < 6; second++) {
      happens(fire(sunOverhead, Jobs.SUN_OVERHEAD, second), "r1", Outcome.SUCCEEDED);
      happens(fire(progress, Jobs.PROGRESS, second), "r3", Outcome.SUCCEEDED);
    }
    happens(new Act(flaky, "flaky", 1, 1, 0, 0), "r1", Outcome.FAILED);
    happens(new Act(flaky, "flaky", 2, 3, 0, 300), "r2", Outcome.FAILED);
    happens(new Act(flaky, "flaky", 3, 5, 0, 900), "r3", Outcome.SUCCEEDED);
    happens(new Act(sunTimes, "sun-times", 1, 1, 1_500, 1_500), "r3", Outcome.SUCCEEDED);
    happens(new Act(almanac, "almanac", 1, 1, 1_000, 1_000), "r2", Outcome.LOST);
    happens(new Act(almanac, "almanac", 2, 3, 1_000, 5_200), "r1", Outcome.SUCCEEDED);
  }

  /** One attempt; {@code missed} fires right before its own weren't run. */
  record Act(
      TriggerId trigger, String job, int attempt, long token, int missed, int fireTime, int due) {

    Act(TriggerId trigger, String job, int attempt, long token, int fireTime, int due) {
      this(trigger, job, attempt, token, 0, fireTime, due);
    }
  }

  static Act fire(TriggerId trigger, String job, int second) {
    return new Act(trigger, job, 1, 1 + 2L * second, 1_000 * second, 1_000 * second);
  }

  /** Both accounts tell of it. */
  void happens(Act act, String replica, Outcome outcome) {
    runs.add(run(act, replica, outcome));
    history.add(execution(act, outcome));
  }

  Run run(Act act, String replica, Outcome outcome) {
    Instant started = at(act.due() + 4);
    return new Run(
        runs.size() + 1L,
        replica,
        new Run.Attempt(
            act.trigger(),
            act.job(),
            act.attempt(),
            act.token(),
            new Run.Times(at(act.fireTime()), at(act.due()), started)),
        started,
        outcome == Outcome.LOST ? null : started,
        outcome == Outcome.SUCCEEDED ? "done" : null,
        outcome == Outcome.FAILED ? "no" : null);
  }

  ExecutionRecord execution(Act act, Outcome outcome) {
    Instant started = at(act.due() + 4);
    return new ExecutionRecord(
        new ExecutionId(started, act.trigger(), act.token()),
        SESSION,
        "node",
        TriggerKind.ONE_TIME,
        act.job(),
        null,
        act.attempt(),
        at(act.fireTime()),
        act.missed(),
        at(act.due()),
        started,
        started,
        outcome,
        outcome == Outcome.FAILED ? Failure.because("no", "no") : null,
        null,
        null);
  }

  /** As if a fire had never been. */
  void forget(TriggerId trigger, int fireTime) {
    runs.removeIf(run -> run.trigger().equals(trigger) && run.fireTime().equals(at(fireTime)));
    history.removeIf(
        execution ->
            execution.key().trigger().equals(trigger) && execution.fireTime().equals(at(fireTime)));
  }

  Verdict verdict() {
    Orders orders =
        new Orders(
            Map.of(sunTimes, "done", flaky, "done", almanac, "done"), Set.of(), flaky, almanac);
    Kill kill = new Kill("r2", at(2_500));
    return Verdict.on(new Evidence(runs, history, orders, Optional.of(kill), at(6_000)));
  }

  static Instant at(int millis) {
    return START.plus(Duration.ofMillis(millis));
  }
}
