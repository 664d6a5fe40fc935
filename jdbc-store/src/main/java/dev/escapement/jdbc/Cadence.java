package dev.escapement.jdbc;

/**
 * How often something may go out: on average once in a gap, and after a while without any some at
 * once. The generic cell rate algorithm (ITU-T I.371). Thread-safe; what is asked while something
 * goes out may be told too little.
 */
final class Cadence {

  private final long gap;
  private final long ahead;

  /** When the next one would go out if all had been a gap apart. */
  private volatile long inStep;

  /**
   * @param gap in nanoseconds
   * @param burst how many may go out at once
   */
  Cadence(long gap, int burst, long now) {
    this.gap = gap;
    this.ahead = (burst - 1) * gap;
    this.inStep = now;
  }

  /** How many nanoseconds the next one has to wait. */
  long untilNext(long now) {
    return Math.max(0, inStep - ahead - now);
  }

  /** One goes out. */
  void goesOut(long now) {
    inStep = (now - inStep > 0 ? now : inStep) + gap;
  }
}
