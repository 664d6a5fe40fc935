package dev.escapement.examples.quickstart;

import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a crontab's lines are promised, each as the list of what speaks against it. */
final class CrontabPromises {

  private final CrontabEvidence evidence;

  private CrontabPromises(CrontabEvidence evidence) {
    this.evidence = evidence;
  }

  static Verdict judge(CrontabEvidence evidence) {
    CrontabPromises promises = new CrontabPromises(evidence);
    return new Verdict(
        List.of(
            new Verdict.Check("Each line became one recurring trigger", promises.installed()),
            new Verdict.Check("Each fire in the window ran exactly once", promises.firedOnce()),
            new Verdict.Check(
                "No fire ran twice, in the window or out of it", promises.firedTwice()),
            new Verdict.Check("Nothing ran at a time that its line doesn't say", promises.said()),
            new Verdict.Check("Nothing ran before it was due", promises.neverEarly()),
            new Verdict.Check("The history agrees with the ledger", promises.historyAgrees())));
  }

  private List<String> installed() {
    return evidence.crontab().lines().stream()
        .filter(line -> !evidence.triggers().containsValue(line))
        .map(line -> "line " + line.line().number() + " has no trigger")
        .toList();
  }

  private List<String> firedOnce() {
    List<String> faults = new ArrayList<>();
    for (CrontabEvidence.Fire fire : evidence.fires()) {
      List<Run> runs = evidence.runsOf(fire);
      boolean passedOver = runs.isEmpty() && evidence.cameDuringARun(fire);
      if (runs.size() != 1 && !passedOver) {
        faults.add(
            "line "
                + fire.line().line().number()
                + " ran "
                + runs.size()
                + " times for "
                + fire.time()
                + lines(runs));
      }
    }
    return faults;
  }

  /** Also outside the window, where a fire may have run or not. */
  private List<String> firedTwice() {
    record Fired(TriggerId trigger, Instant time) {}
    Set<Fired> seen = new HashSet<>();
    return evidence.lineRuns().stream()
        .filter(run -> !seen.add(new Fired(run.trigger(), run.fireTime())))
        .map(run -> "fired once more: " + run)
        .toList();
  }

  private static String lines(List<Run> runs) {
    return runs.stream().map(run -> "\n" + run).collect(Collectors.joining());
  }

  private List<String> said() {
    List<String> faults = new ArrayList<>();
    for (Run run : evidence.lineRuns()) {
      CrontabLine line = evidence.triggers().get(run.trigger());
      if (line == null) {
        faults.add("no line has the trigger of " + run);
      } else if (!fires(line, run.fireTime())) {
        faults.add("line " + line.line().number() + " doesn't say " + run);
      }
    }
    return faults;
  }

  private static boolean fires(CrontabLine line, Instant time) {
    return line.schedule().next(time.minusNanos(1)).equals(Optional.of(time));
  }

  private List<String> neverEarly() {
    return evidence.runs().stream()
        .filter(run -> run.recordedAt().isBefore(run.due()))
        .map(run -> "early: " + run)
        .toList();
  }

  private List<String> historyAgrees() {
    List<String> faults = new ArrayList<>();
    for (Run run : evidence.runs()) {
      Optional<ExecutionRecord> execution = evidence.execution(run);
      if (execution.filter(ended -> agree(run, ended)).isEmpty()) {
        faults.add(
            "the ledger has " + run + "; the history has " + execution.map(Object::toString));
      }
    }
    long ran =
        evidence.history().stream().filter(execution -> execution.startedAt() != null).count();
    if (ran != evidence.runs().size()) {
      faults.add("the ledger has " + evidence.runs().size() + " runs, the history has " + ran);
    }
    return faults;
  }

  private static boolean agree(Run run, ExecutionRecord execution) {
    boolean ended =
        switch (execution.outcome()) {
          case SUCCEEDED -> run.succeeded();
          // What is interrupted at the end is given back.
          case FAILED, RELEASED -> run.failed();
          default -> false;
        };
    return ended && execution.fireTime().equals(run.fireTime());
  }
}
