package dev.escapement;

/** What a request does when a live trigger of its job bears its key already. */
public enum OnConflict {
  /**
   * The live one stays as it is. The default. The answer is {@link Enqueued.Result#KEPT}, or {@link
   * Enqueued.Result#KEPT_RUNNING} if it runs: then what the caller has just done may come too late
   * for it.
   */
  KEEP,
  /**
   * The request takes the place of the live one, under its id: payload, due, queue and priority
   * become the request's, and attempts are forgotten. A PAUSED one stays PAUSED. One that runs goes
   * on and, whatever comes of it, runs again as the request says ({@link Enqueued.Result#AGAIN}). A
   * recurring trigger is kept.
   */
  REPLACE,
  /**
   * The live one becomes due when the request says, with the payload and the place that it has. One
   * that runs goes on and runs again then ({@link Enqueued.Result#AGAIN}). A recurring trigger is
   * kept.
   */
  RESCHEDULE,
  /** Nothing is enqueued, and the call throws a {@link DuplicateKeyException}. */
  FAIL
}
