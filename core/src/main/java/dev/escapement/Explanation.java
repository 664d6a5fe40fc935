package dev.escapement;

/**
 * Why a trigger doesn't run now.
 *
 * @param trigger which trigger
 * @param reason the first thing that keeps it
 * @param sentence the same in words, with figures
 */
public record Explanation(TriggerId trigger, Reason reason, String sentence) {

  /** What keeps a trigger from running. */
  public enum Reason {
    /** There is no such trigger: it has ended, or never was. */
    GONE,
    /** Nothing: it runs. */
    RUNNING,
    /** It is paused. */
    PAUSED,
    /** It isn't due yet. */
    NOT_DUE,
    /** It recurs and never fires again. */
    NEVER_DUE,
    /** Its job is paused. */
    JOB_PAUSED,
    /** No live node has a handler for its job. */
    NO_HANDLER,
    /** Its queue is paused. */
    QUEUE_PAUSED,
    /** No live node serves its queue. */
    QUEUE_NOT_SERVED,
    /** All workers that could run it are busy. */
    SLOTS_FULL,
    /** Nothing: a node is about to run it. */
    ABOUT_TO_RUN
  }

  /** The sentence. */
  @Override
  public String toString() {
    return sentence;
  }
}
