package dev.escapement.torture;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Notices when the operating system doesn't schedule this process. One that doesn't run can't beat,
 * or pass on the beats of others, and that is nobody's fault.
 */
final class StallWatch {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

  private StallWatch() {}

  /**
   * Watches as long as the process lives.
   *
   * @param patience what is too long
   * @param stalled told how many milliseconds it was
   */
  static void start(Duration patience, LongConsumer stalled) {
    Thread thread = new Thread(() -> watch(patience.toNanos(), stalled), "watches for stalls");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(long patience, LongConsumer stalled) {
    long last = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(LOOK);
      long now = System.nanoTime();
      if (now - last > patience) {
        stalled.accept(TimeUnit.NANOSECONDS.toMillis(now - last));
      }
      last = now;
    }
  }
}
