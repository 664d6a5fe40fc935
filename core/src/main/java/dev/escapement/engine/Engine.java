package dev.escapement.engine;

import dev.escapement.Enqueued;
import dev.escapement.Enqueuing;
import dev.escapement.Execution;
import dev.escapement.ExecutionOperations;
import dev.escapement.Explanation;
import dev.escapement.Job;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.NodeOperations;
import dev.escapement.QueueOperations;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerStats;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import dev.escapement.store.Wakeups;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node, assembled: starts its parts, and stops them in an order that loses nothing. */
public final class Engine implements Scheduler {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** How long an interrupted handler may take to return before close() goes on without it. */
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(2);

  /** How long close() tries to write outcomes that the store doesn't take. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

  private enum Phase {
    NEW,
    STARTED,
    CLOSED
  }

  private final Settings settings;
  private final Store store;
  private final Movement movement;
  private final Client client;

  private final ReentrantLock lifecycle = new ReentrantLock();
  private Phase phase = Phase.NEW;
  private final ReentrantLock listening = new ReentrantLock();
  private Wakeups.@Nullable Subscription subscription;
  private boolean deaf;
  private @Nullable Thread shutdownHook;
  private @Nullable Session lapsed;

  /**
   * @throws dev.escapement.InvalidDeclarationException if two jobs bear one name
   */
  public Engine(Settings settings, Store store, Collection<? extends Job<?>> jobs) {
    this.settings = settings;
    this.store = store;
    this.movement = new Movement(settings, store, jobs, System::nanoTime, this::sessionChanged);
    this.client = movement.client;
  }

  private void sessionChanged() {
    Session current = movement.heart.current();
    if (current != null && current.isDead()) {
      movement.sessionDied();
    } else {
      listen();
    }
    movement.poller.wake();
    movement.audit.wake();
  }

  /** Not before there is a session: until then the store may not be there. */
  private void listen() {
    listening.lock();
    try {
      if (subscription == null && !deaf) {
        subscription = store.wakeups().listen(movement.poller::wake);
      }
    } catch (StoreException e) {
      LOG.warn("Node {} hears no wake-ups and polls", settings.identity().node(), e);
    } finally {
      listening.unlock();
    }
  }

  private void stopListening() {
    listening.lock();
    try {
      deaf = true;
      if (subscription != null) {
        subscription.close();
      }
    } finally {
      listening.unlock();
    }
  }

  @Override
  public void start() {
    lifecycle.lock();
    try {
      if (phase == Phase.CLOSED) {
        throw new IllegalStateException(
            "A closed scheduler can't be started again; build another one.");
      }
      if (phase == Phase.STARTED) {
        return;
      }
      openFirst();
      phase = Phase.STARTED;
      Duration check = settings.timing().margin().dividedBy(4);
      movement.alarm.every(check, this::checkTrust);
      movement.completer.start();
      movement.heart.start();
      movement.audit.start();
      movement.poller.start();
    } finally {
      lifecycle.unlock();
    }
  }

  private void openFirst() {
    try {
      movement.heart.open();
    } catch (TransientStoreException | UnknownCommitException e) {
      if (!settings.hooks().waitForStore()) {
        throw e;
      }
      LOG.warn("The store can't be reached; the node begins as soon as it can", e);
    }
  }

