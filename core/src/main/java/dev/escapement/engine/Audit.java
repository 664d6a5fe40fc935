package dev.escapement.engine;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, every heartbeat interval and for ever, at who lives and at every RUNNING trigger whose
 * owner is this session or isn't live. What is found without a holder is set going again. Every
 * third look it also tends the holds, and once a minute it clears what is old.
 */
final class Audit extends Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  private static final long CLEARING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

  /** In heartbeats. */
  private static final int TENDING_INTERVAL = 3;

  private final Store store;
  private final Settings settings;
  private final Node node;
  private final Completer completer;
  private final Runnable somethingDue;
  private final DeathWatch deathWatch;
  private final Tending tending;
  private final Clearing clearing;

  private @Nullable Session watchedFor;
  private int disruptionsSeen;
  private long tendAt;
  private long clearAt;

  Audit(String name, Store store, Settings settings, Node node, Deed deed) {
    super(name, settings.timing().heartbeat());
    this.store = store;
    this.settings = settings;
    this.node = node;
    this.completer = deed.completer();
    this.somethingDue = deed.somethingDue();
    this.deathWatch = new DeathWatch(settings.timing());
    this.tending = new Tending(store, node, somethingDue);
    this.clearing = new Clearing(store, settings.limits(), node.herd());
    long now = node.nanoClock().getAsLong();
    this.tendAt = now;
    // Nodes that start together don't clear together.
    this.clearAt = now + ThreadLocalRandom.current().nextLong(CLEARING_INTERVAL);
  }

  /**
   * What the audit acts through.
   *
   * @param completer takes what is given back
   * @param somethingDue told when triggers are due that weren't
   */
  record Deed(Completer completer, Runnable somethingDue) {}

  @Override
  long turn() throws InterruptedException {
    Session session = node.heart().trusted();
    long heartbeat = settings.timing().heartbeat().toNanos();
    if (session == null) {
      return heartbeat;
    }
    giveBackUnstarted(heartbeat);
    watch(session);
    reconcile(session);
    long now = node.nanoClock().getAsLong();
    // House-keeping takes half of the time at most: the next look at who lives must not wait.
    long until = now + heartbeat / 2;
    if (now - tendAt >= 0) {
      tendAt = now + TENDING_INTERVAL * heartbeat;
      if (!tending.tend(() -> isBefore(until))) {
        tendAt = now;
        wake();
      }
    }
    if (now - clearAt >= 0) {
      clear(session, now, until);
    }
    // Last, lest a fault in one declaration keep all the rest from being done.
    if (node.declarations().refreshIfChanged()) {
      somethingDue.run();
    }
    return heartbeat;
  }

  /** Its faults keep nothing else from being done: what is old can wait. */
  private void clear(Session session, long now, long until) {
    clearAt = now + CLEARING_INTERVAL;
    try {
      if (!clearing.clear(session.id(), () -> isBefore(until))) {
        clearAt = now;
      }
    } catch (StoreException e) {
      LOG.warn("What is old couldn't be cleared; it is tried again in a minute", e);
    }
  }

  /** What has waited for a worker for a whole heartbeat is others' to run. */
  private void giveBackUnstarted(long heartbeat) {
    for (Run run : node.pools().takeUnstarted(node.nanoClock().getAsLong() - heartbeat)) {
      completer.add(run, Verdict.unstarted(run), null);
    }
  }

  private void watch(Session session) {
    if (session != watchedFor || session.disruptions() != disruptionsSeen || !session.steady()) {
      if (session != watchedFor) {
        tendAt = node.nanoClock().getAsLong();
      }
      watchedFor = session;
      disruptionsSeen = session.disruptions();
      deathWatch.forget();
    }
    long askedAt = node.nanoClock().getAsLong();
    List<SessionRecord> all = store.sessions().all();
    long answeredAt = node.nanoClock().getAsLong();
    for (SessionRecord dead : deathWatch.look(all, session.id(), askedAt, answeredAt)) {
      if (session.steady() && store.sessions().declareDead(dead.id(), dead.beat())) {
        LOG.warn(
            "Node {} is declared dead: its session {} hasn't beaten for {}",
            dead.node(),
            dead.id(),
            settings.timing().lease());
      }
    }
    List<SessionId> live = all.stream().filter(SessionRecord::live).map(SessionRecord::id).toList();
    node.herd().members(live);
  }

  private void reconcile(Session session) throws InterruptedException {
    List<RunningTrigger> unheld = new ArrayList<>();
    List<RunningTrigger> orphaned = new ArrayList<>();
    long patience = settings.timing().heartbeat().toNanos();
    if (!node.holdings().claiming.tryLock(patience, TimeUnit.NANOSECONDS)) {
      LOG.debug("A claim is under way for longer than a heartbeat; the audit looks again later");
      return;
    }
    try {
      // Taken before the look: what ends while the store answers was held when it looked.
      Set<Guard> held = node.holdings().guards();
      int limit = 1_000 + 4 * node.pools().capacity() + held.size();
      for (RunningTrigger running : store.claims().running(session.id(), limit)) {
        if (held.contains(running.guard())) {
          // Also a run of an earlier session of this node: as long as it goes on, no second one.
          continue;
        }
        if (running.guard().owner().equals(session.id())) {
          unheld.add(running);
        } else {
          orphaned.add(running);
        }
      }
    } finally {
      node.holdings().claiming.unlock();
    }
    giveBack(unheld);
    takeOver(orphaned);
  }

  private void giveBack(List<RunningTrigger> unheld) {
    if (unheld.isEmpty()) {
      return;
    }
    List<Completion> completions = unheld.stream().map(Verdict::unheld).toList();
    Ended ended = store.claims().complete(completions);
    if (!ended.written().isEmpty()) {
      LOG.warn(
          "{} claims of this session whose answer was lost are given back", ended.written().size());
    }
    told(unheld, completions, ended);
  }

  private void takeOver(List<RunningTrigger> orphaned) {
    if (orphaned.isEmpty()) {
      return;
    }
    int quarantine = settings.limits().quarantineAfter();
    List<Completion> completions =
        orphaned.stream().map(running -> Verdict.lost(running, quarantine)).toList();
    Ended ended = store.claims().takeOver(completions);
    if (!ended.written().isEmpty()) {
      LOG.warn("{} triggers whose session is gone are taken over", ended.written().size());
    }
    told(orphaned, completions, ended);
  }

  private void told(List<RunningTrigger> triggers, List<Completion> completions, Ended ended) {
    for (int i = 0; i < triggers.size(); i++) {
      Completion completion = completions.get(i);
      TriggerId id = completion.guard().id();
      if (ended.written().contains(id)) {
        Ended.Turn turn = ended.turned().get(id);
        Outcome outcome = turn == null ? completion.ending().outcome() : turn.outcome();
        node.books().counters().ended(outcome);
        node.books().listeners().ended(triggers.get(i), completion, turn);
      }
    }
    if (!ended.written().isEmpty()) {
      somethingDue.run();
    }
  }

  private boolean isBefore(long until) {
    return node.nanoClock().getAsLong() - until < 0;
  }
}
