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
    /** A recurring trigger was there, and follows the request from now on. */
    CHANGED
  }

  /** Whether a trigger was made. */
  public boolean created() {
    return result == Result.CREATED;
  }
}
