package dev.escapement.engine;

import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Position;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Claims what there is room for, then sleeps: not at all if there was more than that, until the
 * next due if the store named one, shortly while triggers come ({@link Arrivals}), and never longer
 * than the poll interval.
 */
final class Poller extends Loop {

  /**
   * What is due earlier than what was claimed is found by beginning at the oldest due again: what
   * was committed late, or resumed. That may take long, after many claims or beside a transaction
   * that keeps dead rows in the index, so it takes at most one part in so many of the time.
   */
  private static final int PART_FOR_OLDEST = 10;

  /** And is put off by at most as many poll intervals. */
  private static final int MOST_POLLS_APART = 10;

  private final Store store;
  private final Settings.Timing timing;
  private final Node node;
  private final Spawning spawning;
  private final Ear ear;
  private final Runnable clusterChanged;
  private final Runnable answerLost;
  private final Consumer<Run> unwanted;

  private final StoreClock clock = new StoreClock();
  private Position position = Position.START;

  /** When to begin at the oldest due again. */
  private long oldestAt;

  /** How long that took the last time. */
  private long oldestTook = Long.MAX_VALUE;

  private final Arrivals arrivals;
  private long epoch = -1;

  private long refreshAt;

  /** Set while a freed slot is worth a claim at once. */
  private volatile boolean hungry;

  /** Set when something may have become due that the last answer didn't speak of. */
  private volatile boolean news;

  Poller(String name, Store store, Node node, Spawning spawning, Events events) {
    super(name, node.timing().poll());
    this.store = store;
    this.timing = node.timing();
    this.node = node;
    this.spawning = spawning;
    this.ear = new Ear(store, node.holdings());
    this.clusterChanged = events.clusterChanged();
    this.answerLost = events.answerLost();
    this.unwanted = events.unwanted();
    this.oldestAt = node.nanoClock().getAsLong();
    this.refreshAt = oldestAt;
    this.arrivals = new Arrivals(timing.poll().toNanos(), oldestAt);
  }

  /**
   * What the poller tells of.
   *
   * @param clusterChanged sessions have come or gone
   * @param answerLost a claim failed: rows may be owned that nobody here knows of
   * @param unwanted a claim came when its session had died or the node had begun to stop
   */
  record Events(Runnable clusterChanged, Runnable answerLost, Consumer<Run> unwanted) {}

  /** There is room again. */
  void roomMade() {
    if (hungry && node.pools().anyDemand(node.declarations().pausedQueues())) {
      super.wake();
    }
  }

  @Override
  void wake() {
    news = true;
    super.wake();
  }

  @Override
  void wakeAt(long nanoTime) {
    news = true;
    super.wakeAt(nanoTime);
  }

  @Override
  long turn() {
    Session session = node.heart().trusted();
    if (session == null) {
      return timing.poll().toNanos();
    }
    hungry = true;
    node.pools().offer(List.of());
    Set<String> paused = node.declarations().pausedQueues();
    List<Demand> demands = demands(paused);
    ClaimResult result = claim(session, demands);
    boolean more = node.pools().answered(result, paused, node.nanoClock().getAsLong());
    refreshBy(result);
    if (result.epoch() != epoch) {
      epoch = result.epoch();
      clusterChanged.run();
    }
    ear.listen(session, result.requests());
    spawning.fire(result.spawners(), result.now());
    // A node without room asks all the same, for the epoch, but only once in a while.
    if (demands.stream().allMatch(demand -> demand.limit() == 0)) {
      return timing.poll().toNanos();
    }
    if (!result.spawners().isEmpty()) {
      return AT_ONCE;
    }
    if (more) {
      return node.pools().anyDemand(paused) ? AT_ONCE : timing.poll().toNanos();
    }
    hungry = node.pools().unasked(paused);
    return Math.min(arrivals.untilMore(), untilNextDue(session, result));
  }

  private List<Demand> demands(Set<String> paused) {
    long now = node.nanoClock().getAsLong();
    if (news || now - refreshAt >= 0) {
      news = false;
      refreshAt = now + timing.poll().toNanos();
      node.pools().refresh();
    }
    return node.pools().demands(paused, now);
  }

  /** What becomes due next may be in a queue that had nothing. */
  private void refreshBy(ClaimResult result) {
    Instant next = result.nextDue();
    if (next != null && next.isBefore(result.now().plus(timing.poll()))) {
      long due = clock.showing(next);
      if (due - refreshAt < 0) {
        refreshAt = due;
      }
    }
  }

  private ClaimResult claim(Session session, List<Demand> demands) {
    long askedAt = node.nanoClock().getAsLong();
    boolean fromOldest = askedAt - oldestAt >= 0;
    Position from = fromOldest ? Position.START : position;
    List<Run> runs;
    ClaimResult result;
    node.holdings().claiming.lock();
    try {
      result =
          store
              .claims()
              .claim(
                  new ClaimRequest(
                      session.id(),
                      demands,
                      node.declarations().claimable(),
                      node.declarations().spawning(),
                      from));
      long answeredAt = node.nanoClock().getAsLong();
      clock.answered(askedAt, answeredAt, result.now());
      arrivals.looked(result.claims().size(), askedAt, answeredAt - askedAt);
      if (!result.claims().isEmpty()) {
        node.pools().claimTook(answeredAt - askedAt);
      }
      runs =
          result.claims().stream()
              .map(claim -> new Run(claim, session, node.nanoClock(), askedAt, answeredAt))
              .toList();
      node.holdings().add(runs);
    } catch (RuntimeException e) {
      answerLost.run();
      throw e;
    } finally {
      node.holdings().claiming.unlock();
      if (fromOldest) {
        oldestAt = askedAt + untilOldest(node.nanoClock().getAsLong() - askedAt);
      }
    }
    position = from.after(result.claims());
    node.books().counters().claimed.add(runs.size());
    for (Run run : runs) {
      node.books().listeners().claimed(run.claim());
    }
    List<Run> refused = session.isDead() ? runs : node.pools().offer(runs);
    refused.forEach(unwanted);
    if (!result.spawners().isEmpty()) {
      // What is born may be due before what was claimed.
      position = Position.START;
    }
    return result;
  }

  /** The quicker one of two tells: one alone may have waited for the disk. */
  private long untilOldest(long took) {
    long quicker = Math.min(took, oldestTook);
    oldestTook = took;
    return Math.min(quicker * PART_FOR_OLDEST, timing.poll().toNanos() * MOST_POLLS_APART);
  }

  private long untilNextDue(Session session, ClaimResult result) {
    Instant next = result.nextDue();
    long poll = timing.poll().toNanos();
    if (next == null || next.isAfter(result.now().plus(timing.poll()))) {
      return poll;
    }
    long delay = node.herd().delay(session.id(), next).toNanos();
    long sleep = clock.showing(next) + delay - node.nanoClock().getAsLong();
    return Math.min(poll, Math.max(1, sleep));
  }
}
