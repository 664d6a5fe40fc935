package dev.escapement.speed.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what nobody signals. */
final class Wait {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(1);

  private Wait() {}

  /** Something that becomes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Waits for a condition.
   *
   * @return whether it holds; false if it didn't in time
   */
  static boolean until(Condition condition, Duration limit) throws Exception {
    long from = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - from > limit.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK);
    }
    return true;
  }

  /**
   * Waits for a condition without which there is nothing to measure.
   *
   * @param otherwise what is the matter if it doesn't come to hold
   */
  static void orFail(Condition condition, Duration limit, String otherwise) throws Exception {
    if (!until(condition, limit)) {
      throw new IllegalStateException("After " + limit + " " + otherwise + ".");
    }
  }

  /** Lets time pass. */
  static void pass(Duration time) throws Exception {
    if (!time.isNegative()) {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
  }
}
