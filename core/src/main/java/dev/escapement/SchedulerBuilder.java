package dev.escapement;

import dev.escapement.engine.Engine;
import dev.escapement.engine.Enqueuer;
import dev.escapement.engine.Settings;
import dev.escapement.store.Store;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a {@link Scheduler}. Only the store must be named. Not thread-safe.
 *
 * <p>Each method that takes a number or a duration throws {@link InvalidDeclarationException} where
 * it is out of range.
 */
public final class SchedulerBuilder {

  private static final int DEFAULT_MAX_PAYLOAD_BYTES = 64 * 1024;
  private static final Duration LONGEST = Duration.ofDays(365);

  private @Nullable Store store;
  private final List<Job<?>> jobs = new ArrayList<>();
  private final List<TransitionListener> listeners = new ArrayList<>();
  private PayloadCodec codec = PayloadCodec.json();
  private String nodeName = ManagementFactory.getRuntimeMXBean().getName();
  private String applicationVersion = "";
  private int workers = 10;
  private final Map<String, Integer> workersOfQueue = new HashMap<>();
  private Settings.Workers.Threads threads = Settings.Workers.Threads.PLATFORM;
  private @Nullable Executor executor;
  private Duration heartbeat = Duration.ofSeconds(5);
  private Duration lease = Duration.ofSeconds(20);
  private Duration poll = Duration.ofSeconds(1);
  private Duration stopGrace = Duration.ofSeconds(20);
  private Duration history = Duration.ofDays(14);
  private int maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
  private int quarantineAfter = 3;
  private boolean waitForStore;

  SchedulerBuilder() {}

  static SchedulerClient client(Store store, PayloadCodec codec) {
    return new Enqueuer(store, codec, DEFAULT_MAX_PAYLOAD_BYTES);
  }

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
      jobs.addAll(AnnotatedJobs.of(bean));
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

  /** How many jobs each queue may run at once on this node. Default 10, 1 to 10,000. */
  public SchedulerBuilder workers(int perQueue) {
    this.workers = between(1, perQueue, 10_000, "workers");
    return this;
  }

  /** How many jobs one queue may run at once on this node, 1 to 10,000; the node serves it then. */
  public SchedulerBuilder workers(String queue, int count) {
    workersOfQueue.put(Names.queue(queue), between(1, count, 10_000, "workers of " + queue));
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
   * @throws InvalidDeclarationException if no store was named, or the settings don't fit together
   */
  public Scheduler build() {
    if (store == null) {
      throw new InvalidDeclarationException(
          "A scheduler needs a store; name one with store(…), like JdbcStore.of(dataSource).");
    }
    if (lease.compareTo(heartbeat.multipliedBy(4)) < 0) {
      throw new InvalidDeclarationException(
          "A lease of "
              + lease
              + " is too short for a heartbeat of "
              + heartbeat
              + "; make it at least four heartbeats.");
    }
    Settings settings =
        new Settings(
            new Settings.Identity(nodeName, applicationVersion),
            new Settings.Timing(heartbeat, lease, poll, stopGrace),
            new Settings.Workers(workers, Map.copyOf(workersOfQueue), threads, executor),
            new Settings.Limits(maxPayloadBytes, quarantineAfter, history),
            new Settings.Hooks(codec, List.copyOf(listeners), waitForStore));
    return new Engine(settings, store, jobs);
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
