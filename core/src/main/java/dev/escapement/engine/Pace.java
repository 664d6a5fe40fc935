package dev.escapement.engine;

import java.util.concurrent.TimeUnit;

/**
 * How much a pool may claim beyond its workers: what it has finished in the last 50 ms, some round
 * trips of a database. A pool whose jobs take seconds holds nothing back from other nodes; one
 * whose jobs take microseconds never waits for a claim. Not thread-safe.
 */
final class Pace {

  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int MOST = 2_000;

  private long windowStart;
  private int current;
  private int previous;

  Pace(long now) {
    this.windowStart = now;
  }

  void finished(long now) {
    roll(now);
    current++;
  }

  /** How many claims may wait for a worker. */
  int buffer(long now) {
    roll(now);
    return Math.min(MOST, Math.max(current, previous));
  }

  private void roll(long now) {
    long passed = now - windowStart;
    if (passed >= WINDOW) {
      previous = passed < 2 * WINDOW ? current : 0;
      current = 0;
      windowStart = now;
    }
  }
}
