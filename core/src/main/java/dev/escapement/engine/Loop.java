package dev.escapement.engine;

import dev.escapement.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes turns until it is stopped, sleeps between them, and can be woken. What a turn
 * throws never ends it: the next turn comes after a growing wait, the first failure and the
 * recovery are logged, and what lies between once a minute.
 */
abstract class Loop {

  /** Return this from a turn to take the next one at once. */
  static final long AT_ONCE = 0;

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long FIRST_BACKOFF = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long REMINDER = TimeUnit.MINUTES.toNanos(1);

  private final String name;
  private final long longestBackoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Thread thread;
  private boolean woken;
  private boolean alarmSet;
  private long alarmAt;
  private boolean stopping;

  private int failures;
  private long failingSince;
  private long remindedAt;

  Loop(String name, Duration longestBackoff) {
    this.name = name;
    this.longestBackoff = longestBackoff.toNanos();
  }

  /**
   * One turn.
   *
   * @return how many nanoseconds to sleep until the next, unless woken
   */
  abstract long turn() throws InterruptedException;

  /** Starts the thread. A second call, and one after {@link #stop(Duration)}, is nothing. */
  final void start() {
    lock.lock();
    try {
      if (thread == null && !stopping) {
        thread = new Thread(this::takeTurns, name);
        thread.setDaemon(false);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes the next turn come at once. One that comes while a turn is taken isn't lost. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes a turn come no later than at that nanoTime. The earliest of several calls counts. */
  void wakeAt(long nanoTime) {
    lock.lock();
    try {
      if (!alarmSet || nanoTime - alarmAt < 0) {
        alarmSet = true;
        alarmAt = nanoTime;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** No further turn is taken. Returns when the last one has ended, or the time is up. */
  final boolean stop(Duration limit) {
    Thread ending;
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
      ending = thread;
    } finally {
      lock.unlock();
    }
    return ending == null || ending == Thread.currentThread() || joined(ending, limit);
  }

  private static boolean joined(Thread ending, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (ending.isAlive() && System.nanoTime() < deadline) {
        try {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          ending.join(Math.max(1, left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return !ending.isAlive();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  final boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private void takeTurns() {
    while (!isStopping()) {
      long sleep;
      try {
        sleep = turn();
        recovered();
      } catch (InterruptedException e) {
        // Nobody outside owns this thread, so nobody has a reason to interrupt it; stop() ends it.
        sleep = AT_ONCE;
      } catch (Throwable t) {
        sleep = failedAnd(t);
      }
      sleep(sleep);
    }
  }

  private void sleep(long nanos) {
    lock.lock();
    try {
      long asleepAt = System.nanoTime();
      while (!stopping && !(woken && failures == 0)) {
        long now = System.nanoTime();
        long left = nanos - (now - asleepAt);
        if (alarmSet && failures == 0) {
          left = Math.min(left, alarmAt - now);
        }
        if (left <= 0) {
          break;
        }
        changed.awaitNanos(left);
      }
      woken = false;
      alarmSet = alarmSet && alarmAt - System.nanoTime() > 0;
    } catch (InterruptedException e) {
      LOG.debug("{} was interrupted while it slept", name);
    } finally {
      lock.unlock();
    }
  }

  /** Not even a log that throws ends a loop. */
  private long failedAnd(Throwable t) {
    try {
      return failed(t);
    } catch (Throwable second) {
      return longestBackoff;
    }
  }

  private long failed(Throwable t) {
    long now = System.nanoTime();
    Throwable printable = Printable.of(t);
    failures++;
    if (failures == 1) {
      failingSince = now;
      remindedAt = now;
      if (t instanceof StoreException) {
        LOG.warn("{} failed and will try again: {}", name, printable.getMessage(), printable);
      } else {
        LOG.error("{} failed unexpectedly and will try again", name, printable);
      }
    } else if (now - remindedAt > REMINDER) {
      remindedAt = now;
      LOG.warn("{} still fails, {} times since: {}", name, failures, printable.toString());
    } else {
      LOG.debug("{} failed again", name, printable);
    }
    long grown = FIRST_BACKOFF << Math.min(failures - 1, 20);
    long capped = Math.min(grown, longestBackoff);
    return capped / 2 + ThreadLocalRandom.current().nextLong(capped / 2 + 1);
  }

  private void recovered() {
    if (failures > 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - failingSince);
      LOG.info("{} works again, after {} failures in {} ms", name, failures, millis);
      failures = 0;
    }
  }
}
