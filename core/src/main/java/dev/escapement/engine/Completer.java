package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import dev.escapement.store.BusyStoreException;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes, many in one commit. A batch goes out as soon as nothing else runs here, or it is
 * large, or its oldest outcome has waited for a few milliseconds. An outcome leaves only when it is
 * known to be written, or its claim is known to be lost.
 */
final class Completer extends Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Completer.class);

  /** How long an outcome is left alone whose row somebody holds. */
  private static final long HELD_PAUSE = TimeUnit.SECONDS.toNanos(2);

  private final Store store;
  private final Holdings holdings;
  private final Counters counters;
  private final Listeners listeners;
  private final BiConsumer<Run, @Nullable Due> settled;

  private final Outbox outbox;

  /**
   * @param settled told of each run whose outcome needs no further care, and of when its trigger is
   *     due again, if it is and the store need not be asked
   */
  Completer(
      String name,
      Store store,
      Holdings holdings,
      Bookkeeping books,
      BiConsumer<Run, @Nullable Due> settled) {
    super(name, Duration.ofSeconds(2));
    this.store = store;
    this.holdings = holdings;
    this.outbox = new Outbox(holdings);
    this.counters = books.counters();
    this.listeners = books.listeners();
    this.settled = settled;
  }

  /**
   * Takes an outcome. From here on the run's slot is free. A second outcome of the same run comes
   * too late: the first one said that it was given up.
   */
  void add(Run run, Completion completion, @Nullable Throwable thrown) {
    if (handOver(run, completion)) {
      add(new Outbox.Item(run, completion, thrown));
    }
  }

  /**
   * Takes the outcome of a run whose transaction may have been committed or not.
   *
   * @param completion what to write if it wasn't
   * @param hoped what is written if it was
   */
  void addUnknown(Run run, Completion completion, Completion hoped, Throwable thrown) {
    if (handOver(run, completion)) {
      Outbox.Item item = new Outbox.Item(run, completion, thrown);
      item.hoped = hoped;
      add(item);
    }
  }

  /** Takes the outcome of a run that was written together with its effects, or was not. */
  void written(Run run, Completion completion, Ended ended) {
    if (handOver(run, completion)) {
      holdings.handedOver();
      Outbox.Item item = new Outbox.Item(run, completion, null);
      if (ended.written().contains(item.id())) {
        ended(item, ended.turned().get(item.id()));
      } else {
        fenced(item);
      }
    }
  }

  private static boolean handOver(Run run, Completion completion) {
    boolean first = run.handOver();
    if (!first) {
      LOG.warn("{} ended {} after it was given up", run, completion.ending().outcome());
    }
    return first;
  }

  private void add(Outbox.Item item) {
    if (outbox.add(item)) {
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
    return outbox.drain(limit);
  }

  @Override
  long turn() {
    for (List<Outbox.Item> batch = outbox.take(); !batch.isEmpty(); batch = outbox.take()) {
      try {
        flush(batch);
      } finally {
        outbox.putBack(batch);
      }
    }
    return outbox.untilNext();
  }

  private void flush(List<Outbox.Item> batch) {
    Ended ended;
    try {
      ended = store.claims().complete(batch.stream().map(item -> item.completion).toList());
    } catch (BusyStoreException e) {
      busy(batch, e);
      return;
    } catch (TransientStoreException e) {
      throw e;
    } catch (UnknownCommitException e) {
      batch.forEach(Completer::uncertain);
      throw e;
    } catch (RuntimeException e) {
      split(batch, e);
      return;
    }
    settle(batch, ended);
  }

  /**
   * Somebody holds a row of the batch. Each is tried by itself then, after whatever else is there:
   * a transaction that stays open mustn't hold up the outcomes of others.
   */
  private static void busy(List<Outbox.Item> batch, BusyStoreException e) {
    LOG.warn("{} outcomes can't be written while somebody holds a row of them", batch.size(), e);
    long soon = System.nanoTime() + (batch.size() == 1 ? HELD_PAUSE : 1);
    batch.forEach(item -> item.againAt = soon);
  }

  private static void uncertain(Outbox.Item item) {
    if (item.hoped == null) {
      item.hoped = item.completion;
    }
  }

  /** The store refuses something in the batch: finds out what, and writes the rest. */
  private void split(List<Outbox.Item> batch, RuntimeException refusal) {
    if (batch.size() > 1) {
      int half = batch.size() / 2;
      flushEach(List.of(batch.subList(0, half), batch.subList(half, batch.size())));
      return;
    }
    Outbox.Item item = batch.get(0);
    LOG.error("The outcome of {} was refused; its details are left out", item.run, refusal);
    Completion bare =
        new Completion(
            item.completion.guard(),
            item.completion.ending().withoutDetails(),
            item.completion.next());
    Ended ended;
    try {
      ended = store.claims().complete(List.of(bare));
    } catch (UnknownCommitException e) {
      uncertain(item);
      throw e;
    }
    settle(batch, ended);
  }

  /** Flushes both halves even if the first one fails. */
  private void flushEach(List<List<Outbox.Item>> halves) {
    RuntimeException failure = null;
    for (List<Outbox.Item> half : halves) {
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

  private void settle(List<Outbox.Item> batch, Ended ended) {
    RuntimeException failure = null;
    for (Outbox.Item item : batch) {
      try {
        if (ended.written().contains(item.id())) {
          ended(item, ended.turned().get(item.id()));
        } else if (item.hoped == null || !wasWritten(item, item.hoped)) {
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

  /** Whether an earlier try, whose answer was lost, wrote it; if so, that is told. */
  private boolean wasWritten(Outbox.Item item, Completion hoped) {
    if (!hoped.ending().recorded()) {
      unconfirmed(item);
      return true;
    }
    ExecutionId id =
        new ExecutionId(item.run.claim().claimedAt(), item.id(), hoped.guard().version());
    Optional<ExecutionRecord> found =
        store
            .history()
            .find(id)
            .filter(execution -> execution.session().equals(hoped.guard().owner()));
    if (found.isEmpty()) {
      return false;
    }
    Outcome outcome = found.get().outcome();
    Completion which = outcome == hoped.ending().outcome() ? hoped : item.completion;
    // A request may have turned it into CANCELLED; nobody else ends a claim of ours so.
    if (outcome != which.ending().outcome() && outcome != Outcome.CANCELLED) {
      return false;
    }
    done(item);
    counters.ended(outcome);
    Ended.Turn turn =
        outcome == which.ending().outcome() ? null : new Ended.Turn(outcome, null, null);
    Throwable thrown = which.ending().failure() == null ? null : item.thrown;
    listeners.ended(item.run.claim(), which, turn, thrown);
    settled.accept(item.run, following(which.next()));
    return true;
  }

  private void ended(Outbox.Item item, Ended.@Nullable Turn turn) {
    done(item);
    counters.ended(turn == null ? item.completion.ending().outcome() : turn.outcome());
    if (item.run.hasRun() && item.completion.next() instanceof Next.Fire fire) {
      counters.overlapped.add(fire.missed());
    }
    listeners.ended(item.run.claim(), item.completion, turn, item.thrown);
    settled.accept(item.run, following(item.completion.next(), turn));
  }

  private void fenced(Outbox.Item item) {
    done(item);
    counters.fenced.increment();
    LOG.warn(
        "The outcome {} of {} isn't written: another session has taken the trigger over",
        item.completion.ending().outcome(),
        item.run);
    settled.accept(item.run, null);
  }

  /** Its job keeps no history that could tell whether it was written or the claim was lost. */
  private void unconfirmed(Outbox.Item item) {
    done(item);
    counters.unconfirmed.increment();
    LOG.warn(
        "Nobody knows whether the outcome {} of {} was written before its answer was lost, for its"
            + " job keeps no history; if it wasn't, another session runs it again",
        item.completion.ending().outcome(),
        item.run);
    settled.accept(item.run, null);
  }

  private void done(Outbox.Item item) {
    item.done = true;
    holdings.remove(item.run);
  }

  private static @Nullable Due following(Next next, Ended.@Nullable Turn turn) {
    if (turn == null) {
      return following(next);
    }
    return turn.state() == TriggerState.SCHEDULED && turn.due() != null ? Due.at(turn.due()) : null;
  }

  private static @Nullable Due following(Next next) {
    if (next instanceof Next.Retry retry) {
      return retry.due();
    } else if (next instanceof Next.Release release) {
      return release.due();
    }
    return next instanceof Next.Fire fire ? fire.due() : null;
  }
}
