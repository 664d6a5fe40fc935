package dev.escapement.policy;

import dev.escapement.Outcome;

/**
 * Which ends of runs leave an execution row. All are counted. What ends a trigger or a fire as
 * failed always leaves one: it keeps the payload, to be run again. So does what isn't the
 * handler's: a node that was lost, a claim that was given back before it began, fires that were
 * missed, a trigger that somebody cancelled.
 */
public enum KeepHistory {
  /** Every end. The default. */
  ALL,
  /**
   * Every end but SUCCEEDED and those that say nothing of the job's code: SKIPPED, RELEASED and
   * YIELDED.
   */
  FAILURES,
  /** Only FAILED and TIMED_OUT, of the last attempt. */
  NONE;

  /**
   * Whether an attempt that ends so leaves an execution row.
   *
   * @param last whether no attempt follows for the same fire
   */
  public boolean records(Outcome outcome, boolean last) {
    return switch (this) {
      case ALL -> true;
      case FAILURES ->
          switch (outcome) {
            case FAILED, TIMED_OUT, CANCELLED, LOST -> true;
            case SUCCEEDED, SKIPPED, RELEASED, YIELDED -> false;
          };
      case NONE -> last && (outcome == Outcome.FAILED || outcome == Outcome.TIMED_OUT);
    };
  }
}
