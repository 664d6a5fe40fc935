package dev.escapement;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** One attempt, as its handler sees it. Thread-safe; valid until the handler returns. */
public interface JobContext {

  /** The trigger. */
  TriggerId triggerId();

  /** The job's name. */
  String job();

  /** The trigger's key, if it has one. */
  Optional<String> key();

  /**
   * What was enqueued {@linkplain JobRequest#header beside} the payload, by name; the same on each
   * attempt. Unmodifiable; empty for none.
   */
  Map<String, String> headers();

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
   * Whether the engine asks this run to end: somebody cancelled its trigger, its timeout has
   * passed, the scheduler stops and its grace is over, its session was declared dead, or the lease
   * was lost and the job declares {@code interruptOnLeaseLoss}. The thread was interrupted too. A
   * run that was asked to end doesn't count as a success, even if it returns.
   */
  boolean isCancelled();

  /**
   * Whether the node can't prove any more that it is alive: heartbeats have failed for most of a
   * lease, and another node may soon run this trigger again. May become false again after an
   * outage. A job that must not overlap itself stops here, or declares {@code
   * interruptOnLeaseLoss}.
   */
  boolean leaseLost();

  /**
   * Chooses the wait before the next attempt, in place of the retry policy: an attempt that calls
   * this doesn't succeed. If the handler returns, it has FAILED all the same; whether it returns or
   * throws, the next attempt comes after that wait if the policy has attempts left, and else it was
   * the last. The latest call of this and {@link #snooze} counts.
   *
   * @param wait 0 to 365 days
   * @throws InvalidRequestException if it is out of range
   */
  void retryIn(Duration wait);

  /**
   * Puts the work off, because it can't be done yet: if the handler returns after this, the attempt
   * ends YIELDED and isn't counted, and the trigger runs again after that wait. If it throws, it
   * has failed as ever. The latest call of this and {@link #retryIn} counts.
   *
   * @param wait 0 to 365 days
   * @throws InvalidRequestException if it is out of range
   */
  void snooze(Duration wait);

  /**
   * Keeps how far this run has come, in the place of what was kept before: the next attempt of the
   * same fire finds it, be it after a retry, a node's death, a pause or a release. It is written,
   * as payloads are, when this returns.
   *
   * <p>A run that is asked to pause, or whose scheduler stops, ends here, once the checkpoint is
   * written: this throws an {@link Error} of the library's that the handler must let pass, and the
   * attempt ends YIELDED, uncounted. So a checkpoint stands where the work may be left.
   *
   * @param value what {@link #checkpoint(Class)} gives back
   * @throws ClaimLostException if another run may be under way; nothing was written
   * @throws PayloadException if the value can't be written, or is larger than a payload may be
   * @throws IllegalStateException if the job is {@link Job#transactional()}: what it has done until
   *     then would be rolled back with the rest
   */
  void checkpoint(Object value);

  /**
   * The latest checkpoint of this fire, left by an earlier attempt or by this one.
   *
   * @throws PayloadException if it can't be read as that
   */
  <V> Optional<V> checkpoint(Class<V> type);

  /**
   * Says how far this run has come, for people to see. Never blocks and never fails: it is kept in
   * memory and written at most once a second, and what the store doesn't take is dropped.
   *
   * @param done how much is done; a negative number counts as 0
   * @param total how much there is; 0 or less for unknown
   * @param message in words; empty for none. Cut to 500 characters
   */
  void progress(long done, long total, String message);

  /** The same without words. */
  default void progress(long done, long total) {
    progress(done, total, "");
  }

  /**
   * The transaction that this run is in. What is written through it is committed together with the
   * attempt's success, and rolled back otherwise. Neither commit nor close it.
   *
   * @throws IllegalStateException unless the job is {@link Job#transactional()}
   */
  Connection connection();
}
