package dev.escapement.engine;

import dev.escapement.TriggerId;
import dev.escapement.store.Completion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The outcomes that aren't written yet, and which of them go out together. Thread-safe. */
final class Outbox {

  /** An outcome that isn't written yet. Its fields after the first are the completer's. */
  static final class Item {
    final Run run;
    final Completion completion;
    final @Nullable Throwable thrown;

    /** When it was handed over. */
    long since;

    /** What may have been written already, if that isn't known. */
    @Nullable Completion hoped;

    /** Whether it was tried in vain because somebody may hold its row. */
    boolean passed;

    /** When it was so for the first time, and when to try it again. */
    long passedSince;

    long againAt;

    /** For how long it was left alone last; 0 if it wasn't. */
    long pause;

    /** Whether it is tried by itself, because it may keep others waiting. */
    boolean alone;

    /** Whether it then waits for its row, and from when on it may. */
    boolean waits;

    long waitsFrom;

    /** Whether the store has refused it with its details. */
    boolean bare;

    /** Whether people have been told that it waits. */
    boolean told;

    boolean done;

    Item(Run run, Completion completion, @Nullable Throwable thrown) {
      this.run = run;
      this.completion = completion;
      this.thrown = thrown;
    }

    /** Without its details, once the store has refused them. */
    Completion toWrite() {
      return bare
          ? new Completion(
              completion.guard(), completion.ending().withoutDetails(), completion.next())
          : completion;
    }

    TriggerId id() {
      return completion.guard().id();
    }
  }

  private final Holdings holdings;
  private final LongSupplier nanoClock;
  private final int enough;
  private final long linger;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private final Deque<Item> pending = new ArrayDeque<>();

  /** Those whose row somebody may hold. */
  private final Queue<Item> passed =
      new PriorityQueue<>((a, b) -> Long.signum(a.againAt - b.againAt));

  private boolean lastWasPassed;
  private int inFlight;

  Outbox(Holdings holdings, LongSupplier nanoClock, Settings.GroupCommit groupCommit) {
    this.holdings = holdings;
    this.nanoClock = nanoClock;
    this.enough = groupCommit.outcomes();
    this.linger = groupCommit.delay().toNanos();
  }

  /**
   * Takes an outcome.
   *
   * @return whether it should be looked at soon
   */
  boolean add(Item item) {
    item.since = nanoClock.getAsLong();
    lock.lock();
    try {
      // In this order: whoever sees that nothing runs any more must also see what is to be written.
      pending.addLast(item);
      holdings.handedOver();
      return pending.size() == 1 || pending.size() == enough || holdings.idle();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing is left.
   *
   * @return how many are when the time is up
   */
  int drain(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (unwritten() > 0 && left > 0) {
        left = drained.awaitNanos(left);
      }
      return unwritten();
    } finally {
      lock.unlock();
    }
  }

  private int unwritten() {
    return pending.size() + passed.size() + inFlight;
  }

  /**
   * What is to be written now, together; empty for nothing yet. It ends before the second claim of
   * a trigger, for the store answers by triggers. What somebody holds goes in turn with the rest.
   */
  List<Item> take() {
    lock.lock();
    try {
      boolean pendingIsDue = untilPending() <= 0;
      boolean passedIsDue = untilPassed() <= 0;
      lastWasPassed = passedIsDue && !(pendingIsDue && lastWasPassed);
      List<Item> batch = List.of();
      if (lastWasPassed) {
        batch = takePassed();
      } else if (pendingIsDue) {
        batch = takePending();
      }
      inFlight = batch.size();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private List<Item> takePending() {
    List<Item> batch = new ArrayList<>(Math.min(pending.size(), Settings.GroupCommit.MOST));
    Set<TriggerId> ids = new HashSet<>();
    for (Item next = pending.peekFirst();
        next != null && batch.size() < Settings.GroupCommit.MOST && ids.add(next.id());
        next = pending.peekFirst()) {
      batch.add(pending.removeFirst());
    }
    return batch;
  }

  private List<Item> takePassed() {
    List<Item> batch = new ArrayList<>();
    Set<TriggerId> ids = new HashSet<>();
    boolean full = false;
    while (!full && untilPassed() <= 0) {
      Item next = passed.element();
      full =
          (next.alone && !batch.isEmpty())
              || batch.size() == Settings.GroupCommit.MOST
              || !ids.add(next.id());
      if (!full) {
        batch.add(passed.remove());
        full = next.alone;
      }
    }
    return batch;
  }

  /** Whatever threw: what isn't done stays. */
  void putBack(List<Item> batch) {
    lock.lock();
    try {
      for (int i = batch.size() - 1; i >= 0; i--) {
        Item item = batch.get(i);
        if (!item.done && !item.passed) {
          pending.addFirst(item);
        } else if (!item.done) {
          passed.add(item);
        }
      }
      inFlight = 0;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many nanoseconds it may take until something is to be written. */
  long untilNext() {
    lock.lock();
    try {
      return Math.min(untilPending(), untilPassed());
    } finally {
      lock.unlock();
    }
  }

  private long untilPending() {
    Item oldest = pending.peekFirst();
    if (oldest == null) {
      return Long.MAX_VALUE;
    }
    if (pending.size() >= enough || holdings.idle()) {
      return 0;
    }
    return linger - (nanoClock.getAsLong() - oldest.since);
  }

  private long untilPassed() {
    Item first = passed.peek();
    return first == null ? Long.MAX_VALUE : first.againAt - nanoClock.getAsLong();
  }
}
