package dev.escapement.policy;

/**
 * What becomes of fires that come while the run of an earlier fire goes on, or waits for a retry.
 */
public enum Overlap {
  /**
   * Never two runs at once. Of the fires that passed during a run the latest fires at once when it
   * ends; the others are counted. The default.
   */
  WAIT,
  /** Never two runs at once. The fires that passed during a run are counted and dropped. */
  SKIP,
  /**
   * Each fire runs by itself, also beside earlier ones, up to a bound; fires beyond it are counted
   * and dropped. A retry of one fire doesn't hold up the next.
   */
  ALLOW
}
