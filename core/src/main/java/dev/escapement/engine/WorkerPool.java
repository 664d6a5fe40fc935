package dev.escapement.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one queue, or of several that share them, and the few claims that wait for one of
 * them. A worker takes the next claim itself when it is done with one. A slot is free as soon as
 * its handler has returned, but an outcome that isn't written yet counts against what may be
 * claimed, unless it waits for somebody else. Thread-safe.
 */
final class WorkerPool {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  /**
   * What a claim takes at most: some milliseconds of the database, in which it serves nobody else.
   */
  private static final int LARGEST = 500;

  private final String name;
  private final int workers;
  private final Executor threads;
  private final LongSupplier nanoClock;
  private final Consumer<Run> body;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Run> buffer = new ArrayDeque<>();
  private final Pace pace;
  private int busy;

  /** Those of the busy that were given a thread and haven't looked for a claim yet. */
  private int called;

  private int claimed;
  private boolean closed;

  /** Runs whose thread was given up and hasn't returned; their workers are replaced. */
  private final Set<Run> abandoned = new HashSet<>();

  /** The same, whose workers aren't. */
  private final Set<Run> stuck = new HashSet<>();

  /** Runs whose outcome waits for others, and doesn't count against what may be claimed. */
  private final Set<Run> delayed = new HashSet<>();

  /**
   * @param name the queue, or the queues; for people
   * @param threads runs the tasks of this pool, at most {@code workers} at once and as many besides
   *     whose run was abandoned
   * @param body runs one claim to its end; never throws
   */
  WorkerPool(
      String name, int workers, Executor threads, LongSupplier nanoClock, Consumer<Run> body) {
    this.name = name;
    this.workers = workers;
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.body = body;
    this.pace = new Pace(nanoClock.getAsLong());
  }

  int workers() {
    return workers;
  }

  int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  int buffered() {
    lock.lock();
    try {
      return buffer.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many claims to ask for. None while half of the buffer is still there, besides what workers
   * are about to take: a few large claims cost less than many small ones.
   */
  int demand() {
    lock.lock();
    try {
      int spare = pace.buffer(nanoClock.getAsLong());
      if (closed || buffer.size() - called > spare / 2) {
        return 0;
      }
      int able = workers - stuck.size();
      return able <= 0 ? 0 : Math.max(0, Math.min(LARGEST, able + spare - claimed));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes claims, and puts idle workers to work. With an empty list only the latter.
   *
   * @return false if the pool is closed and took nothing
   */
  boolean offer(List<Run> runs) {
    int wanted;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      buffer.addAll(runs);
      claimed += runs.size();
      wanted = Math.min(workers - busy, buffer.size());
      busy += Math.max(0, wanted);
      called += Math.max(0, wanted);
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < wanted; i++) {
      if (!employ()) {
        giveUp(wanted - i);
        break;
      }
    }
    return true;
  }

  private boolean employ() {
    try {
      threads.execute(this::work);
      return true;
    } catch (Throwable e) { // a refusal, a fault of the application's, or no thread left to make
      LOG.warn(
          "The executor refused to run a job of queue \"{}\"; it stays with this node for at most a"
              + " heartbeat and is then given back",
          name,
          Printable.of(e));
      return false;
    }
  }

  /** A claim that brought something took so many nanoseconds. */
  void claimTook(long nanos) {
    lock.lock();
    try {
      pace.claimTook(nanos);
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(int slots) {
    lock.lock();
    try {
      busy -= slots;
      called -= slots;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    arrived();
    Run run = next();
    while (run != null) {
      try {
        body.accept(run);
      } catch (Throwable t) { // a fault of the engine's; it must not cost the worker
        LOG.error("{} ended in a fault", run, Printable.of(t));
      }
      if (!finished(run)) {
        return;
      }
      run = next();
    }
  }

  private void arrived() {
    lock.lock();
    try {
      called--;
    } finally {
      lock.unlock();
    }
  }

  /** False if the worker was replaced and isn't needed any more. */
  private boolean finished(Run run) {
    lock.lock();
    try {
      pace.finished(nanoClock.getAsLong());
      stuck.remove(run);
      return !abandoned.remove(run);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The thread of a run was given up: another takes its place, unless as many as there are workers
   * were replaced already.
   */
  void abandoned(Run run) {
    lock.lock();
    try {
      if (run.isOver() || abandoned.contains(run)) {
        return; // it has returned meanwhile, and its worker goes on; or it is replaced already
      }
      if (abandoned.size() >= workers) {
        stuck.add(run);
        LOG.error(
            "Queue \"{}\" has replaced {} workers already; this one stays lost until its handler"
                + " returns",
            name,
            workers);
        return;
      }
      abandoned.add(run);
      busy--;
    } finally {
      lock.unlock();
    }
    offer(List.of());
  }

  /** How many threads were given up and haven't returned. */
  int wedged() {
    lock.lock();
    try {
      return abandoned.size() + stuck.size();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Run next() {
    lock.lock();
    try {
      Run first = buffer.peekFirst();
      if (first == null || !first.session().trusted()) {
        busy--;
        return null;
      }
      buffer.removeFirst();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** An outcome was written. */
  void settled(Run run) {
    lock.lock();
    try {
      if (!delayed.remove(run)) {
        claimed--;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * An outcome has to wait for others: until it is written another run takes its place, unless as
   * many as there are workers have been replaced so.
   *
   * @return whether there is room for another now that wasn't before
   */
  boolean delayed(Run run) {
    lock.lock();
    try {
      boolean replaced = delayed.size() < workers && delayed.add(run);
      if (replaced) {
        claimed--;
      }
      return replaced;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what was asked for before that and hasn't started. */
  List<Run> takeUnstarted(long askedBefore) {
    lock.lock();
    try {
      List<Run> stale = new ArrayList<>();
      buffer.removeIf(
          run -> {
            boolean old = run.askedAt() - askedBefore < 0;
            if (old) {
              stale.add(run);
            }
            return old;
          });
      return stale;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back all that hasn't started; wants no more. */
  List<Run> close() {
    lock.lock();
    try {
      closed = true;
      List<Run> unstarted = new ArrayList<>(buffer);
      buffer.clear();
      return unstarted;
    } finally {
      lock.unlock();
    }
  }
}
