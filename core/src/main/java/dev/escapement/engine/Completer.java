package dev.escapement.engine;

import dev.escapement.TriggerId;
import dev.escapement.store.Completion;
import dev.escapement.store.ExecutionKey;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes, many in one commit. A batch goes out as soon as nothing else runs here, or it is
 * large, or its oldest outcome has waited {@link #LINGER}. An outcome leaves only when it is known
 * to be written, or its claim is known to be lost.
 */
final class Completer extends Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Completer.class);

  /** Some commits of a database long: enough to share one, too short to be noticed. */
  private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int LARGE = 100;
  private static final int LARGEST = 500;

  private static final class Item {
    final Run run;
    final Completion completion;
    final @Nullable Throwable thrown;
    final long since;
    boolean uncertain;
    boolean done;

    Item(Run run, Completion completion, @Nullable Throwable thrown, long since) {
      this.run = run;
      this.completion = completion;
      this.thrown = thrown;
      this.since = since;
    }

    TriggerId id() {
      return completion.guard().id();
    }
  }

  private final Store store;
  private final Holdings holdings;
  private final Counters counters;
  private final Listeners listeners;
  private final BiConsumer<Run, Next> settled;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Item> pending = new ArrayDeque<>();
  private final Condition drained = lock.newCondition();
  private int inFlight;

  /**
   * @param settled told of each run whose outcome needs no further care, and of what follows
   */
  Completer(
      String name,
      Store store,
      Holdings holdings,
      Bookkeeping books,
      BiConsumer<Run, Next> settled) {
    super(name, Duration.ofSeconds(2));
    this.store = store;
    this.holdings = holdings;
    this.counters = books.counters();
    this.listeners = books.listeners();
    this.settled = settled;
  }

  /**
   * Takes an outcome. From here on the run's slot is free. A second outcome of the same run comes
   * too late: the first one said that it was given up.
   */
  void add(Run run, Completion completion, @Nullable Throwable thrown) {
    if (!run.handOver()) {
      LOG.warn("{} ended {} after it was given up", run, completion.ending().outcome());
      return;
    }
    boolean ring;
    lock.lock();
    try {
      // In this order: whoever sees that nothing runs any more must also see what is to be written.
      pending.addLast(new Item(run, completion, thrown, System.nanoTime()));
      holdings.handedOver();
      ring = pending.size() == 1 || pending.size() == LARGE || holdings.idle();
    } finally {
      lock.unlock();
    }
    if (ring) {
      wake();
    }
  }

  /**
   * Waits until every outcome is written.
   *
   * @return how many aren't when the time is up
   */
  int drain(Duration limit) throws InterruptedException {
    wake();
    long left = limit.toNanos();
    lock.lock();
    try {
      while (pending.size() + inFlight > 0 && left > 0) {
        left = drained.awaitNanos(left);
      }
      return pending.size() + inFlight;
    } finally {
      lock.unlock();
    }
  }

  @Override
  long turn() {
    while (true) {
      List<Item> batch;
      lock.lock();
      try {
        long wait = waitBeforeFlush();
        if (wait > 0) {
          return wait;
        }
        batch = takeBatch();
        inFlight = batch.size();
      } finally {
        lock.unlock();
      }
      try {
        flush(batch);
      } finally {
        lock.lock();
        try {
          putBack(batch);
          inFlight = 0;
          drained.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private long waitBeforeFlush() {
    Item oldest = pending.peekFirst();
    if (oldest == null) {
      return Long.MAX_VALUE;
    }
    if (pending.size() >= LARGE || holdings.idle()) {
      return 0;
    }
    return LINGER - (System.nanoTime() - oldest.since);
  }

  /** Ends before the second claim of a trigger, for the store answers by triggers. */
  private List<Item> takeBatch() {
    List<Item> batch = new ArrayList<>(Math.min(pending.size(), LARGEST));
    Set<TriggerId> ids = new HashSet<>();
    for (Item next = pending.peekFirst();
        next != null && batch.size() < LARGEST && ids.add(next.id());
        next = pending.peekFirst()) {
      batch.add(pending.removeFirst());
    }
    return batch;
  }

  /** Whatever threw: an outcome that isn't done stays. */
  private void putBack(List<Item> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      if (!batch.get(i).done) {
        pending.addFirst(batch.get(i));
      }
    }
  }

  private void flush(List<Item> batch) {
    Set<TriggerId> written;
    try {
      written = store.claims().complete(batch.stream().map(item -> item.completion).toList());
    } catch (TransientStoreException e) {
      throw e;
    } catch (UnknownCommitException e) {
      batch.forEach(item -> item.uncertain = true);
      throw e;
    } catch (RuntimeException e) {
      split(batch, e);
      return;
    }
    settle(batch, written);
  }

  /** The store refuses something in the batch: finds out what, and writes the rest. */
  private void split(List<Item> batch, RuntimeException refusal) {
    if (batch.size() > 1) {
      int half = batch.size() / 2;
      flushEach(List.of(batch.subList(0, half), batch.subList(half, batch.size())));
      return;
    }
    Item item = batch.get(0);
    LOG.error("The outcome of {} was refused; its details are left out", item.run, refusal);
    Completion bare =
        new Completion(
            item.completion.guard(),
            item.completion.ending().withoutDetails(),
            item.completion.next());
    Set<TriggerId> written;
    try {
      written = store.claims().complete(List.of(bare));
    } catch (UnknownCommitException e) {
      item.uncertain = true;
      throw e;
    }
    settle(batch, written);
  }

  /** Flushes both halves even if the first one fails. */
  private void flushEach(List<List<Item>> halves) {
    RuntimeException failure = null;
    for (List<Item> half : halves) {
      try {
        flush(half);
      } catch (RuntimeException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void settle(List<Item> batch, Set<TriggerId> written) {
    RuntimeException failure = null;
    for (Item item : batch) {
      try {
        if (written.contains(item.id()) || (item.uncertain && inHistory(item))) {
          ended(item);
        } else {
          fenced(item);
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Whether an earlier try, whose answer was lost, wrote it. */
  private boolean inHistory(Item item) {
    ExecutionKey key =
        new ExecutionKey(
            item.run.claim().claimedAt(), item.id(), item.completion.guard().version());
    return store
        .history()
        .find(key)
        .filter(execution -> execution.session().equals(item.completion.guard().owner()))
        .filter(execution -> execution.outcome() == item.completion.ending().outcome())
        .isPresent();
  }

  private void ended(Item item) {
    item.done = true;
    holdings.remove(item.run);
    counters.ended(item.completion.ending().outcome());
    listeners.ended(item.run.claim(), item.completion, item.thrown);
    settled.accept(item.run, item.completion.next());
  }

  private void fenced(Item item) {
    item.done = true;
    holdings.remove(item.run);
    counters.fenced.increment();
    LOG.warn(
        "The outcome {} of {} isn't written: another session has taken the trigger over",
        item.completion.ending().outcome(),
        item.run);
    settled.accept(item.run, item.completion.next());
  }
}
