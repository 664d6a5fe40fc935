package dev.escapement.engine;

import dev.escapement.store.Guard;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every claim that this node holds, from its answer until its end is known to be written.
 * Thread-safe.
 */
final class Holdings {

  /**
   * Held while a claim is asked for and registered, and while the audit compares what the store
   * says with what is held.
   */
  final ReentrantLock claiming = new ReentrantLock();

  private final ConcurrentMap<Guard, Run> runs = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int unfinished;

  void add(List<Run> claimed) {
    for (Run run : claimed) {
      runs.put(run.guard(), run);
    }
    lock.lock();
    try {
      unfinished += claimed.size();
    } finally {
      lock.unlock();
    }
  }

  /** The run has nothing more to do; its outcome is on its way. */
  void handedOver() {
    lock.lock();
    try {
      unfinished--;
      if (unfinished == 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The run's outcome is written, or the claim was lost. */
  void remove(Run run) {
    runs.remove(run.guard(), run);
  }

  /** The claims that are held now. */
  Set<Guard> guards() {
    return Set.copyOf(runs.keySet());
  }

  /** The run of a claim; null if it isn't held. */
  @Nullable Run find(Guard guard) {
    return runs.get(guard);
  }

  Collection<Run> all() {
    return runs.values();
  }

  /** How many run or wait for a worker. */
  int unfinished() {
    lock.lock();
    try {
      return unfinished;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing runs or waits for a worker. */
  boolean idle() {
    lock.lock();
    try {
      return unfinished == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing runs or waits for a worker. */
  boolean awaitIdle(long limitNanos) throws InterruptedException {
    long deadline = System.nanoTime() + limitNanos;
    lock.lock();
    try {
      while (unfinished > 0) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
