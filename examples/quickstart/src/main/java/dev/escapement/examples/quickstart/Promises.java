package dev.escapement.examples.quickstart;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the scheduler promises, each as the list of what speaks against it. A fire that runs twice
 * is forgiven in one case: the first run was on the replica that was killed, and the history says
 * that it was LOST.
 */
final class Promises {

  /** From the death of a replica to the new start of what it ran, as the protocol says. */
  static final Duration TAKEOVER = Replica.HEARTBEAT.plus(Replica.LEASE).plus(Replica.HEARTBEAT);

  /** What one poll and a busy machine may add to that. */
  static final Duration SLACK = Duration.ofSeconds(2);

  private static final List<String> RECURRING = List.of(Jobs.SUN_OVERHEAD, Jobs.PROGRESS);

  /** Of each recurring job. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private static final Set<Outcome> RAN =
      EnumSet.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.TIMED_OUT);

  private final Evidence evidence;

  Promises(Evidence evidence) {
    this.evidence = evidence;
  }

  List<String> tokensGrow() {
    List<String> faults = new ArrayList<>();
    Map<TriggerId, Run> latest = new HashMap<>();
    for (Run run : evidence.runs()) {
      Run before = latest.put(run.trigger(), run);
      if (before != null && before.token() >= run.token()) {
        faults.add(before + " was followed by " + run);
      }
    }
    return faults;
  }

  List<String> firedByOne() {
    List<String> faults = new ArrayList<>();
    for (String job : RECURRING) {
      evidence
          .fires(job)
          .forEach(
              (fireTime, runs) -> {
                List<Run> valid = runs.stream().filter(run -> !evidence.killed(run)).toList();
                if (valid.size() != 1) {
                  faults.add(
                      job + " " + fireTime + " was fired " + valid.size() + " times" + lines(runs));
                }
              });
    }
    return faults;
  }

  /**
   * A fixed rate says what must have been fired: after each fire the one a period later. If several
   * had passed when somebody was free, the latest was run in their stead, and the history says with
   * it how many weren't. And both jobs fired to the end.
   */
  List<String> noneSkipped() {
    List<String> faults = new ArrayList<>();
    Instant previous = null;
    for (Map.Entry<Instant, Long> fire : missedBefore(Jobs.SUN_OVERHEAD).entrySet()) {
      Duration accounted = PERIOD.multipliedBy(1 + fire.getValue());
      if (previous != null && fire.getKey().isAfter(previous.plus(accounted))) {
        faults.add(
            "%s: after %s came %s, and %d fires between them are said to have been missed"
                .formatted(Jobs.SUN_OVERHEAD, previous, fire.getKey(), fire.getValue()));
      }
      previous = fire.getKey();
    }
    for (String job : RECURRING) {
      if (evidence.runsOf(job).stream().map(Run::recordedAt).noneMatch(this::nearTheEnd)) {
        faults.add(job + " wasn't fired any more near the end, " + evidence.end());
      }
    }
    return faults;
  }

  /**
   * How many fires were missed right before each fire, by the history: it knows also the fires that
   * died unstarted.
   */
  private SortedMap<Instant, Long> missedBefore(String job) {
    return evidence.history().stream()
        .filter(execution -> execution.job().equals(job))
        .collect(
            Collectors.toMap(
                ExecutionRecord::fireTime, ExecutionRecord::missed, Math::max, TreeMap::new));
  }

  private boolean nearTheEnd(Instant instant) {
    return !instant.isBefore(evidence.end().minus(PERIOD).minus(SLACK));
  }

  List<String> neverEarly() {
    return evidence.runs().stream()
        .filter(run -> run.recordedAt().isBefore(run.due()))
        .map(run -> "early: " + run)
        .toList();
  }

  List<String> doneOnce() {
    List<String> faults = new ArrayList<>();
    evidence
        .orders()
        .results()
        .forEach(
            (trigger, result) -> {
              List<Run> done =
                  evidence.runsOf(trigger).stream()
                      .filter(run -> run.succeeded() && !evidence.killed(run))
                      .toList();
              if (done.size() != 1) {
                faults.add(
                    trigger
                        + " was done "
                        + done.size()
                        + " times"
                        + lines(evidence.runsOf(trigger)));
              } else if (!result.equals(done.get(0).result())) {
                faults.add("not \"" + result + "\": " + done.get(0));
              }
            });
    return faults;
  }

  List<String> retried() {
    List<Run> runs = evidence.runsOf(evidence.orders().flaky());
    List<Integer> attempts = runs.stream().map(run -> run.attempt().number()).toList();
    List<Boolean> failed = runs.stream().map(Run::failed).toList();
    return attempts.equals(List.of(1, 2, 3)) && failed.equals(List.of(true, true, false))
        ? List.of()
        : List.of("it went otherwise" + lines(runs));
  }

  List<String> takenOver() {
    Optional<Run> takeover = evidence.takeover();
    if (takeover.isEmpty()) {
      return List.of("it didn't" + lines(evidence.runsOf(evidence.orders().almanac())));
    }
    List<String> faults = new ArrayList<>();
    Duration took = evidence.takeoverTook().orElseThrow();
    if (took.compareTo(TAKEOVER.plus(SLACK)) > 0) {
      faults.add("it took " + took + ", not " + TAKEOVER + " and at most " + SLACK + " more");
    }
    if (took.isNegative() || evidence.ranOnVictim(takeover.get())) {
      faults.add("the killed replica ran it: " + takeover.get());
    }
    return faults;
  }

  List<String> historyAgrees() {
    List<String> faults = new ArrayList<>();
    Set<ExecutionRecord> matched = new HashSet<>();
    for (Run run : evidence.runs()) {
      Optional<ExecutionRecord> execution = evidence.execution(run);
      execution.ifPresent(matched::add);
      if (execution.filter(ended -> agree(run, ended)).isEmpty()) {
        faults.add(
            "the ledger has " + run + "; the history has " + execution.map(Object::toString));
      }
    }
    evidence.history().stream()
        .filter(execution -> RAN.contains(execution.outcome()) && !matched.contains(execution))
        .forEach(execution -> faults.add("the ledger doesn't know " + execution));
    return faults;
  }

  private boolean agree(Run run, ExecutionRecord execution) {
    return execution.job().equals(run.job())
        && execution.attempt() == run.attempt().number()
        && execution.fireTime().equals(run.fireTime())
        && execution.due().equals(run.due())
        && switch (execution.outcome()) {
          case SUCCEEDED -> run.succeeded();
          case FAILED -> run.failed();
          case LOST -> evidence.ranOnVictim(run);
          default -> false;
        };
  }

  private static String lines(List<Run> runs) {
    return runs.stream().map(run -> "\n" + run).collect(Collectors.joining());
  }
}
