package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All accounts of a run, read when everything had come to rest.
 *
 * @param runs the ledger
 * @param marks the ledger, on checkpoints
 * @param moves the witness, in the order of {@link Move#seq}
 * @param history the library's executions
 * @param left the triggers that are still there
 * @param nodes the replica of each session
 * @param effects what transactional jobs wrote
 * @param asked what was enqueued, and what nobody knows of
 * @param troubles what was done to whom
 * @param schedules the period of each job that recurs
 * @param standard what all replicas were told
 * @param rest when all had come to rest; then they were stopped
 * @param surprises what replicas did that nobody had asked for
 */
record Books(
    List<Run> runs,
    List<Mark> marks,
    List<Move> moves,
    List<Entry> history,
    List<Left> left,
    Map<UUID, String> nodes,
    List<Effect> effects,
    List<Asked> asked,
    List<Trouble> troubles,
    Map<String, Duration> schedules,
    ReplicaSettings standard,
    Instant rest,
    List<String> surprises) {

  /** A claim that so many nodes have died with is the last one of its trigger. */
  boolean isQuarantine(Entry entry) {
    return entry.outcome() == Outcome.FAILED && "quarantined".equals(entry.failure());
  }

  /**
   * A trigger that is still there.
   *
   * @param fireTime the fire that comes next
   * @param missed how many fires right before that one were not run
   */
  record Left(
      UUID id,
      String job,
      boolean standing,
      int state,
      long version,
      Instant fireTime,
      long missed) {}
}
