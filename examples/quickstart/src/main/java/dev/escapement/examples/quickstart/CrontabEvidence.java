package dev.escapement.examples.quickstart;

import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known when the crontab's time is over: what the lines say, what the handlers noted, and
 * what the scheduler noted.
 *
 * @param crontab the lines
 * @param triggers which line each trigger stands for
 * @param runs the ledger
 * @param history the scheduler's own account
 * @param window when each fire must have been fired
 */
record CrontabEvidence(
    Crontab crontab,
    Map<TriggerId, CrontabLine> triggers,
    List<Run> runs,
    List<ExecutionRecord> history,
    CrontabWindow window) {

  /** A time at which a line is to run. */
  record Fire(CrontabLine line, Instant time) {}

  /** All that fall into the window, by the lines' own schedules. */
  List<Fire> fires() {
    List<Fire> fires = new ArrayList<>();
    for (CrontabLine line : crontab.lines()) {
      window.fires(line.schedule()).forEach(time -> fires.add(new Fire(line, time)));
    }
    fires.sort(Comparator.comparing(Fire::time));
    return fires;
  }

  List<Run> runsOf(Fire fire) {
    return runsOf(fire.line()).stream().filter(run -> run.fireTime().equals(fire.time())).toList();
  }

  private List<Run> runsOf(CrontabLine line) {
    return lineRuns().stream().filter(run -> line.equals(triggers.get(run.trigger()))).toList();
  }

  /** All runs of lines. */
  List<Run> lineRuns() {
    return runs.stream().filter(run -> run.job().equals(CrontabJobs.RUN_LINE.name())).toList();
  }

  /** Whether an earlier fire of the line still ran, so that this one waited or was passed over. */
  boolean cameDuringARun(Fire fire) {
    return runsOf(fire.line()).stream()
        .filter(run -> run.fireTime().isBefore(fire.time()))
        .anyMatch(run -> run.endedAt() == null || !run.endedAt().isBefore(fire.time()));
  }

  /** What the history says about a run. */
  Optional<ExecutionRecord> execution(Run run) {
    return history.stream()
        .filter(execution -> execution.key().trigger().equals(run.trigger()))
        .filter(execution -> execution.key().version() == run.token())
        .findFirst();
  }
}