  /** Notices that the lease has run out even while the heart hangs in a call. */
  private void checkTrust() {
    Session current = movement.heart.current();
    if (current == null || current.isDead() || current.trusted() || current == lapsed) {
      if (current != null && current.trusted()) {
        lapsed = null;
      }
      return;
    }
    lapsed = current;
    LOG.warn(
        "Node {} couldn't beat for most of its lease of {}: it starts nothing until it can, and"
            + " others may take over what it runs",
        settings.identity().node(),
        settings.timing().lease());
    movement.interrupt(Run.Stop.LEASE_LOST, true);
  }

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> requests) {
    return client.submitAll(requests);
  }

  @Override
  public Enqueuing using(Connection connection) {
    return client.using(connection);
  }

  @Override
  public void wakeUp() {
    client.wakeUp();
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> recurrences) {
    return client.recurring(recurrences);
  }

  @Override
  public boolean deleteRecurring(JobType<?> type, String key) {
    return client.deleteRecurring(type, key);
  }

  @Override
  public JobOperations jobs() {
    return client.jobs();
  }

  @Override
  public TriggerOperations triggers() {
    return client.triggers();
  }

  @Override
  public QueueOperations queues() {
    return client.queues();
  }

  @Override
  public NodeOperations nodes() {
    return client.nodes();
  }

  @Override
  public ExecutionOperations executions() {
    return client.executions();
  }

  @Override
  public Execution await(TriggerId id, Duration timeout)
      throws InterruptedException, TimeoutException {
    return client.await(id, timeout);
  }

  @Override
  public Explanation explain(TriggerId id) {
    return client.explain(id);
  }

  @Override
  public SchedulerStats stats() {
    return movement.stats();
  }

  @Override
  public void registerShutdownHook() {
    lifecycle.lock();
    try {
      if (shutdownHook == null && phase != Phase.CLOSED) {
        Thread hook = new Thread(this::close, "escapement-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        shutdownHook = hook;
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void close() {
    lifecycle.lock();
    try {
      Phase before = phase;
      phase = Phase.CLOSED;
      if (before == Phase.STARTED) {
        stopInOrder();
      }
      if (before != Phase.CLOSED) {
        movement.alarm.close();
        removeShutdownHook();
      }
    } finally {
      lifecycle.unlock();
    }
  }

  /** Beats go on until nothing runs any more: a node that finishes its work isn't dead. */
  private void stopInOrder() {
    boolean interrupted = Thread.interrupted();
    stopListening();
    movement.poller.stop(DRAIN_LIMIT);
    movement.pools.close().forEach(movement::giveBack);
    movement.holdings.all().forEach(Run::askToYield);
    try {
      interrupted |= !finishWithin(settings.timing().stopGrace());
    } finally {
      movement.audit.stop(DRAIN_LIMIT);
      movement.heart.stop(DRAIN_LIMIT);
      movement.reporter.stop(DRAIN_LIMIT);
      movement.completer.stop(DRAIN_LIMIT);
      closeSession();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the caller wasn't interrupted; an interrupt ends the grace and nothing else. */
  private boolean finishWithin(Duration grace) {
    Holdings holdings = movement.holdings;
    Patience patience = new Patience();
    if (!patience.once(() -> holdings.awaitIdle(grace.toNanos()))) {
      LOG.warn(
          "{} runs outlast the stop grace of {} and are interrupted", holdings.unfinished(), grace);
      movement.interrupt(Run.Stop.STOPPING, false);
      patience.whatever(() -> holdings.awaitIdle(INTERRUPT_GRACE.toNanos()));
    }
    for (Run run : holdings.all()) {
      if (!run.isHandedOver()) {
        LOG.warn("{} ignores its interrupt and is given back; other nodes will run it", run);
        movement.completer.add(run, Verdict.abandoned(run), null);
      }
    }
    if (!patience.whatever(() -> movement.completer.drain(DRAIN_LIMIT) == 0)) {
      LOG.error("Some outcomes couldn't be written; other nodes will run those triggers again");
    }
    patience.whatever(() -> movement.pools.dismiss(Duration.ofMillis(100)));
    return !patience.tried();
  }

  private void closeSession() {
    Session current = movement.heart.current();
    if (current == null || current.isDead()) {
      return;
    }
    try {
      store.sessions().close(current.id());
      LOG.info("Node {} closed session {}", settings.identity().node(), current.id());
    } catch (StoreException e) {
      LOG.warn("Session {} couldn't be closed; others will declare it dead", current.id(), e);
    }
    current.die();
  }

  private void removeShutdownHook() {
    Thread hook = shutdownHook;
    if (hook == null || hook == Thread.currentThread()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM shuts down already; the hook has nothing left to do", e);
    }
  }
}
