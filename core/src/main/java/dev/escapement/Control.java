package dev.escapement;

/** What came of a wish about a trigger. */
public enum Control {
  /** It is so, now or already. */
  DONE,
  /**
   * The trigger runs. Its node is told within about a second, and the wish is honoured when the run
   * ends.
   */
  REQUESTED,
  /** There is no such trigger any more. */
  GONE
}
