package dev.escapement;

import dev.escapement.engine.Client;
import dev.escapement.engine.Engine;
import dev.escapement.engine.Serving;
import dev.escapement.engine.Settings;
import dev.escapement.store.Store;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a {@link Scheduler}. Only the store must be named. Not thread-safe.
 *
 * <p>Each method that takes a number or a duration throws {@link InvalidDeclarationException} where
 * it is out of range.
 */
public final class SchedulerBuilder {

  private static final Duration LONGEST = Duration.ofDays(365);

  private @Nullable Store store;
  private final List<Job<?>> jobs = new ArrayList<>();
  private final List<TransitionListener> listeners = new ArrayList<>();
  private final List<ExecutionInterceptor> interceptors = new ArrayList<>();
  private final List<EnqueueInterceptor> enqueueInterceptors = new ArrayList<>();
  private @Nullable PayloadCodec codec;
  private String nodeName = ManagementFactory.getRuntimeMXBean().getName();
  private String applicationVersion = "";
  private int workers = 10;
  private final Set<String> queues = new LinkedHashSet<>();
  private final Map<String, Integer> workersOfQueue = new HashMap<>();
  private final List<Serving.Shared> shared = new ArrayList<>();
  private Duration ageing = Serving.AGEING;
  private Settings.Workers.Threads threads = Settings.Workers.Threads.PLATFORM;
  private @Nullable Executor executor;
  private Duration heartbeat = Duration.ofSeconds(5);
  private Duration lease = Duration.ofSeconds(20);
  private Duration poll = Duration.ofSeconds(1);
  private Duration stopGrace = Duration.ofSeconds(20);
  private Duration history = Duration.ofDays(14);
  private OptionalInt historyPerJob = OptionalInt.empty();
  private int maxPayloadBytes = Settings.Limits.PAYLOAD_BYTES;
  private int quarantineAfter = 3;
  private Settings.GroupCommit groupCommit = Settings.GroupCommit.DEFAULT;
  private boolean waitForStore;

  SchedulerBuilder() {}

  /** Where all state lives. Required. Stays the caller's: closing the scheduler leaves it open. */
  public SchedulerBuilder store(Store shared) {
    this.store = shared;
    return this;
  }

  /** Jobs that this node runs. May be called several times. */
  public SchedulerBuilder jobs(Job<?>... declared) {
    Collections.addAll(jobs, declared);
    return this;
  }

  /**
   * Objects whose methods bear {@link JobHandler} or {@link Recurring}. May be called several
   * times.
   *
   * @throws InvalidDeclarationException if a method can't be what its annotation says
   */
  public SchedulerBuilder annotated(Object... beans) {
    for (Object bean : beans) {
      jobs.addAll(JobReader.of(bean));
    }
    return this;
  }

  /** Writes and reads payloads. Default: {@link PayloadCodec#json()}. */
  public SchedulerBuilder codec(PayloadCodec other) {
    this.codec = other;
    return this;
  }

