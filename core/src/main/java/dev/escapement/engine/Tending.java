package dev.escapement.engine;

import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tends holds: frees what can run again, and parks what stands in the way and nobody can run. Not
 * thread-safe.
 */
final class Tending {

  private static final Logger LOG = LoggerFactory.getLogger(Tending.class);

  private static final int WINDOW = 500;
  private static final int BATCH = 1_000;

  /**
   * Whoever looks for what stands in the way walks over what is dead in the index, which may take
   * long beside a transaction that stays open: then it takes at most one part in so many of the
   * time.
   */
  private static final int PART_FOR_LOOKS = 10;

  private final Store store;
  private final Node node;
  private final Runnable somethingDue;
  private long lookAt;

  /**
   * @param somethingDue told when triggers are due that weren't
   */
  Tending(Store store, Node node, Runnable somethingDue) {
    this.store = store;
    this.node = node;
    this.somethingDue = somethingDue;
    this.lookAt = now();
  }

  /**
   * Tends once.
   *
   * @param inTime whether there is time for one more batch
   * @return false if more may be free: the next call shall come soon
   */
  boolean tend(BooleanSupplier inTime) {
    node.declarations().tend();
    boolean all = free();
    if (now() - lookAt >= 0) {
      look(inTime);
    }
    return all;
  }

  private boolean free() {
    int freed = store.holds().unpark(node.registry().names(), BATCH);
    if (freed > 0) {
      LOG.info("{} parked triggers are back in service", freed);
      somethingDue.run();
    }
    return freed < BATCH;
  }

  /** Its faults keep nothing else from being done. */
  private void look(BooleanSupplier inTime) {
    long askedAt = now();
    try {
      Set<String> strangers = strangers();
      putOff(askedAt);
      strangers.forEach(job -> park(job, inTime));
    } catch (StoreException e) {
      putOff(askedAt);
      LOG.warn("Whether triggers that nobody can run stand in the way isn't known", e);
    }
  }

  private void putOff(long askedAt) {
    lookAt = askedAt + PART_FOR_LOOKS * (now() - askedAt);
  }

  /** Also the jobs that are known and paused: they stand in the way as much. */
  private Set<String> strangers() {
    return store.holds().strangers(node.pools().queues(), node.declarations().claimable(), WINDOW);
  }

  /** One batch at least: the look itself may have taken all the time. */
  private void park(String job, BooleanSupplier inTime) {
    int parked = 0;
    int batch;
    do {
      batch = store.holds().park(job, BATCH);
      parked += batch;
    } while (batch == BATCH && inTime.getAsBoolean());
    if (parked > 0) {
      LOG.warn(
          "{} due triggers of job \"{}\" are held: it is paused, or no live node has a handler"
              + " for it. They run as soon as that has changed.",
          parked,
          job);
    }
  }

  private long now() {
    return node.nanoClock().getAsLong();
  }
}
