package dev.escapement.testing;

import dev.escapement.Enqueued;
import dev.escapement.Enqueuing;
import dev.escapement.Execution;
import dev.escapement.ExecutionOperations;
import dev.escapement.Explanation;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.NodeOperations;
import dev.escapement.QueueOperations;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.SchedulerStats;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import dev.escapement.engine.HandDriven;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler for tests: in memory, without threads, with a clock that the test turns. The package
 * comment says what is as in life and what isn't.
 *
 * <pre>{@code
 * TestScheduler scheduler = TestScheduler.of(Job.of(SEND, (invoice, context) -> mailer.send(invoice)));
 * shop.buy(scheduler, "a book");          // enqueues SEND
 * scheduler.assertEnqueued(SEND);
 * scheduler.runDue();                     // runs it, on this thread
 * scheduler.advance(Duration.ofDays(1));  // runs what becomes due meanwhile, each thing when it does
 * }</pre>
 *
 * <p>What a handler throws never comes out of the methods that run it: it is in the {@link
 * Execution}. What the store or the engine throws does come out.
 *
 * <p>Turn the clock from one thread. Handlers may enqueue, look, decide and {@link #skip}; they
 * can't make other handlers run. There is nothing to close.
 */
public final class TestScheduler implements Scheduler {

  private final Supplier<Inside> builder;
  private @Nullable Inside inside;

  /**
   * What {@link #reset()} replaces.
   *
   * @param jobs the names of the jobs that there are handlers for
   * @param transactions whether there are connections
   */
  record Inside(
      HandDriven node,
      TestClock clock,
      Hand hand,
      Expectations expectations,
      PlannedFailures failures,
      Set<String> jobs,
      boolean transactions) {

    SchedulerClient client() {
      return node.client();
    }
  }

  TestScheduler(Supplier<Inside> builder) {
    this.builder = builder;
  }

  private synchronized Inside inside() {
    Inside built = inside;
    if (built == null) {
      built = builder.get();
      inside = built;
    }
    return built;
  }

  /**
   * A scheduler that runs these jobs, with all else as it is by default. None at all will do for a
   * test of code that only enqueues.
   */
  public static TestScheduler of(Job<?>... jobs) {
    return builder().jobs(jobs).build();
  }

  /** A scheduler to be. */
  public static TestSchedulerBuilder builder() {
    return new TestSchedulerBuilder();
  }

  /**
   * A scheduler that is built when it is first used, and after each {@link #reset()}: for
   * frameworks, whose jobs are made of objects that want to be given the scheduler.
   *
   * @param builder asked then; what {@link TestSchedulerBuilder#build()} throws comes out of the
   *     first use
   */
  public static TestScheduler late(Supplier<TestSchedulerBuilder> builder) {
    return new TestScheduler(() -> builder.get().inside());
  }

  /**
   * Forgets everything: what waits, what has run, which failures are planned. The clock shows what
   * it showed at first, also to those who hold {@link #clock()}.
   */
  public synchronized void reset() {
    inside = null;
  }

  /** What the clock shows. It stands still unless somebody turns it. */
  public Instant now() {
    return inside().clock.instant();
  }

  /** The same clock for the code under test, in UTC. */
  public Clock clock() {
    InstantSource source = this::now;
    return source.withZone(ZoneOffset.UTC);
  }

  /**
   * Runs what is due now, until nothing is, also what its handlers enqueue for now.
   *
   * @return the attempts that ended, in order
   * @throws AssertionError after 10,000 runs without an end; see {@link
   *     TestSchedulerBuilder#atMost}
   * @throws IllegalStateException if it is called by a handler
   */
  public List<Execution> runDue() {
    return inside().hand.runDue();
  }

  /**
   * Lets time pass, and runs each thing that becomes due when it does: the daily job at its hour,
   * the retry after its wait. What is due already runs first. Afterwards the clock shows the new
   * time, or a later one if a handler has turned it further.
   *
   * @return the attempts that ended, in order
   * @throws AssertionError as from {@link #runDue()}, for each instant anew
   * @throws InvalidRequestException if the time is negative, or more than 200 years
   * @throws IllegalStateException if it is called by a handler
   */
  public List<Execution> advance(Duration time) {
    return advanceTo(then(time));
  }

  /** Lets time pass until then; see {@link #advance}. */
  public List<Execution> advanceTo(Instant then) {
    refuseThePast(then);
    return inside().hand.advanceTo(then);
  }

  /**
   * Lets time pass in which nothing runs, as if all replicas were down: what became due meanwhile
   * is late, and fires may have been missed. A handler that calls it takes so long. A run that was
   * cancelled hears of it now.
   *
   * @throws InvalidRequestException if the time is negative, or more than 200 years
   */
  public void skip(Duration time) {
    skipTo(then(time));
  }

  /** Lets time pass until then in which nothing runs; see {@link #skip}. */
  public void skipTo(Instant then) {
    refuseThePast(then);
    inside().hand.skipTo(then);
  }

  private Instant then(Duration time) {
    return now().plus(time);
  }

  private void refuseThePast(Instant then) {
    if (then.isBefore(now())) {
      throw new InvalidRequestException(
          "The clock shows " + now() + " and can't be turned back to " + then + ".");
    }
  }

  /**
   * Runs until no one-time trigger is left, retries included, and turns the clock as far as that
   * takes. Recurring jobs fire on the way, and don't count.
   *
   * @return the attempts that ended, in order
   * @throws AssertionError if something is left that nothing makes run, like a paused trigger; or
   *     after 10,000 runs without an end, see {@link TestSchedulerBuilder#atMost}
   * @throws IllegalStateException if it is called by a handler
   */
  public List<Execution> drain() {
    return inside().hand.drain();
  }

  /** Makes the next attempt of a job throw that, and not call its handler. */
  public void failNext(JobType<?> type, Throwable failure) {
    failNext(type, 1, failure);
  }

  /**
   * Makes the next attempts of a job throw that, and not call its handler. Adds to what was planned
   * before. For a job that recurs, {@code JobType.of("its name")}.
   *
   * @param times how many attempts, at least 1
   * @throws InvalidRequestException if there is no such job here, or {@code times} is less
   */
  public void failNext(JobType<?> type, int times, Throwable failure) {
    if (times < 1) {
      throw new InvalidRequestException(
          "Job \"" + type.name() + "\" can't fail " + times + " times; make it at least 1.");
    }
    if (!inside().jobs.contains(type.name())) {
      throw new InvalidRequestException(
          "The test scheduler has no job \""
              + type.name()
              + "\" that could fail; it has "
              + inside().jobs
              + ".");
    }
    inside().failures.plan(type.name(), times, failure);
  }

  /** The live one-time triggers of a job, the earliest due first. */
  public <T> List<EnqueuedJob<T>> enqueued(JobType<T> type) {
    return inside().expectations.enqueued(type);
  }

  /** The attempts of a job that were started and have ended, in order. */
  public List<Execution> executed(JobType<?> type) {
    return executed(type.name());
  }

  /** The attempts of a job that were started and have ended, in order. */
  public List<Execution> executed(String job) {
    return inside().expectations.executed(job);
  }

  /**
   * Something is enqueued for the job: a one-time trigger that lives.
   *
   * @throws AssertionError otherwise; it says what has run instead
   */
  public void assertEnqueued(JobType<?> type) {
    inside().expectations.assertEnqueued(type);
  }

  /**
   * That payload is enqueued for the job. Two are the same if they are equal, or are written the
   * same.
   *
   * @throws AssertionError otherwise; it says what is enqueued instead
   */
  public <T> void assertEnqueued(JobType<T> type, T payload) {
    inside().expectations.assertEnqueued(type, payload);
  }

  /**
   * Nothing is enqueued for the job.
   *
   * @throws AssertionError otherwise; it says what is
   */
  public void assertNotEnqueued(JobType<?> type) {
    inside().expectations.assertNotEnqueued(type);
  }

  /**
   * Nothing is enqueued for any job. Recurring triggers don't count.
   *
   * @throws AssertionError otherwise; it says what is
   */
  public void assertNothingEnqueued() {
    inside().expectations.assertNothingEnqueued();
  }

  /** What the scheduler has done since it was built. */
  @Override
  public SchedulerStats stats() {
    return inside().node.stats();
  }

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> requests) {
    return inside().client().submitAll(requests);
  }

  /**
   * {@inheritDoc}
   *
   * @throws NoTransactionsException also if the builder was given no {@link
   *     TestSchedulerBuilder#connections}, which says what this does
   */
  @Override
  public Enqueuing using(Connection connection) {
    if (!inside().transactions) {
      throw new NoTransactionsException(
          "The test scheduler was given no database, so it takes part in no transactions; give it"
              + " one with builder().connections(dataSource).");
    }
    return inside().client().using(connection);
  }

  @Override
  public void wakeUp() {
    inside().client().wakeUp();
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> recurrences) {
    return inside().client().recurring(recurrences);
  }

  @Override
  public boolean deleteRecurring(JobType<?> type, String key) {
    return inside().client().deleteRecurring(type, key);
  }

  @Override
  public JobOperations jobs() {
    return inside().client().jobs();
  }

  @Override
  public TriggerOperations triggers() {
    return inside().client().triggers();
  }

  @Override
  public QueueOperations queues() {
    return inside().client().queues();
  }

  @Override
  public NodeOperations nodes() {
    return inside().client().nodes();
  }

  @Override
  public ExecutionOperations executions() {
    return inside().client().executions();
  }

  /**
   * Doesn't block: runs what is due, and turns the clock from due to due, until the trigger has
   * ended or the timeout has passed on this clock.
   *
   * @throws IllegalStateException if it is called by a handler
   */
  @Override
  public Execution await(TriggerId id, Duration timeout)
      throws InterruptedException, TimeoutException {
    inside().hand.turnUntilEnded(id, timeout);
    return inside().client().await(id, Duration.ZERO);
  }

  @Override
  public Explanation explain(TriggerId id) {
    return inside().client().explain(id);
  }

  /** Nothing: it runs when the test says so. */
  @Override
  public void start() {}

  /** Nothing: there is nothing to stop. */
  @Override
  public void close() {}

  /** Nothing: there is nothing to stop. */
  @Override
  public void registerShutdownHook() {}
}
