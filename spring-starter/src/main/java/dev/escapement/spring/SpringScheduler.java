package dev.escapement.spring;

import dev.escapement.Enqueued;
import dev.escapement.Enqueuing;
import dev.escapement.Execution;
import dev.escapement.ExecutionOperations;
import dev.escapement.Explanation;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.NodeOperations;
import dev.escapement.QueueOperations;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.SchedulerStats;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The scheduler as a bean. The node behind it is built when it starts, by which time all beans are
 * there: a bean with jobs may itself be given the scheduler, and enqueue while it is made. It
 * starts with the context and stops with it. A context that starts again gets a new node.
 * Thread-safe.
 */
final class SpringScheduler implements Scheduler, SmartLifecycle {

  /** Where the web server drains: jobs that call it, and requests that enqueue, end together. */
  static final int PHASE = DEFAULT_PHASE - 1024;

  private static final SchedulerStats NOTHING_YET =
      new SchedulerStats("", false, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final Supplier<SchedulerClient> clients;
  private final Supplier<@Nullable Scheduler> nodes;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private volatile @Nullable SchedulerClient client;
  private volatile @Nullable Scheduler node;
  private volatile boolean running;

  /**
   * @param clients builds what the beans use before there is a node
   * @param nodes builds a node that isn't started; null where this process runs no jobs
   */
  SpringScheduler(Supplier<SchedulerClient> clients, Supplier<@Nullable Scheduler> nodes) {
    this.clients = clients;
    this.nodes = nodes;
  }

  /** A node that is closed still enqueues and reads. */
  private SchedulerClient client() {
    SchedulerClient current = node;
    return current != null ? current : early();
  }

  /** Made without a lock, for that takes Spring's own. Of two that are made, either will do. */
  private SchedulerClient early() {
    SchedulerClient current = client;
    if (current == null) {
      current = clients.get();
      client = current;
    }
    return current;
  }

  @Override
  public void start() {
    lifecycle.lock();
    try {
      if (!running) {
        Scheduler starting = nodes.get();
        if (starting != null) {
          node = starting;
          start(starting);
        }
        running = true;
      }
    } finally {
      lifecycle.unlock();
    }
  }

  private static void start(Scheduler starting) {
    try {
      starting.start();
    } catch (RuntimeException | Error e) {
      starting.close();
      throw e;
    }
  }

  /** The node is closed, and still enqueues; {@link #start()} builds another. */
  @Override
  public void stop() {
    lifecycle.lock();
    try {
      Scheduler stopping = node;
      if (stopping != null) {
        stopping.close();
      }
      running = false;
    } finally {
      lifecycle.unlock();
    }
  }

  /** Other beans of the phase stop meanwhile. */
  @Override
  public void stop(Runnable callback) {
    Thread thread =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                callback.run();
              }
            },
            "escapement-stop");
    thread.start();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** Called when the context closes, and when it fails to start. */
  @Override
  public void close() {
    stop();
  }

  /** Of the node that runs or ran last. */
  @Override
  public SchedulerStats stats() {
    Scheduler current = node;
    return current == null ? NOTHING_YET : current.stats();
  }

  /** The context has one. */
  @Override
  public void registerShutdownHook() {}

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> requests) {
    return client().submitAll(requests);
  }

  @Override
  public Enqueuing using(Connection connection) {
    return client().using(connection);
  }

  @Override
  public void wakeUp() {
    client().wakeUp();
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> recurrences) {
    return client().recurring(recurrences);
  }

  @Override
  public boolean deleteRecurring(JobType<?> type, String key) {
    return client().deleteRecurring(type, key);
  }

  @Override
  public JobOperations jobs() {
    return client().jobs();
  }

  @Override
  public TriggerOperations triggers() {
    return client().triggers();
  }

  @Override
  public QueueOperations queues() {
    return client().queues();
  }

  @Override
  public NodeOperations nodes() {
    return client().nodes();
  }

  @Override
  public ExecutionOperations executions() {
    return client().executions();
  }

  @Override
  public Execution await(TriggerId id, Duration timeout)
      throws InterruptedException, TimeoutException {
    return client().await(id, timeout);
  }

  @Override
  public Explanation explain(TriggerId id) {
    return client().explain(id);
  }

  @Override
  public String toString() {
    return "SpringScheduler[" + (isRunning() ? "running" : "not running") + "]";
  }
}
