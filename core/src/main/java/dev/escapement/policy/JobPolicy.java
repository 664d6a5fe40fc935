package dev.escapement.policy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Priority;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * All that is said about a job besides its code and its schedule. Immutable.
 *
 * @param placement where its triggers wait
 * @param retry when a failed attempt is tried again
 * @param limits how long things may take
 * @param handling how its attempts are run and accounted for
 * @param recurrence what becomes of fires that were missed, or that come during a run
 */
public record JobPolicy(
    Placement placement, Retry retry, Limits limits, Handling handling, Recurrence recurrence) {

  /**
   * Where triggers wait.
   *
   * @param queue the queue's name
   * @param priority who goes first within the queue
   */
  public record Placement(String queue, Priority priority) {

    /** Refuses null. */
    public Placement {
      Objects.requireNonNull(queue, "queue");
      Objects.requireNonNull(priority, "priority");
    }
  }

  /**
   * How long things may take; each 1 ms to 365 days.
   *
   * @param timeout after how long a run is interrupted; empty for never
   * @param abandonAfter how long after its interrupt a run that goes on is given up; empty for
   *     never, as without a timeout
   * @param maxLateness how late after its due an attempt may start; empty for however late
   */
  public record Limits(
      Optional<Duration> timeout, Optional<Duration> abandonAfter, Optional<Duration> maxLateness) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * @throws InvalidDeclarationException if one is out of range, or {@code abandonAfter} is there
     *     without a timeout
     */
    public Limits {
      timeout.ifPresent(limit -> check(limit, "A timeout", "none"));
      abandonAfter.ifPresent(limit -> check(limit, "abandonAfter", "never"));
      maxLateness.ifPresent(limit -> check(limit, "maxLateness", "no bound"));
      if (abandonAfter.isPresent() && timeout.isEmpty()) {
        throw new InvalidDeclarationException(
            "abandonAfter is "
                + abandonAfter.get()
                + ", and there is no timeout that it could follow; say one.");
      }
    }

    private static void check(Duration limit, String what, String otherwise) {
      if (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0) {
        throw new InvalidDeclarationException(
            what
                + " can't be "
                + limit
                + "; make it 1 ms to 365 days, or leave it away for "
                + otherwise
                + ".");
      }
    }

    /** No limits. */
    public static Limits none() {
      return new Limits(Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /**
   * How attempts are run and accounted for.
   *
   * @param interruptOnLeaseLoss whether a run is interrupted as soon as its node can't prove that
   *     it is alive
   * @param transactional whether a run and its outcome are one transaction of the store's database
   * @param unreadable what becomes of a payload that can't be read
   * @param history which ends leave an execution row
   */
  public record Handling(
      boolean interruptOnLeaseLoss,
      boolean transactional,
      UnreadablePayload unreadable,
      KeepHistory history) {

    /** Refuses null. */
    public Handling {
      Objects.requireNonNull(unreadable, "unreadable");
      Objects.requireNonNull(history, "history");
    }

    /** Not interrupted, not transactional, {@link UnreadablePayload#RETRY}, all history. */
    public static Handling standard() {
      return new Handling(false, false, UnreadablePayload.RETRY, KeepHistory.ALL);
    }
  }

  /**
   * What becomes of fires that can't be fired on time.
   *
   * @param misfire those that passed while nobody could fire them
   * @param overlap those that come during a run
   * @param atMost with {@link Overlap#ALLOW}, how many fires may be unfinished at once; 1 to 1,000
   */
  public record Recurrence(Misfire misfire, Overlap overlap, int atMost) {

    private static final int STANDARD_AT_MOST = 10;
    private static final int HIGHEST_AT_MOST = 1_000;

    /** Refuses null, and a bound that is out of range. */
    public Recurrence {
      Objects.requireNonNull(misfire, "misfire");
      Objects.requireNonNull(overlap, "overlap");
      if (atMost < 1 || atMost > HIGHEST_AT_MOST) {
        throw new InvalidDeclarationException(
            "At most "
                + atMost
                + " overlapping fires can't be allowed; make it 1 to "
                + HIGHEST_AT_MOST
                + ".");
      }
    }

    /** {@link Misfire#fireOnce()}, {@link Overlap#WAIT}; a bound of 10 where ALLOW is said. */
    public static Recurrence standard() {
      return new Recurrence(Misfire.fireOnce(), Overlap.WAIT, STANDARD_AT_MOST);
    }

    /** The same with another answer to missed fires. */
    public Recurrence misfire(Misfire other) {
      return new Recurrence(other, overlap, atMost);
    }

    /** The same with another answer to fires that come during a run. */
    public Recurrence overlap(Overlap other) {
      return new Recurrence(misfire, other, atMost);
    }

    /** The same with another bound. */
    public Recurrence atMost(int fires) {
      return new Recurrence(misfire, overlap, fires);
    }
  }

  /** The queue of jobs that name none. */
  public static final String DEFAULT_QUEUE = "default";

  /** Refuses null. */
  public JobPolicy {
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(handling, "handling");
    Objects.requireNonNull(recurrence, "recurrence");
  }

  private static JobPolicy with(Retry retry) {
    return new JobPolicy(
        new Placement(DEFAULT_QUEUE, Priority.NORMAL),
        retry,
        Limits.none(),
        Handling.standard(),
        Recurrence.standard());
  }

  /** The defaults of a job that is enqueued: {@link Retry#standard()}, no limits. */
  public static JobPolicy oneTime() {
    return with(Retry.standard());
  }

  /** The defaults of a job that recurs: {@link Retry#none()}, no limits. */
  public static JobPolicy recurring() {
    return with(Retry.none());
  }

  /** After how long a run is interrupted; empty for never. */
  public Optional<Duration> timeout() {
    return limits.timeout();
  }

  /** How long after its interrupt a run that goes on is given up; empty for never. */
  public Optional<Duration> abandonAfter() {
    return limits.abandonAfter();
  }

  /** How late after its due an attempt may start; empty for however late. */
  public Optional<Duration> maxLateness() {
    return limits.maxLateness();
  }

  /** Whether a run is interrupted as soon as its node can't prove that it is alive. */
  public boolean interruptOnLeaseLoss() {
    return handling.interruptOnLeaseLoss();
  }

  /** Whether a run and its outcome are one transaction of the store's database. */
  public boolean transactional() {
    return handling.transactional();
  }

  /** What becomes of a payload that can't be read. */
  public UnreadablePayload unreadable() {
    return handling.unreadable();
  }

  /** Which ends leave an execution row. */
  public KeepHistory history() {
    return handling.history();
  }

  /** The same with another queue. */
  public JobPolicy queue(String queue) {
    return placed(new Placement(queue, placement.priority()));
  }

  /** The same with another priority. */
  public JobPolicy priority(Priority priority) {
    return placed(new Placement(placement.queue(), priority));
  }

  private JobPolicy placed(Placement other) {
    return new JobPolicy(other, retry, limits, handling, recurrence);
  }

  /** The same with another retry. */
  public JobPolicy retry(Retry other) {
    return new JobPolicy(placement, other, limits, handling, recurrence);
  }

  /** The same with a timeout after which nothing is abandoned. */
  public JobPolicy timeout(Duration limit) {
    return limited(new Limits(Optional.of(limit), Optional.empty(), maxLateness()));
  }

  /** The same with a timeout after which a run that goes on is abandoned. */
  public JobPolicy timeout(Duration limit, Duration abandonAfter) {
    return limited(new Limits(Optional.of(limit), Optional.of(abandonAfter), maxLateness()));
  }

  /** The same with a bound on lateness. */
  public JobPolicy maxLateness(Duration limit) {
    return limited(new Limits(timeout(), abandonAfter(), Optional.of(limit)));
  }

  /** The same with other limits. */
  public JobPolicy limited(Limits other) {
    return new JobPolicy(placement, retry, other, handling, recurrence);
  }

  /** The same with another answer to a lost lease. */
  public JobPolicy interruptOnLeaseLoss(boolean interrupt) {
    return handled(new Handling(interrupt, transactional(), unreadable(), history()));
  }

  /** The same within a transaction, or not. */
  public JobPolicy transactional(boolean within) {
    return handled(new Handling(interruptOnLeaseLoss(), within, unreadable(), history()));
  }

  /** The same with another answer to a payload that can't be read. */
  public JobPolicy unreadable(UnreadablePayload answer) {
    return handled(new Handling(interruptOnLeaseLoss(), transactional(), answer, history()));
  }

  /** The same with another history. */
  public JobPolicy history(KeepHistory kept) {
    return handled(new Handling(interruptOnLeaseLoss(), transactional(), unreadable(), kept));
  }

  private JobPolicy handled(Handling other) {
    return new JobPolicy(placement, retry, limits, other, recurrence);
  }

  /** The same with another answer to fires that can't be fired on time. */
  public JobPolicy recurrence(Recurrence other) {
    return new JobPolicy(placement, retry, limits, handling, other);
  }
}
