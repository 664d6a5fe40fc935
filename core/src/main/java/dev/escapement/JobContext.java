package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/** One attempt, as its handler sees it. Thread-safe; valid until the handler returns. */
public interface JobContext {

  /** The trigger. */
  TriggerId triggerId();

  /** The job's name. */
  String job();

  /** The trigger's key, if it has one. */
  Optional<String> key();

  /** The time that the schedule says; for a one-time trigger the due it was enqueued with. */
  Instant fireTime();

  /**
   * How many fires right before this one were not run: they were missed while nobody could fire
   * them, or came during the run before. 0 for a one-time trigger.
   */
  long missedFires();

  /**
   * When this attempt was due; later than {@link #fireTime()} for a retry. A run that was taken
   * over from a dead node has been due since before that node claimed it.
   */
  Instant due();

  /**
   * When this attempt was started, on the store's clock; {@code startedAt - due} is its lateness.
   */
  Instant startedAt();

  /** Which attempt this is, from 1. */
  int attempt();

  /**
   * The fencing token: grows with every claim of the trigger. Hand it to a system that refuses
   * writes with a smaller token than it has seen, and a run that was taken over can't harm it.
   * Tokens of different triggers don't compare: for a resource that is named by a key, which a
   * later trigger may bear again, compare (trigger, token).
   */
  long fencingToken();

  /**
   * Whether the engine asks this run to end: its timeout has passed, the scheduler stops and its
   * grace is over, its session was declared dead, or the lease was lost and the job declares {@code
   * interruptOnLeaseLoss}. The thread was interrupted too. A run that was asked to end doesn't
   * count as a success, even if it returns.
   */
  boolean isCancelled();

  /**
   * Whether the node can't prove any more that it is alive: heartbeats have failed for most of a
   * lease, and another node may soon run this trigger again. May become false again after an
   * outage. A job that must not overlap itself stops here, or declares {@code
   * interruptOnLeaseLoss}.
   */
  boolean leaseLost();
}
