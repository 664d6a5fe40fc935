package dev.escapement.torture;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass, but no longer than the run goes on. Thread-safe. */
final class Pause {

  private final CountDownLatch over = new CountDownLatch(1);

  /**
   * Waits.
   *
   * @return whether the run goes on
   */
  boolean of(Duration time) throws InterruptedException {
    return !over.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Ends all pauses, those to come too. */
  void end() {
    over.countDown();
  }
}
