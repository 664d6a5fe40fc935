package dev.escapement.engine;

import dev.escapement.Execution;
import dev.escapement.InvalidRequestException;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets callers wait until triggers have ended: looks at the store at growing intervals, and at once
 * when something ends in this process. Thread-safe.
 */
final class Awaiting {

  private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(20);

  /** Longer than any process lives. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final PayloadCodec codec;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  /** Read without the lock by whoever ends a trigger, which mostly nobody waits for. */
  private final AtomicInteger waiting = new AtomicInteger();

  private long ends;

  Awaiting(Store store, PayloadCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  /** Something has ended here, and is written. */
  void ended() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        ends++;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  Execution await(TriggerId id, Duration timeout) throws InterruptedException, TimeoutException {
    Duration bounded = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    long deadline = System.nanoTime() + bounded.toNanos();
    waiting.incrementAndGet();
    try {
      long sleep = FIRST_LOOK;
      while (true) {
        long seen = ends();
        Optional<Execution> last = look(id);
        if (last.isPresent()) {
          return last.get();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new TimeoutException(
              "Trigger " + id + " hasn't ended within " + timeout + "; it goes on.");
        }
        sleep(seen, Math.min(sleep, left));
        sleep = Math.min(2 * sleep, LONGEST_SLEEP);
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private long ends() {
    lock.lock();
    try {
      return ends;
    } finally {
      lock.unlock();
    }
  }

  /** What ended since the last look isn't waited for. */
  private void sleep(long seen, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (ends == seen && left > 0) {
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last execution of a trigger that has ended; empty while it lives. */
  private Optional<Execution> look(TriggerId id) {
    Optional<TriggerRecord> live = store.triggers().find(id);
    if (live.isPresent()) {
      if (live.get().kind() == TriggerKind.STANDING) {
        throw new InvalidRequestException(
            "Trigger "
                + id
                + " of job \""
                + live.get().job()
                + "\" recurs and so never ends; look at its executions.");
      }
      return Optional.empty();
    }
    List<ExecutionRecord> executions = store.history().of(id);
    if (executions.isEmpty() || !isLast(executions.get(executions.size() - 1))) {
      throw new InvalidRequestException(
          "There is no trigger "
              + id
              + " any more, and how it ended isn't kept: its job may keep no history, it was long"
              + " ago, or it never was.");
    }
    return Optional.of(Shown.of(executions.get(executions.size() - 1), codec));
  }

  /** Whether it says how its trigger ended; a job may keep some ends and not the last one. */
  static boolean isLast(ExecutionRecord execution) {
    return switch (execution.outcome()) {
      case SUCCEEDED, CANCELLED, SKIPPED -> true;
      case FAILED, TIMED_OUT -> execution.payload() != null;
      case LOST, RELEASED, YIELDED -> false;
    };
  }
}
