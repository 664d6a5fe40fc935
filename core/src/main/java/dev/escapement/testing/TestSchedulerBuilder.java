package dev.escapement.testing;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.PayloadCodec;
import dev.escapement.TransitionListener;
import dev.escapement.engine.HandDriven;
import dev.escapement.policy.Retry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Assembles a {@link TestScheduler}. Nothing must be said. Not thread-safe. */
public final class TestSchedulerBuilder {

  /** A Monday at midnight: the first of everything that recurs is near. */
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  private static final int MOST = 10_000;

  private final List<Job<?>> jobs = new ArrayList<>();
  private final List<TransitionListener> listeners = new ArrayList<>();
  private final List<ExecutionInterceptor> interceptors = new ArrayList<>();
  private final List<EnqueueInterceptor> enqueueInterceptors = new ArrayList<>();
  private final Set<String> queues = new LinkedHashSet<>();
  private @Nullable PayloadCodec codec;
  private Instant start = START;
  private int most = MOST;
  private @Nullable DataSource dataSource;
  private Consumer<Runnable> rollbacks = undo -> {};

  TestSchedulerBuilder() {}

  private TestSchedulerBuilder(TestSchedulerBuilder other) {
    jobs.addAll(other.jobs);
    listeners.addAll(other.listeners);
    interceptors.addAll(other.interceptors);
    enqueueInterceptors.addAll(other.enqueueInterceptors);
    queues.addAll(other.queues);
    this.codec = other.codec;
    this.start = other.start;
    this.most = other.most;
    this.dataSource = other.dataSource;
    this.rollbacks = other.rollbacks;
  }

  /** Jobs that the scheduler runs. May be called several times. */
  public TestSchedulerBuilder jobs(Job<?>... declared) {
    Collections.addAll(jobs, declared);
    return this;
  }

  /**
   * Objects whose methods bear {@link dev.escapement.JobHandler} or {@link
   * dev.escapement.Recurring}. May be called several times.
   *
   * @throws InvalidDeclarationException if a method can't be what its annotation says
   */
  public TestSchedulerBuilder annotated(Object... beans) {
    for (Object bean : beans) {
      jobs.addAll(Job.annotated(bean));
    }
    return this;
  }

  /** What the clock shows at first. Default: Monday, 2026-01-05T00:00:00Z. */
  public TestSchedulerBuilder startingAt(Instant instant) {
    this.start = instant;
    return this;
  }

  /** Writes and reads payloads. Default: {@link PayloadCodec#json()}. */
  public TestSchedulerBuilder codec(PayloadCodec other) {
    this.codec = other;
    return this;
  }

  /** Hears of each transition. May be called several times. */
  public TestSchedulerBuilder listener(TransitionListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Goes around each call of a handler; the first one is outermost. May be called several times.
   */
  public TestSchedulerBuilder interceptor(ExecutionInterceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /**
   * Sees each request before it is enqueued; the first one sees it first. May be called several
   * times.
   */
  public TestSchedulerBuilder enqueueInterceptor(EnqueueInterceptor interceptor) {
    enqueueInterceptors.add(interceptor);
    return this;
  }

  /**
   * Queues to serve besides those that the jobs declare. What is enqueued into any other queue
   * waits there, as it does where no replica serves it.
   */
  public TestSchedulerBuilder queues(String... names) {
    Collections.addAll(queues, names);
    return this;
  }

  /**
   * Where {@link Job#transactional()} jobs get their connections, like an H2 in memory. Each
   * attempt has a transaction of its own, which is committed if it succeeds and rolled back
   * otherwise; its success is noted right after the commit. The connection is closed afterwards.
   *
   * <p>Also lets {@link TestScheduler#using} be called. What is enqueued through the connection of
   * a transactional job is there if and only if its transaction commits. What is enqueued through
   * any other connection is there at once, for nobody here hears of its commit.
   *
   * <p>Default: none, and a transactional job is refused.
   */
  public TestSchedulerBuilder connections(DataSource database) {
    this.dataSource = database;
    return this;
  }

  /**
   * Where to leave what is to be done if the caller's transaction is rolled back: what it enqueued
   * goes then, unless it runs or has run. For frameworks that know the transaction of a thread.
   * Default: nowhere, and what is enqueued without {@link TestScheduler#using} stays.
   */
  public TestSchedulerBuilder rollbacks(Consumer<Runnable> transactions) {
    this.rollbacks = transactions;
    return this;
  }

  /**
   * How many runs in a row are taken for a chain without end: at one instant, or in one {@link
   * TestScheduler#drain()}. Default 10,000, at least 1.
   *
   * @throws InvalidDeclarationException if it is less
   */
  public TestSchedulerBuilder atMost(int runs) {
    if (runs < 1) {
      throw new InvalidDeclarationException(
          "A test scheduler can't be allowed " + runs + " runs; make it at least 1.");
    }
    this.most = runs;
    return this;
  }

  /**
   * Builds a scheduler. Its recurring jobs wait for their first fire already; that of a fixed rate
   * is due at once.
   *
   * @throws InvalidDeclarationException if two jobs bear one name, or one is transactional and
   *     there are no {@link #connections}
   */
  public TestScheduler build() {
    TestSchedulerBuilder said = new TestSchedulerBuilder(this);
    TestScheduler scheduler = TestScheduler.late(() -> said);
    scheduler.now();
    return scheduler;
  }

  TestScheduler.Inside inside() {
    jobs.forEach(this::refuseWithoutConnections);
    TestClock clock = new TestClock(start);
    TestStore store =
        new TestStore(clock, jobs.stream().map(Job::name).toList(), dataSource, rollbacks);
    PlannedFailures failures = new PlannedFailures();
    List<ExecutionInterceptor> around = new ArrayList<>(interceptors);
    around.add(failures);
    PayloadCodec used = codec == null ? PayloadCodec.json() : codec;
    HandDriven node =
        new HandDriven(
            store,
            jobs.stream().<Job<?>>map(TestSchedulerBuilder::withoutJitter).toList(),
            clock,
            new HandDriven.Plugs(
                used, List.copyOf(listeners), around, List.copyOf(enqueueInterceptors), queues));
    node.open();
    Hand hand = new Hand(node, store.claims(), clock, most);
    Set<String> names = new LinkedHashSet<>();
    jobs.forEach(job -> names.add(job.name()));
    return new TestScheduler.Inside(
        node, clock, hand, new Expectations(hand, used), failures, names, dataSource != null);
  }

  private void refuseWithoutConnections(Job<?> job) {
    if (job.policy().transactional() && dataSource == null) {
      throw new InvalidDeclarationException(
          job
              + " is transactional, and the test scheduler has no database to begin transactions"
              + " in; give it one with connections(dataSource).");
    }
  }

  private static <T> Job<T> withoutJitter(Job<T> job) {
    Retry retry = job.policy().retry();
    Retry exact = retry.jitter(0);
    for (Map.Entry<Class<? extends Throwable>, Retry> rule : retry.rules().entrySet()) {
      exact = exact.on(rule.getKey(), rule.getValue().jitter(0));
    }
    return job.retry(exact);
  }
}
