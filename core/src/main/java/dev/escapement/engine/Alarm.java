package dev.escapement.engine;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rings at a run's timeout. One thread; what it does is quick. */
class Alarm {

  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private final ScheduledThreadPoolExecutor executor;

  Alarm(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  Future<?> in(Duration delay, Runnable task) {
    return executor.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  void every(Duration interval, Runnable task) {
    long nanos = interval.toNanos();
    Future<?> untilClosed =
        executor.scheduleWithFixedDelay(logged(task), nanos, nanos, TimeUnit.NANOSECONDS);
    LOG.trace("{} rings every {}", untilClosed, interval);
  }

  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Throwable t) {
        // The executor would end a repeated task without a word.
        LOG.error("An alarm's task failed", t);
      }
    };
  }

  void close() {
    executor.shutdownNow();
  }
}
