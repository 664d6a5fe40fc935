package dev.escapement;

/**
 * What became of a request.
 *
 * @param id the trigger: the new one, or the one that was there
 * @param result what happened
 */
public record Enqueued(TriggerId id, Result result) {

  /** What happened to a request. */
  public enum Result {
    /** A trigger was made. */
    CREATED,
    /** A live trigger bears the key already; it was kept as it is. */
    KEPT,
    /** A trigger that runs bears the key; it was kept as it is and doesn't run again. */
    KEPT_RUNNING,
    /** A waiting trigger bore the key; it is what the request says now. */
    REPLACED,
    /** A waiting trigger bore the key; it is due when the request says now. */
    RESCHEDULED,
    /** A trigger that runs bears the key; when it has ended, it runs again as the request says. */
    AGAIN,
    /** A recurring trigger was there, and follows the request from now on. */
    CHANGED
  }

  /** Whether a trigger was made. */
  public boolean created() {
    return result == Result.CREATED;
  }
}
