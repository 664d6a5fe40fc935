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
 * @param timeout after how long a run is interrupted; empty for never
 * @param interruptOnLeaseLoss whether a run is interrupted as soon as its node can't prove that it
 *     is alive
 * @param unreadable what becomes of a payload that can't be read
 * @param recurrence what becomes of fires that were missed, or that come during a run
 */
public record JobPolicy(
    Placement placement,
    Retry retry,
    Optional<Duration> timeout,
    boolean interruptOnLeaseLoss,
    UnreadablePayload unreadable,
    Recurrence recurrence) {

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

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

  /**
   * @throws InvalidDeclarationException if the timeout isn't between 1 ms and 365 days
   */
  public JobPolicy {
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(unreadable, "unreadable");
    Objects.requireNonNull(recurrence, "recurrence");
    timeout.ifPresent(JobPolicy::check);
  }

  private static void check(Duration timeout) {
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new InvalidDeclarationException(
          "A timeout can't be "
              + timeout
              + "; make it 1 ms to 365 days, or leave it away for none.");
    }
  }

  private static JobPolicy with(Retry retry) {
    return new JobPolicy(
        new Placement(DEFAULT_QUEUE, Priority.NORMAL),
        retry,
        Optional.empty(),
        false,
        UnreadablePayload.RETRY,
        Recurrence.standard());
  }

  /** The defaults of a job that is enqueued: {@link Retry#standard()}, no timeout. */
  public static JobPolicy oneTime() {
    return with(Retry.standard());
  }

  /** The defaults of a job that recurs: {@link Retry#none()}, no timeout. */
  public static JobPolicy recurring() {
    return with(Retry.none());
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
    return new JobPolicy(other, retry, timeout, interruptOnLeaseLoss, unreadable, recurrence);
  }

  /** The same with another retry. */
  public JobPolicy retry(Retry other) {
    return new JobPolicy(placement, other, timeout, interruptOnLeaseLoss, unreadable, recurrence);
  }

  /** The same with a timeout. */
  public JobPolicy timeout(Duration limit) {
    return new JobPolicy(
        placement, retry, Optional.of(limit), interruptOnLeaseLoss, unreadable, recurrence);
  }

  /** The same with another answer to a lost lease. */
  public JobPolicy interruptOnLeaseLoss(boolean interrupt) {
    return new JobPolicy(placement, retry, timeout, interrupt, unreadable, recurrence);
  }

  /** The same with another answer to a payload that can't be read. */
  public JobPolicy unreadable(UnreadablePayload answer) {
    return new JobPolicy(placement, retry, timeout, interruptOnLeaseLoss, answer, recurrence);
  }

  /** The same with another answer to fires that can't be fired on time. */
  public JobPolicy recurrence(Recurrence other) {
    return new JobPolicy(placement, retry, timeout, interruptOnLeaseLoss, unreadable, other);
  }
}