  /** Hears of each transition that this node makes. May be called several times. */
  public SchedulerBuilder listener(TransitionListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Goes around each call of a handler; the first one is outermost. May be called several times.
   */
  public SchedulerBuilder interceptor(ExecutionInterceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /**
   * Sees each request before it is enqueued; the first one sees it first. May be called several
   * times.
   */
  public SchedulerBuilder enqueueInterceptor(EnqueueInterceptor interceptor) {
    enqueueInterceptors.add(interceptor);
    return this;
  }

  /** The node's name, for people. Need not be unique. Default: process id and host name. */
  public SchedulerBuilder nodeName(String name) {
    this.nodeName = Names.label("node name", name);
    return this;
  }

  /** The application's version, for people. Default: empty. */
  public SchedulerBuilder applicationVersion(String version) {
    this.applicationVersion = version.isEmpty() ? "" : Names.label("application version", version);
    return this;
  }

  /**
   * The queues that this node serves, and no others: what waits elsewhere it leaves to other nodes,
   * whatever jobs it has. May be called several times. Default: {@code default}, the queues of the
   * node's jobs, and those that have workers. For a node that serves none see {@link #client()}.
   *
   * @throws InvalidDeclarationException if none is named, or a name isn't allowed
   */
  public SchedulerBuilder queues(String... names) {
    if (names.length == 0) {
      throw new InvalidDeclarationException(
          "A scheduler needs a queue to serve. To enqueue only, use client().");
    }
    for (String name : names) {
      queues.add(Names.queue(name));
    }
    return this;
  }

  /** How many jobs each queue may run at once on this node. Default 10, 1 to 10,000. */
  public SchedulerBuilder workers(int perQueue) {
    this.workers = between(1, perQueue, 10_000, "workers");
    return this;
  }

  /**
   * How many jobs one queue may run at once on this node, 1 to 10,000. The node serves it then;
   * where {@link #queues} says which it serves, that has to name it too.
   */
  public SchedulerBuilder workers(String queue, int count) {
    workersOfQueue.put(Names.queue(queue), between(1, count, 10_000, "workers of " + queue));
    return this;
  }

  /**
   * Lets queues share workers. While all of them have work, runs start in proportion to the
   * weights; what a queue doesn't need goes to the others. May be called several times, for groups
   * that have no queue in common; none of them may have workers of its own. The node serves them
   * then, as with {@link #workers(String, int)}.
   *
   * @param count how many jobs these queues may run at once on this node, together; 1 to 10,000
   * @param weights the weight of each queue, 1 to 100
   * @throws InvalidDeclarationException if no queue is named, or a name isn't allowed
   */
  public SchedulerBuilder sharedWorkers(int count, Map<String, Integer> weights) {
    if (weights.isEmpty()) {
      throw new InvalidDeclarationException(
          "sharedWorkers(…) needs the queues that share, each with its weight.");
    }
    weights.forEach((queue, weight) -> between(1, weight, 100, "weight of " + Names.queue(queue)));
    int checked = between(1, count, 10_000, "sharedWorkers");
    shared.add(new Serving.Shared(checked, new TreeMap<>(weights)));
    return this;
  }

  /**
   * How long a trigger waits behind higher priorities before it gets a turn: while a queue has more
   * than it can run, every tenth slot is for what a lower priority has had due for longer than
   * that. Default 1 minute, 1 ms to 1 day.
   */
  public SchedulerBuilder ageing(Duration wait) {
    this.ageing = between(Duration.ofMillis(1), wait, Duration.ofDays(1), "ageing");
    return this;
  }

  /**
   * Runs each job on a virtual thread of its own. Default: bounded pools of platform threads.
   *
   * @throws InvalidDeclarationException if this JVM has none; Java 21 brings them
   */
  public SchedulerBuilder virtualThreads() {
    if (Runtime.version().feature() < 21) {
      throw new InvalidDeclarationException(
          "Virtual threads need Java 21, this is "
              + Runtime.version()
              + ". Leave virtualThreads() away, or run on a newer JVM.");
    }
    this.threads = Settings.Workers.Threads.VIRTUAL;
    this.executor = null;
    return this;
  }

  /**
   * Runs jobs on the application's executor, at most {@link #workers(int)} of a queue at once. It
   * stays the caller's. A run that it refuses is given back and its attempt isn't counted.
   */
  public SchedulerBuilder executor(Executor own) {
    this.threads = Settings.Workers.Threads.OWN;
    this.executor = own;
    return this;
  }

  /** Between two heartbeats. Default 5 s; a dead node is noticed after about lease + heartbeat. */
  public SchedulerBuilder heartbeat(Duration interval) {
    this.heartbeat = positive(interval, "heartbeat");
    return this;
  }

  /**
   * How long a session is trusted without a heartbeat. Default 20 s: three looks of 5 s and one to
   * spare. At least four heartbeats.
   */
  public SchedulerBuilder lease(Duration duration) {
    this.lease = positive(duration, "lease");
    return this;
  }

  /** The longest sleep between two looks for due triggers. Default 1 s. */
  public SchedulerBuilder pollInterval(Duration interval) {
    this.poll = positive(interval, "pollInterval");
    return this;
  }

  /** How long {@code close()} waits for what runs before it interrupts. Default 20 s. */
  public SchedulerBuilder stopGrace(Duration grace) {
    this.stopGrace = between(Duration.ZERO, grace, LONGEST, "stopGrace");
    return this;
  }

  /** How long executions are kept. Default 14 days. */
  public SchedulerBuilder historyRetention(Duration age) {
    this.history =
        between(Duration.ofMillis(1), age, LONGEST.multipliedBy(100), "historyRetention");
    return this;
  }

  /**
   * How many executions of each job are kept; the oldest go first. Not to the row: they go once a
   * minute. Looking for them reads as many entries of an index as are kept. Default: as many as
   * there are, 1 to 10,000,000. What is older than {@link #historyRetention} goes all the same.
   */
  public SchedulerBuilder historyPerJob(int executions) {
    this.historyPerJob = OptionalInt.of(between(1, executions, 10_000_000, "historyPerJob"));
    return this;
  }

  /** The largest payload in bytes. Default 65,536; 1 to 10,000,000. */
  public SchedulerBuilder maxPayloadBytes(int bytes) {
    this.maxPayloadBytes = between(1, bytes, 10_000_000, "maxPayloadBytes");
    return this;
  }

  /**
   * How many nodes may die while they run one trigger before it is taken out of service: a one-time
   * one FAILED, a recurring one PAUSED. Default 3, 1 to 1,000.
   */
  public SchedulerBuilder quarantineAfter(int deaths) {
    this.quarantineAfter = between(1, deaths, 1_000, "quarantineAfter");
    return this;
  }

  /**
   * Which outcomes share a commit. One that comes when nothing else runs here is written at once;
   * otherwise the first waits for others, so that many short jobs cost few commits. What has run
   * and isn't written yet when a node dies, runs again: less waiting means less of that, and more
   * commits.
   *
   * @param outcomes how many don't wait any longer. Default 500, 1 to 500
   * @param delay how long the first of them waits at most. Default 5 ms, 0 to 20 ms: while outcomes
   *     wait, nothing is claimed in their place
   */
  public SchedulerBuilder groupCommit(int outcomes, Duration delay) {
    this.groupCommit =
        new Settings.GroupCommit(
            between(1, outcomes, Settings.GroupCommit.MOST, "groupCommit"),
            between(Duration.ZERO, delay, Duration.ofMillis(20), "groupCommit"));
    return this;
  }

  /**
   * Lets {@code start()} return although the store can't be reached; the node begins as soon as it
   * can. Default: {@code start()} fails then.
   */
  public SchedulerBuilder waitForStore() {
    this.waitForStore = true;
    return this;
  }

  /**
   * Builds a scheduler that isn't started yet.
   *
   * @throws InvalidDeclarationException if no store was named, or the settings don't fit together:
   *     a lease too short for its heartbeats, workers for a queue that isn't served, a queue that
   *     has workers of two kinds
   */
  public Scheduler build() {
    Store named = named();
    if (lease.compareTo(heartbeat.multipliedBy(4)) < 0) {
      throw new InvalidDeclarationException(
          "A lease of "
              + lease
              + " is too short for a heartbeat of "
              + heartbeat
              + "; make it at least four heartbeats.");
    }
    Serving serving =
        new Serving(
            Collections.unmodifiableSet(new LinkedHashSet<>(queues)),
            workers,
            Map.copyOf(workersOfQueue),
            List.copyOf(shared),
            ageing);
    Settings settings =
        new Settings(
            new Settings.Identity(nodeName, applicationVersion),
            new Settings.Timing(heartbeat, lease, poll, stopGrace),
            new Settings.Workers(serving, threads, executor),
            new Settings.Limits(maxPayloadBytes, quarantineAfter, history, historyPerJob),
            groupCommit,
            new Settings.Hooks(
                codec(),
                List.copyOf(listeners),
                List.copyOf(interceptors),
                List.copyOf(enqueueInterceptors),
                waitForStore));
    return new Engine(settings, named, jobs);
  }

  /**
   * The face that enqueues, looks and decides, for a process that never runs jobs: with the store,
   * the codec, the largest payload and the enqueue interceptors that were named, and nothing else.
   * No threads, nothing to close.
   *
   * @throws InvalidDeclarationException if no store was named
   */
  public SchedulerClient client() {
    return new Client(named(), codec(), maxPayloadBytes, List.copyOf(enqueueInterceptors));
  }

  private Store named() {
    if (store == null) {
      throw new InvalidDeclarationException(
          "A scheduler needs a store; name one with store(…), like JdbcStore.of(dataSource).");
    }
    return store;
  }

  private PayloadCodec codec() {
    return codec == null ? PayloadCodec.json() : codec;
  }

  /** Builds a scheduler and starts it. */
  public Scheduler start() {
    Scheduler scheduler = build();
    scheduler.start();
    return scheduler;
  }

  private static Duration positive(Duration value, String setting) {
    return between(Duration.ofMillis(1), value, LONGEST, setting);
  }

  private static <C extends Comparable<C>> C between(C least, C value, C most, String setting) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidDeclarationException(
          "The setting "
              + setting
              + " can't be "
              + value
              + "; make it "
              + least
              + " to "
              + most
              + ".");
    }
    return value;
  }
}
