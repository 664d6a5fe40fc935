package dev.escapement;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The live triggers, and what people decide about them, from any node and whichever node runs them.
 *
 * <p>A trigger that waits is changed at once. For one that runs the wish is written down, its node
 * hears of it within about a second, and whatever ends the run honours it: so a run that succeeds
 * has succeeded, whatever was wished meanwhile. Thread-safe; each method throws a {@link
 * dev.escapement.store.StoreException} if the store fails.
 */
public interface TriggerOperations {

  /** A live trigger; empty once it has ended. */
  Optional<TriggerStatus> find(TriggerId id);

  /** The live trigger of a job with that key. */
  Optional<TriggerStatus> find(String job, String key);

  /** The standing trigger of a job that recurs by its declaration. */
  Optional<TriggerStatus> findStanding(String job);

  /** How far its present or latest run has come, if it says so. */
  Optional<Progress> progress(TriggerId id);

  /**
   * Calls a trigger off: it ends CANCELLED. A run is asked to end: {@link JobContext#isCancelled()}
   * becomes true and its thread is interrupted. What it has done it has done; one that succeeds
   * before it hears of it has SUCCEEDED, one that returns afterwards is CANCELLED. Of a recurring
   * trigger only the present fire is called off.
   *
   * @throws InvalidRequestException if it recurs and waits for no fire
   */
  Control cancel(TriggerId id);

  /**
   * Takes a trigger out of service until {@link #resume}. A run goes on to its next checkpoint
   * ({@link JobContext#checkpoint(Object)}), or to its end; if it succeeds, it has SUCCEEDED.
   */
  Control pause(TriggerId id);

  /**
   * Puts a PAUSED trigger back in service, with its attempts forgotten; also one that was
   * quarantined because its nodes died too often while they ran it. Takes a pause back that a run
   * hasn't honoured yet.
   *
   * @throws IllegalTransitionException if it isn't paused
   */
  Control resume(TriggerId id);

  /**
   * Runs a trigger now. A recurring one fires now, apart from its schedule, which goes on as before
   * (a fixed rate counts on from now); if a fire of it waits for its retry, that is retried now.
   * One that runs, runs once more when it has ended.
   *
   * @throws IllegalTransitionException if it is paused; resume it first
   */
  Control runNow(TriggerId id);

  /**
   * Runs a trigger at another time: of a recurring one the present fire. One that runs is run again
   * then if it would be anyway; if it succeeds, the wish is void.
   *
   * @throws InvalidRequestException if it recurs and waits for no fire
   */
  Control reschedule(TriggerId id, Due due);

  /** Runs a trigger at an instant; see {@link #reschedule(TriggerId, Due)}. */
  default Control reschedule(TriggerId id, Instant at) {
    return reschedule(id, Due.at(at));
  }

  /** Runs a trigger so long from now; see {@link #reschedule(TriggerId, Due)}. */
  default Control reschedule(TriggerId id, Duration delay) {
    return reschedule(id, Due.in(delay));
  }

  /** The triggers that a filter means, for all of them at once. Nothing is done yet. */
  TriggerSelection where(TriggerFilter filter);

  /**
   * Lists triggers: the earliest due first, those that are never due last.
   *
   * @param limit how many at most, 1 to 1,000
   */
  default Page<TriggerStatus> list(TriggerFilter filter, int limit) {
    return list(filter, limit, "");
  }

  /**
   * The rest of a list.
   *
   * @param limit how many at most, 1 to 1,000
   * @param from {@link Page#next()} of the page before; empty to begin
   * @throws InvalidRequestException if that is something else
   */
  Page<TriggerStatus> list(TriggerFilter filter, int limit, String from);
}
