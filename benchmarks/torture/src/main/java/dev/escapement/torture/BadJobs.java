package dev.escapement.torture;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.policy.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Jobs as no one should write them. */
final class BadJobs {

  /** Ends its JVM, every time. */
  static final JobType<Task> BOMB = JobType.of("bomb", Task.class);

  /** Goes on after its timeout, whoever interrupts it. */
  static final JobType<Task> STUBBORN = JobType.of("stubborn", Task.class);

  /** Starts threads that never end. */
  static final JobType<Task> LEAK = JobType.of("leak", Task.class);

  /** Returns megabytes. */
  static final JobType<Task> FAT = JobType.of("fat", Task.class);

  static final int EXIT = 99;
  private static final int LEAKED = 20;
  private static final int MEGABYTES = 5 << 20;

  private BadJobs() {}

  static List<Job<?>> all() {
    Retry once = Retry.none();
    return List.of(
        Job.of(BOMB, (task, context) -> Runtime.getRuntime().halt(EXIT)),
        Job.of(STUBBORN, (task, context) -> hang(Duration.ofSeconds(5)))
            .timeout(Duration.ofMillis(500), Duration.ofMillis(500))
            .retry(once),
        Job.of(LEAK, (task, context) -> leak()),
        Job.returning(FAT, (task, context) -> "x".repeat(MEGABYTES)).retry(once));
  }

  private static void hang(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - until < 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(until - System.nanoTime());
      } catch (InterruptedException e) {
        // That is the point of it.
      }
    }
  }

  private static void leak() {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < LEAKED; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "leaked");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
