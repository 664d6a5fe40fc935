package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/**
 * An ended attempt, or the end of a trigger that nobody had claimed.
 *
 * @param id its identity; tells which trigger, and when it was claimed
 * @param job the job's name
 * @param key the trigger's key, if it had one
 * @param recurring whether it was a fire of a schedule's standing trigger
 * @param attempt which attempt it was, from 1; 0 if nobody had claimed it
 * @param fireTime what the schedule said, or the due it was enqueued with
 * @param missedFires how many fires right before that one were not run
 * @param due when it was due
 * @param startedAt when the handler was called; empty if it never was
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param node the name of the node that ran it; empty if nobody did, or nobody knows any more
 * @param failure why it failed, if it did
 * @param payload what was enqueued, if it was kept: the last attempt of what FAILED keeps it
 * @param result what the handler returned, if anything
 */
public record Execution(
    ExecutionId id,
    String job,
    Optional<String> key,
    boolean recurring,
    int attempt,
    Instant fireTime,
    long missedFires,
    Instant due,
    Optional<Instant> startedAt,
    Instant endedAt,
    Outcome outcome,
    String node,
    Optional<Failure> failure,
    Optional<WrittenValue> payload,
    Optional<WrittenValue> result) {

  /** Which trigger. */
  public TriggerId trigger() {
    return id.trigger();
  }
}
