package dev.escapement.engine;

import java.time.Duration;

/**
 * How fast triggers come, and so when it is worth to look again. Hints of others are few, whatever
 * the load: a trigger that comes amid many would wait for the next one. Not thread-safe.
 */
final class Arrivals {

  /** A claim of one costs nearly as much as one of ten. */
  private static final int WORTH_A_LOOK = 10;

  private static final long SOONEST = Duration.ofMillis(10).toNanos();

  /** Where too few have come, the next wait is so many times as long. */
  private static final int SLACKENING = 4;

  /** Whoever would wait longer than that for too few waits for hints. */
  private static final long PATIENCE = Duration.ofMillis(100).toNanos();

  private final long poll;
  private long lookedAt;
  private long untilMore;

  /**
   * @param poll the poll interval, in nanoseconds
   */
  Arrivals(long poll, long now) {
    this.poll = poll;
    this.lookedAt = now;
    this.untilMore = poll;
  }

  /**
   * A look has brought so many. One alone says nothing of how many come.
   *
   * @param askedAt when it began
   * @param took how long it took
   */
  void looked(int came, long askedAt, long took) {
    if (came < 2) {
      untilMore = untilMore < PATIENCE / SLACKENING ? Math.min(poll, untilMore * SLACKENING) : poll;
    } else {
      long enough = (askedAt - lookedAt) / came * WORTH_A_LOOK;
      untilMore = Math.min(poll, Math.max(enough, Math.max(SOONEST, took)));
    }
    lookedAt = askedAt;
  }

  /** How long from the last answer on until a look is worth it again; at most the poll interval. */
  long untilMore() {
    return untilMore;
  }
}
