package dev.escapement.engine;

import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerStats;
import dev.escapement.TriggerId;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.UnknownCommitException;
import dev.escapement.store.Wakeups;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
  private final JobRegistry registry;
  private final Holdings holdings = new Holdings();
  private final Counters counters = new Counters();
  private final Alarm alarm;
  private final Declarations declarations;
  private final WorkerPools pools;
  private final Completer completer;
  private final Heart heart;
  private final Poller poller;
  private final Audit audit;
  private final Enqueuer enqueuer;

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
    LongSupplier nanoClock = System::nanoTime;
    String prefix = "escapement-" + settings.identity().node() + "-";
    this.settings = settings;
    this.store = store;
    this.registry = JobRegistry.of(jobs);
    Bookkeeping books = new Bookkeeping(counters, new Listeners(settings.hooks().listeners()));
    this.alarm = new Alarm(prefix + "alarm");
    this.completer = new Completer(prefix + "completer", store, holdings, books, this::settled);
    ScheduleReader schedules = new ScheduleReader();
    this.declarations = new Declarations(store, registry, schedules);
    Runner.Score score = new Runner.Score(registry, settings.hooks().codec(), schedules);
    Runner runner = new Runner(score, store, alarm, completer, counters);
    this.pools = new WorkerPools(queues(), settings, nanoClock, runner::run);
    this.heart =
        new Heart(
            prefix + "heart",
            store,
            settings,
            new Heart.Body(registry, declarations, pools, books, nanoClock),
            this::sessionChanged);
    Node node =
        new Node(
            settings.timing(),
            registry,
            declarations,
            heart,
            pools,
            holdings,
            books,
            new Herd(),
            nanoClock);
    this.poller =
        new Poller(
            prefix + "poller",
            store,
            node,
            new Spawning(store, registry, schedules, counters),
            new Poller.Events(this::clusterChanged, this::auditSoon, this::giveBack));
    this.audit =
        new Audit(prefix + "audit", store, settings, node, new Audit.Deed(completer, poller::wake));
    this.enqueuer =
        new Enqueuer(
            store,
            settings.hooks().codec(),
            settings.limits().payloadBytes(),
            new Enqueuer.Surroundings(
                Optional.of(registry),
                schedules,
                settings.timing().poll(),
                this::clusterChanged,
                poller::wake));
  }

  private Set<String> queues() {
    Set<String> queues = new LinkedHashSet<>();
    queues.add(JobPolicy.DEFAULT_QUEUE);
    registry.all().forEach(job -> queues.add(job.policy().placement().queue()));
    queues.addAll(settings.workers().ofQueue().keySet());
    return queues;
  }

  private void settled(Run run, Next next) {
    pools.settled(run);
    poller.roomMade();
    if (next instanceof Next.Retry retry) {
      poller.wakeAt(run.nanoTimeOf(retry.due()));
    } else if (next instanceof Next.Fire fire && fire.due() != null) {
      poller.wakeAt(run.nanoTimeOf(fire.due()));
    }
  }

  private void giveBack(Run run) {
    completer.add(run, Verdict.unstarted(run), null);
  }

  private void clusterChanged() {
    declarations.changed();
    audit.wake();
  }

  private void auditSoon() {
    audit.wake();
  }

  private void sessionChanged() {
    Session current = heart.current();
    if (current != null && current.isDead()) {
      interrupt(Run.Stop.SESSION_DEAD, false);
      pools.takeUnstarted(System.nanoTime()).forEach(this::giveBack);
    } else {
      listen();
    }
    poller.wake();
    audit.wake();
  }

  /** Not before there is a session: until then the store may not be there. */
  private void listen() {
    listening.lock();
    try {
      if (subscription == null && !deaf) {
        subscription = store.wakeups().listen(poller::wake);
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
      alarm.every(check, this::checkTrust);
      completer.start();
      heart.start();
      audit.start();
      poller.start();
    } finally {
      lifecycle.unlock();
    }
  }

  private void openFirst() {
    try {
      heart.open();
    } catch (TransientStoreException | UnknownCommitException e) {
      if (!settings.hooks().waitForStore()) {
        throw e;
      }
      LOG.warn("The store can't be reached; the node begins as soon as it can", e);
    }
  }

  /** Notices that the lease has run out even while the heart hangs in a call. */
  private void checkTrust() {
    Session current = heart.current();
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
    interrupt(Run.Stop.LEASE_LOST, true);
  }

  private void interrupt(Run.Stop reason, boolean onlyIfDeclared) {
    for (Run run : holdings.all()) {
      boolean declared =
          registry.find(run.job()).map(job -> job.policy().interruptOnLeaseLoss()).orElse(false);
      boolean concerned = reason != Run.Stop.SESSION_DEAD || run.session().isDead();
      if (concerned && (declared || !onlyIfDeclared)) {
        run.stop(reason);
      }
    }
  }

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> requests) {
    return enqueuer.submitAll(requests);
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> recurrences) {
    return enqueuer.recurring(recurrences);
  }

  @Override
  public boolean deleteRecurring(JobType<?> type, String key) {
    return enqueuer.deleteRecurring(type, key);
  }

  @Override
  public JobOperations jobs() {
    return enqueuer.jobs();
  }

  @Override
  public Optional<TriggerRecord> find(TriggerId id) {
    return enqueuer.find(id);
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return enqueuer.find(job, key);
  }

  @Override
  public Optional<TriggerRecord> findStanding(String job) {
    return enqueuer.findStanding(job);
  }

  @Override
  public boolean resume(TriggerId id) {
    return enqueuer.resume(id);
  }

  @Override
  public SchedulerStats stats() {
    return new SchedulerStats(
        counters.claimed.sum(),
        counters.outcomes(),
        counters.fenced.sum(),
        counters.missed.sum(),
        counters.overlapped.sum(),
        counters.sessions.sum(),
        pools.running(),
        pools.buffered());
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
        alarm.close();
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
    poller.stop(DRAIN_LIMIT);
    pools.close().forEach(this::giveBack);
    try {
      interrupted |= !finishWithin(settings.timing().stopGrace());
    } finally {
      audit.stop(DRAIN_LIMIT);
      heart.stop(DRAIN_LIMIT);
      completer.stop(DRAIN_LIMIT);
      closeSession();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the caller wasn't interrupted; an interrupt ends the grace and nothing else. */
  private boolean finishWithin(Duration grace) {
    Patience patience = new Patience();
    if (!patience.once(() -> holdings.awaitIdle(grace.toNanos()))) {
      LOG.warn(
          "{} runs outlast the stop grace of {} and are interrupted", holdings.unfinished(), grace);
      interrupt(Run.Stop.STOPPING, false);
      patience.whatever(() -> holdings.awaitIdle(INTERRUPT_GRACE.toNanos()));
    }
    for (Run run : holdings.all()) {
      if (!run.isHandedOver()) {
        LOG.warn("{} ignores its interrupt and is given back; other nodes will run it", run);
        completer.add(run, Verdict.abandoned(run), null);
      }
    }
    if (!patience.whatever(() -> completer.drain(DRAIN_LIMIT) == 0)) {
      LOG.error("Some outcomes couldn't be written; other nodes will run those triggers again");
    }
    patience.whatever(() -> pools.dismiss(Duration.ofMillis(100)));
    return !patience.tried();
  }

  private void closeSession() {
    Session current = heart.current();
    if (current == null || current.isDead()) {
      return;
    }
    try {
      store.sessions().close(current.id());
      LOG.info("Node {} closed session {}", settings.identity().node(), current.id());
    } catch (StoreException e) {
      LOG.warn("Session {} couldn't be closed; others will declare it dead", current.id(), e);
    }
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
