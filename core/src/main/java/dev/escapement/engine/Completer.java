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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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

  /** How long an outcome is left alone whose row somebody holds, at first and at most. */
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

  /** How long one is left alone that has blocked a whole call by itself. */
  private static final long BLOCKED_PAUSE = TimeUnit.SECONDS.toNanos(2);

  /** After which time of being passed over an outcome waits for its row, and is told to people. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private static final long REMARKABLE = TimeUnit.SECONDS.toNanos(5);

  /** For how long none waits after one has, so that the others have most of the time. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final Holdings holdings;
  private final Counters counters;
  private final Listeners listeners;
  private final LongSupplier nanoClock;
  private final Fates fates;

  private final Outbox outbox;

  /** Until then none waits for its row. */
  private long restsUntil;

  /**
   * What becomes of runs.
   *
   * @param settled told of each run whose outcome needs no further care, and of when its trigger is
   *     due again, if it is and the store need not be asked
   * @param delayed told, maybe often, of each run whose outcome has to wait for others
   */
  record Fates(BiConsumer<Run, @Nullable Due> settled, Consumer<Run> delayed) {}

  Completer(
      String name,
      Store store,
      Holdings holdings,
      Bookkeeping books,
      LongSupplier nanoClock,
      Settings.GroupCommit groupCommit,
      Fates fates) {
    super(name, Duration.ofSeconds(2));
    this.store = store;
    this.holdings = holdings;
    this.nanoClock = nanoClock;
    this.outbox = new Outbox(holdings, nanoClock, groupCommit);
    this.counters = books.counters();
    this.listeners = books.listeners();
    this.fates = fates;
    this.restsUntil = nanoClock.getAsLong();
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
      ended = write(batch);
    } catch (BusyStoreException e) {
      blocked(batch, e);
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

  private Ended write(List<Outbox.Item> batch) {
    Outbox.Item first = batch.get(0);
    return first.waits
        ? store.claims().completeInTurn(first.toWrite())
        : store.claims().complete(batch.stream().map(Outbox.Item::toWrite).toList());
  }

  /**
   * Somebody holds what the store couldn't pass over. Each is tried by itself then, after whatever
   * else is there: a lock that is held for long mustn't hold up the outcomes of others.
   */
  private void blocked(List<Outbox.Item> batch, BusyStoreException e) {
    LOG.warn("{} outcomes can't be written while somebody holds a lock", batch.size(), e);
    long now = nanoClock.getAsLong();
    long soon = now + (batch.size() == 1 ? BLOCKED_PAUSE : 0);
    for (Outbox.Item item : batch) {
      inVain(item, now);
      item.againAt = soon;
      item.alone = true;
    }
  }

  private static void inVain(Outbox.Item item, long now) {
    if (!item.passed) {
      item.passed = true;
      item.passedSince = now;
      item.waitsFrom = now + PATIENCE;
    }
    item.waits = false;
  }

  /** The store has passed over a row: soon again, less often the longer somebody holds it. */
  private void passedOver(Outbox.Item item, long now) {
    if (item.waits) {
      item.waitsFrom = now + PATIENCE;
      restsUntil = now + REST;
    }
    inVain(item, now);
    item.pause = item.pause == 0 ? FIRST_PAUSE : Math.min(2 * item.pause, LONGEST_PAUSE);
    item.againAt = now + item.pause;
    item.alone = false;
    if (!item.told && now - item.passedSince > REMARKABLE) {
      item.told = true;
      LOG.warn(
          "The outcome {} of {} has been waiting for {} s; most probably a transaction that goes on"
              + " holds the trigger's row",
          item.completion.ending().outcome(),
          item.run,
          TimeUnit.NANOSECONDS.toSeconds(now - item.passedSince));
    }
    fates.delayed().accept(item.run);
  }

  /**
   * Passing over a row never makes one next in line, and a row that many want in short transactions
   * may be held whenever somebody looks. So one of those who have looked for long waits for it.
   */
  private void queueOne(List<Outbox.Item> passedOver, long now) {
    if (now - restsUntil < 0) {
      return;
    }
    passedOver.stream()
        .filter(item -> now - item.waitsFrom >= 0)
        .min((a, b) -> Long.signum(a.waitsFrom - b.waitsFrom))
        .ifPresent(
            item -> {
              restsUntil = now + REST;
              item.waits = true;
              item.alone = true;
              item.againAt = now;
            });
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
    if (item.bare) {
      throw refusal;
    }
    LOG.error("The outcome of {} was refused; its details are left out", item.run, refusal);
    item.bare = true;
    flush(batch);
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
    // One for all, so that those who wait for the same transaction stay together.
    long now = nanoClock.getAsLong();
    List<Outbox.Item> busy = new ArrayList<>();
    for (Outbox.Item item : batch) {
      try {
        if (ended.written().contains(item.id())) {
          ended(item, ended.turned().get(item.id()));
        } else if (ended.busy().contains(item.id())) {
          passedOver(item, now);
          busy.add(item);
        } else if (item.hoped == null || !wasWritten(item, item.hoped)) {
          fenced(item);
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    queueOne(busy, now);
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
    fates.settled().accept(item.run, following(which.next()));
    return true;
  }

  private void ended(Outbox.Item item, Ended.@Nullable Turn turn) {
    done(item);
    counters.ended(turn == null ? item.completion.ending().outcome() : turn.outcome());
    if (item.run.hasRun() && item.completion.next() instanceof Next.Fire fire) {
      counters.overlapped.add(fire.missed());
    }
    listeners.ended(item.run.claim(), item.completion, turn, item.thrown);
    fates.settled().accept(item.run, following(item.completion.next(), turn));
  }

  private void fenced(Outbox.Item item) {
    done(item);
    counters.fenced.increment();
    LOG.warn(
        "The outcome {} of {} isn't written: another session has taken the trigger over",
        item.completion.ending().outcome(),
        item.run);
    fates.settled().accept(item.run, null);
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
    fates.settled().accept(item.run, null);
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
