package dev.escapement.engine;

import java.util.concurrent.TimeUnit;

/**
 * How much a pool may claim beyond its workers: what it has finished lately, in the time that four
 * claims take. Half of that is still there when the next claim begins, and outlasts it twice. A
 * pool whose jobs take seconds holds nothing back from other nodes; one whose jobs take
 * microseconds never waits for a claim; and where claims are slow, they are few and large. Not
 * thread-safe.
 */
final class Pace {

  private static final int CLAIMS = 4;
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 2_000;

  private long window = SHORTEST;
  private long windowStart;
  private long slowestClaim;
  private int current;
  private int previous;

  Pace(long now) {
    this.windowStart = now;
  }

  void finished(long now) {
    roll(now);
    current++;
  }

  /** A claim that brought something took so many nanoseconds, for whichever pool. */
  void claimTook(long nanos) {
    slowestClaim = Math.max(slowestClaim, nanos);
  }

  /** How many claims may wait for a worker. */
  int buffer(long now) {
    roll(now);
    return Math.min(MOST, Math.max(current, previous));
  }

  private void roll(long now) {
    long passed = now - windowStart;
    if (passed >= window) {
      previous = passed < 2 * window ? current : 0;
      current = 0;
      windowStart = now;
      window = Math.max(SHORTEST, Math.min(LONGEST, CLAIMS * slowestClaim));
      slowestClaim = 0;
    }
  }
}
