package dev.escapement.examples.quickstart;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is known when all is over, from two sides that know nothing of each other: the ledger, which
 * the handlers wrote, and the history, which the scheduler wrote.
 */
final class Evidence {

  private final List<Run> runs;
  private final List<ExecutionRecord> history;
  private final Orders orders;
  private final Optional<Kill> kill;
  private final Instant end;
  private final Map<TriggerId, List<Run>> runsOfTrigger;
  private final Map<TriggerId, List<ExecutionRecord>> lost;
  private final Map<Claimed, ExecutionRecord> executions = new HashMap<>();

  /** What a run and an execution have in common. */
  private record Claimed(TriggerId trigger, long version) {}

  /**
   * @param runs the ledger
   * @param history the scheduler's own account
   * @param orders what was enqueued
   * @param kill who was killed, if it came to that
   * @param end the store's clock when the replicas were asked to stop
   */
  Evidence(
      List<Run> runs,
      List<ExecutionRecord> history,
      Orders orders,
      Optional<Kill> kill,
      Instant end) {
    this.runs = List.copyOf(runs);
    this.history = List.copyOf(history);
    this.orders = orders;
    this.kill = kill;
    this.end = end;
    this.runsOfTrigger = runs.stream().collect(Collectors.groupingBy(Run::trigger));
    this.lost =
        history.stream()
            .filter(execution -> execution.outcome() == Outcome.LOST)
            .collect(Collectors.groupingBy(execution -> execution.key().trigger()));
    for (ExecutionRecord execution : history) {
      executions.put(new Claimed(execution.key().trigger(), execution.key().version()), execution);
    }
  }

  List<Run> runs() {
    return runs;
  }

  List<ExecutionRecord> history() {
    return history;
  }

  Orders orders() {
    return orders;
  }

  Optional<Kill> kill() {
    return kill;
  }

  Instant end() {
    return end;
  }

  List<Run> runsOf(String job) {
    return runs.stream().filter(run -> run.job().equals(job)).toList();
  }

  List<Run> runsOf(TriggerId trigger) {
    return runsOfTrigger.getOrDefault(trigger, List.of());
  }

  /** The runs of a recurring job by fire time, in order. */
  SortedMap<Instant, List<Run>> fires(String job) {
    return runsOf(job).stream()
        .collect(Collectors.groupingBy(Run::fireTime, TreeMap::new, Collectors.toList()));
  }

  /** What the history says about a run. */
  Optional<ExecutionRecord> execution(Run run) {
    return Optional.ofNullable(executions.get(new Claimed(run.trigger(), run.token())));
  }

  boolean ranOnVictim(Run run) {
    return kill.filter(victim -> victim.replica().equals(run.replica())).isPresent();
  }

  /**
   * Whether the run's replica was killed before the run was durably over. The only reason for which
   * a fire may be run once more.
   */
  boolean killed(Run run) {
    return ranOnVictim(run)
        && execution(run).filter(ended -> ended.outcome() == Outcome.LOST).isPresent();
  }

  /** Whether an earlier attempt at the same fire was lost with its replica, begun or not. */
  boolean tookOver(Run run) {
    return lost.getOrDefault(run.trigger(), List.of()).stream()
        .filter(execution -> execution.fireTime().equals(run.fireTime()))
        .anyMatch(execution -> execution.key().version() < run.token());
  }

  /** The almanac's first run on a replica that lives. */
  Optional<Run> takeover() {
    return runsOf(orders.almanac()).stream().filter(this::tookOver).findFirst();
  }

  /** From the kill to the new start. */
  Optional<Duration> takeoverTook() {
    return kill.flatMap(
        victim -> takeover().map(run -> Duration.between(victim.at(), run.recordedAt())));
  }
}
