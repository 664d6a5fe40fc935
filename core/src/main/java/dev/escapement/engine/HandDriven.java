package dev.escapement.engine;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.Execution;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.Job;
import dev.escapement.PayloadCodec;
import dev.escapement.SchedulerClient;
import dev.escapement.SchedulerStats;
import dev.escapement.Transition;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerState;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node without threads: whoever holds it takes its turns, and handlers run on their thread. The
 * one door through which {@code dev.escapement.testing} enters the engine. There is no audit: a
 * node that is alone takes nothing over. No timeout rings. Not thread-safe.
 */
public final class HandDriven {

  private static final int UNPARK_BATCH = 1_000;

  /** As in life; but no thread waits for any of these. */
  private static final Settings.Timing TIMING =
      new Settings.Timing(
          Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ZERO);

  private final Store store;
  private final Movement movement;
  private final Function<ExecutionRecord, Execution> shown;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Ear ear;
  private @Nullable Transition putAside;
  private long listened;

  /**
   * What is plugged into a node.
   *
   * @param codec writes and reads payloads
   * @param listeners hear of transitions
   * @param interceptors go around handlers, the first one outermost
   * @param enqueueInterceptors see requests, in this order
   * @param queues to serve besides those of its jobs
   */
  public record Plugs(
      PayloadCodec codec,
      List<TransitionListener> listeners,
      List<ExecutionInterceptor> interceptors,
      List<EnqueueInterceptor> enqueueInterceptors,
      Set<String> queues) {}

  /**
   * A node that has no session yet.
   *
   * @param nanoClock turned by the caller, together with the store's clock
   * @throws dev.escapement.InvalidDeclarationException if two jobs bear one name
   */
  public HandDriven(
      Store store, Collection<? extends Job<?>> jobs, LongSupplier nanoClock, Plugs plugs) {
    this.store = store;
    this.shown = row -> Shown.of(row, plugs.codec());
    Reporter reporter = new Reporter("test-reporter", store, 0);
    // A loop that was stopped never starts.
    reporter.stop(Duration.ZERO);
    this.movement =
        new Movement(
            settings(plugs, reporter),
            store,
            jobs,
            new Movement.Clockwork(nanoClock, new Silent(), reporter),
            () -> {});
    this.ear = new Ear(store, movement.holdings);
  }

  private Settings settings(Plugs plugs, Reporter reporter) {
    List<TransitionListener> listeners = new ArrayList<>(plugs.listeners());
    listeners.add(this::noteFault);
    List<ExecutionInterceptor> interceptors = new ArrayList<>(plugs.interceptors());
    interceptors.add(
        (context, invocation) -> {
          try {
            return invocation.proceed();
          } finally {
            reporter.turn();
          }
        });
    Map<String, Integer> queues =
        plugs.queues().stream().collect(Collectors.toMap(queue -> queue, queue -> 1));
    Serving serving = new Serving(Set.of(), 1, queues, List.of(), Serving.AGEING);
    return new Settings(
        new Settings.Identity("test", ""),
        TIMING,
        new Settings.Workers(serving, Settings.Workers.Threads.OWN, tasks::addLast),
        new Settings.Limits(
            Settings.Limits.PAYLOAD_BYTES, 1, Duration.ofDays(1), OptionalInt.empty()),
        Settings.GroupCommit.DEFAULT,
        new Settings.Hooks(
            plugs.codec(),
            List.copyOf(listeners),
            List.copyOf(interceptors),
            plugs.enqueueInterceptors(),
            false));
  }

  /** A timeout would have to interrupt the very thread that turns the clock. */
  private static final class Silent extends Alarm {

    Silent() {
      super("test-alarm");
    }

    @Override
    Future<?> in(Duration delay, Runnable task) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Opens the node's session; the standing triggers of its jobs are made. */
  public void open() {
    movement.heart.open();
  }

  /** What callers reach of it. */
  public SchedulerClient client() {
    return movement.client;
  }

  /** What it has done. */
  public SchedulerStats stats() {
    return movement.stats();
  }

  /** A store's record as callers see it. */
  public Execution shown(ExecutionRecord row) {
    return shown.apply(row);
  }

  /**
   * One turn: what was decided is heeded, what the store lets it claim is run to its end, and the
   * outcomes are written.
   *
   * @throws IllegalStateException if the engine itself failed at a run
   */
  public void turn() {
    movement.declarations.refreshIfChanged();
    movement.declarations.tend();
    store.holds().unpark(movement.registry.names(), UNPARK_BATCH);
    movement.poller.turn();
    for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
      task.run();
    }
    movement.completer.turn();
    Transition fault = putAside;
    putAside = null;
    if (fault != null) {
      refuse(fault);
    }
  }

  private void noteFault(Transition transition) {
    if (transition.to() == TriggerState.PAUSED && transition.failure().isPresent()) {
      putAside = transition;
    }
  }

  private void refuse(Transition fault) {
    store
        .triggers()
        .find(fault.trigger().id())
        .map(row -> row.reason())
        .filter(reason -> reason.startsWith(Verdict.ENGINE_FAILED))
        .ifPresent(
            reason -> {
              throw new IllegalStateException(
                  "Job \"" + fault.trigger().job() + "\": " + reason, fault.failure().orElse(null));
            });
  }

  /**
   * The clock was turned, perhaps by a handler while it runs: the session beats, progress is
   * written, and the run hears what was asked of it.
   */
  public void timePassed() {
    movement.heart.turn();
    movement.reporter.turn();
    Session session = movement.heart.trusted();
    if (session != null) {
      ear.listen(session, ++listened);
    }
  }
}
