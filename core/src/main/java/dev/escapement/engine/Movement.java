package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.SchedulerStats;
import dev.escapement.store.Store;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The parts of one node, put together. None of them runs before somebody starts it. */
final class Movement {

  final Settings settings;
  final Store store;
  final LongSupplier nanoClock;
  final JobRegistry registry;
  final Holdings holdings = new Holdings();
  final Counters counters = new Counters();
  final Declarations declarations;
  final Alarm alarm;
  final WorkerPools pools;
  final Completer completer;
  final Reporter reporter;
  final Heart heart;
  final Poller poller;
  final Audit audit;
  final Client client;
  private final Awaiting awaiting;

  /**
   * @param sessionChanged told when there is a new session, or when one was found dead
   * @throws dev.escapement.InvalidDeclarationException if two jobs bear one name
   */
  Movement(
      Settings settings,
      Store store,
      Collection<? extends Job<?>> jobs,
      LongSupplier nanoClock,
      Runnable sessionChanged) {
    this(
        settings,
        store,
        jobs,
        new Clockwork(
            nanoClock,
            new Alarm(prefix(settings) + "alarm"),
            new Reporter(prefix(settings) + "reporter", store)),
        sessionChanged);
  }

  /**
   * What goes by a clock of its own.
   *
   * @param nanoClock the node's
   * @param alarm rings at timeouts
   * @param reporter writes progress once in a while
   */
  record Clockwork(LongSupplier nanoClock, Alarm alarm, Reporter reporter) {}

  Movement(
      Settings settings,
      Store store,
      Collection<? extends Job<?>> jobs,
      Clockwork clockwork,
      Runnable sessionChanged) {
    String prefix = prefix(settings);
    LongSupplier nanoClock = clockwork.nanoClock();
    Settings.Hooks hooks = settings.hooks();
    this.settings = settings;
    this.store = store;
    this.nanoClock = nanoClock;
    this.registry = JobRegistry.of(jobs);
    this.awaiting = new Awaiting(store, hooks.codec());
    this.alarm = clockwork.alarm();
    this.reporter = clockwork.reporter();
    Listeners listeners = new Listeners(hooks.listeners());
    Bookkeeping books = new Bookkeeping(counters, listeners);
    this.completer =
        new Completer(
            prefix + "completer",
            store,
            holdings,
            books,
            nanoClock,
            settings.groupCommit(),
            new Completer.Fates(this::settled, this::delayed));
    ScheduleReader schedules = new ScheduleReader();
    this.declarations = new Declarations(store, registry, schedules);
    Writer writer = new Writer(hooks.codec(), settings.limits().payloadBytes());
    Runner.Score score =
        new Runner.Score(
            registry, schedules, hooks.interceptors(), new Attempt.Desk(store, writer, reporter));
    Runner runner = new Runner(score, store, alarm, completer, counters, this::abandoned);
    this.pools = new WorkerPools(queues(), settings, nanoClock, runner::run);
    Heart.Body body = new Heart.Body(registry, declarations, pools, books, nanoClock);
    this.heart = new Heart(prefix + "heart", store, settings, body, sessionChanged);
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
    this.client =
        new Client(
            store,
            hooks.codec(),
            settings.limits().payloadBytes(),
            hooks.enqueueInterceptors(),
            new Client.Surroundings(
                Optional.of(registry),
                schedules,
                settings.timing().poll(),
                listeners,
                awaiting,
                this::clusterChanged,
                poller::wake));
  }

  private static String prefix(Settings settings) {
    return "escapement-" + settings.identity().node() + "-";
  }

  private Set<String> queues() {
    return settings
        .workers()
        .serving()
        .queues(registry.all().stream().map(job -> job.policy().placement().queue()).toList());
  }

  private void settled(Run run, @Nullable Due again) {
    pools.settled(run);
    awaiting.ended();
    poller.roomMade();
    if (again != null) {
      poller.wakeAt(run.nanoTimeOf(again));
    }
  }

  private void delayed(Run run) {
    if (pools.delayed(run)) {
      poller.roomMade();
    }
  }

  private void abandoned(Run run) {
    pools.abandoned(run);
  }

  private void clusterChanged() {
    declarations.changed();
    audit.wake();
  }

  private void auditSoon() {
    audit.wake();
  }

  /** Its trigger is others' to run. */
  void giveBack(Run run) {
    completer.add(run, Verdict.unstarted(run), null);
  }

  SchedulerStats stats() {
    return new SchedulerStats(
        settings.identity().node(),
        heart.trusted() != null,
        pools.capacity(),
        counters.claimed.sum(),
        counters.outcomes(),
        counters.fenced.sum(),
        counters.unconfirmed.sum(),
        counters.missed.sum(),
        counters.overlapped.sum(),
        counters.abandoned.sum(),
        counters.sessions.sum(),
        pools.running(),
        pools.wedged(),
        pools.buffered());
  }

  /** Asks runs to end, and interrupts them. */
  void interrupt(Run.Stop reason, boolean onlyIfDeclared) {
    for (Run run : holdings.all()) {
      boolean declared =
          registry.find(run.job()).map(job -> job.policy().interruptOnLeaseLoss()).orElse(false);
      boolean concerned = reason != Run.Stop.SESSION_DEAD || run.session().isDead();
      if (concerned && (declared || !onlyIfDeclared)) {
        run.stop(reason);
      }
    }
  }

  /**
   * The session was found dead: its runs are interrupted, and what waits for a worker goes back.
   */
  void sessionDied() {
    interrupt(Run.Stop.SESSION_DEAD, false);
    pools.takeUnstarted(nanoClock.getAsLong()).forEach(this::giveBack);
  }
}
