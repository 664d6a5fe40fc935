package dev.escapement;

import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.schedule.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Code with a name, and what is said about it. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * Job.of(SEND_INVOICE, (invoice, context) -> mailer.send(invoice)).timeout(ofMinutes(2))
 * Job.recurring("alive", Schedules.every(ofMinutes(1)), context -> ping())
 * }</pre>
 *
 * @param <T> the payload
 */
public final class Job<T> {

  private final JobType<T> type;
  private final ResultHandler<T> code;
  private final @Nullable Schedule schedule;
  private final JobPolicy policy;

  private Job(
      JobType<T> type, ResultHandler<T> code, @Nullable Schedule schedule, JobPolicy policy) {
    this.type = Objects.requireNonNull(type, "type");
    this.code = Objects.requireNonNull(code, "handler");
    this.schedule = schedule;
    this.policy = policy;
  }

  /** A job that runs when somebody enqueues it. */
  public static <T> Job<T> of(JobType<T> type, Handler<T> handler) {
    return returning(type, new ReturningNothing<>(handler));
  }

  /** A job without payload that runs when somebody enqueues it. */
  public static Job<Void> of(JobType<Void> type, Handler.WithoutPayload handler) {
    return returning(type, new ReturningNothing<>(new IgnoringPayload(handler)));
  }

  /** A job that runs when somebody enqueues it, and whose result is kept with its execution. */
  public static <T> Job<T> returning(JobType<T> type, ResultHandler<T> handler) {
    return new Job<>(type, handler, null, JobPolicy.oneTime());
  }

  /** A job without payload that runs when somebody enqueues it, and whose result is kept. */
  public static Job<Void> returning(JobType<Void> type, ResultHandler.WithoutPayload handler) {
    return returning(type, new ReturningWithoutPayload(handler));
  }

  /**
   * A job that recurs.
   *
   * @throws InvalidDeclarationException if the name isn't allowed
   */
  public static Job<Void> recurring(
      String name, Schedule schedule, Handler.WithoutPayload handler) {
    return recurring(name, schedule, new ReturningNothing<>(new IgnoringPayload(handler)));
  }

  /**
   * A job that recurs, and whose results are kept with its executions.
   *
   * @throws InvalidDeclarationException if the name isn't allowed
   */
  public static Job<Void> recurringReturning(
      String name, Schedule schedule, ResultHandler.WithoutPayload handler) {
    return recurring(name, schedule, new ReturningWithoutPayload(handler));
  }

  static Job<Void> recurring(String name, Schedule schedule, ResultHandler<Void> code) {
    return new Job<>(
        JobType.of(name),
        code,
        Objects.requireNonNull(schedule, "schedule"),
        JobPolicy.recurring());
  }

  /**
   * The jobs that an object's methods declare with {@link JobHandler} and {@link Recurring}.
   *
   * @throws InvalidDeclarationException if there are none, or a method can't be what its annotation
   *     says
   */
  public static List<Job<?>> annotated(Object bean) {
    return JobReader.of(bean);
  }

  private record ReturningNothing<T>(Handler<T> handler) implements ResultHandler<T> {

    ReturningNothing {
      Objects.requireNonNull(handler, "handler");
    }

    @Override
    public @Nullable Object run(T payload, JobContext context) throws Exception {
      handler.run(payload, context);
      return null;
    }

    @Override
    public String toString() {
      return handler.toString();
    }
  }

  private record IgnoringPayload(Handler.WithoutPayload handler) implements Handler<Void> {

    IgnoringPayload {
      Objects.requireNonNull(handler, "handler");
    }

    @Override
    public void run(Void payload, JobContext context) throws Exception {
      handler.run(context);
    }

    @Override
    public String toString() {
      return handler.toString();
    }
  }

  private record ReturningWithoutPayload(ResultHandler.WithoutPayload handler)
      implements ResultHandler<Void> {

    ReturningWithoutPayload {
      Objects.requireNonNull(handler, "handler");
    }

    @Override
    public @Nullable Object run(Void payload, JobContext context) throws Exception {
      return handler.run(context);
    }

    @Override
    public String toString() {
      return handler.toString();
    }
  }

  /**
   * Interrupts a run that takes longer. The attempt ends TIMED_OUT when its thread returns, however
   * long that takes, and is retried like a failed one. Default: none.
   *
   * @throws InvalidDeclarationException if it isn't between 1 ms and 365 days
   */
  public Job<T> timeout(Duration limit) {
    return changed(() -> policy.timeout(limit));
  }

  /**
   * Interrupts a run that takes longer, and gives it up if it ignores that: then the attempt ends
   * TIMED_OUT there and then, its trigger goes on as the retry says, and another worker takes the
   * place of the one that hangs. <b>The next run may overlap the old one</b>, which nothing can
   * stop; only its {@link JobContext#fencingToken()} is smaller.
   *
   * @param limit after how long it is interrupted
   * @param abandonAfter how long after that it is given up
   * @throws InvalidDeclarationException if one isn't between 1 ms and 365 days
   */
  public Job<T> timeout(Duration limit, Duration abandonAfter) {
    return changed(() -> policy.timeout(limit, abandonAfter));
  }

  /**
   * Drops what comes too late to be of use: an attempt whose handler would be called later than
   * that after its due is SKIPPED, and its trigger ends; a recurring one goes on with its next
   * fire. Default: an attempt is run however late it is.
   *
   * @throws InvalidDeclarationException if it isn't between 1 ms and 365 days
   */
  public Job<T> maxLateness(Duration limit) {
    return changed(() -> policy.maxLateness(limit));
  }

  /** Which ends of attempts leave an execution row. Default: {@link KeepHistory#ALL}. */
  public Job<T> keepHistory(KeepHistory kept) {
    return policy(policy.history(kept));
  }

  /**
   * Runs each attempt in a transaction of the store's database. What the handler writes through
   * {@link JobContext#connection()} and the attempt's success are committed together, the success
   * as the last statement: the effects of a successful run take place exactly once, whatever dies
   * when. If the attempt doesn't succeed, or its claim was lost meanwhile, all is rolled back.
   * Needs a store with transactions; a connection is held for the whole run.
   */
  public Job<T> transactional() {
    return policy(policy.transactional(true));
  }

  /**
   * When a failed attempt is tried again. Default: {@link Retry#standard()}, for a recurring job
   * {@link Retry#none()}.
   */
  public Job<T> retry(Retry retry) {
    return policy(policy.retry(retry));
  }

  /**
   * The queue of its triggers. Default: {@code default}.
   *
   * @throws InvalidDeclarationException if the name isn't allowed
   */
  public Job<T> queue(String name) {
    return changed(() -> policy.queue(Names.queue(name)));
  }

  /** The priority of its triggers within the queue. Default: NORMAL. */
  public Job<T> priority(Priority priority) {
    return policy(policy.priority(priority));
  }

  /**
   * Interrupts a run as soon as its node can't prove any more that it is alive, before another node
   * may take it over. Default: false, so that a database failover doesn't stop every long job.
   */
  public Job<T> interruptOnLeaseLoss(boolean interrupt) {
    return policy(policy.interruptOnLeaseLoss(interrupt));
  }

  /** What becomes of a payload that can't be read here. Default: RETRY. */
  public Job<T> onUnreadablePayload(UnreadablePayload answer) {
    return policy(policy.unreadable(answer));
  }

  /**
   * What becomes of fires that passed while nobody could fire them. Default: {@link
   * Misfire#fireOnce()}. Only fires of a schedule can be missed.
   */
  public Job<T> misfire(Misfire misfire) {
    return policy(policy.recurrence(policy.recurrence().misfire(misfire)));
  }

  /**
   * What becomes of fires that come while an earlier one runs. Default: {@link Overlap#WAIT}. With
   * {@link Overlap#ALLOW} at most 10 fires are unfinished at once; see {@link #allowOverlap}.
   */
  public Job<T> overlap(Overlap overlap) {
    return policy(policy.recurrence(policy.recurrence().overlap(overlap)));
  }

  /**
   * Lets fires run beside earlier ones that haven't finished.
   *
   * @param atMost how many fires may be unfinished at once, 1 to 1,000; further ones are counted
   *     and dropped
   * @throws InvalidDeclarationException if it is out of range
   */
  public Job<T> allowOverlap(int atMost) {
    return changed(
        () -> policy.recurrence(policy.recurrence().overlap(Overlap.ALLOW).atMost(atMost)));
  }

  private Job<T> changed(Supplier<JobPolicy> change) {
    try {
      return policy(change.get());
    } catch (InvalidDeclarationException e) {
      throw e.in("Job " + Names.quote(name()));
    }
  }

  /**
   * The same with another schedule.
   *
   * @throws InvalidDeclarationException if the job doesn't recur
   */
  public Job<T> schedule(Schedule other) {
    if (schedule == null) {
      throw new InvalidDeclarationException(
          "Job "
              + Names.quote(name())
              + " runs when somebody enqueues it, and has no schedule to change.");
    }
    return new Job<>(type, code, Objects.requireNonNull(other, "schedule"), policy);
  }

  /** The same with other policies, all of them. */
  public Job<T> policy(JobPolicy other) {
    return new Job<>(type, code, schedule, other);
  }

  /** The job's name. */
  public String name() {
    return type.name();
  }

  /** Name and payload. */
  public JobType<T> type() {
    return type;
  }

  /** The code. One that returns nothing returns null here. */
  public ResultHandler<T> code() {
    return code;
  }

  /** When it recurs, if it does. */
  public Optional<Schedule> schedule() {
    return Optional.ofNullable(schedule);
  }

  /** All that is said about it. */
  public JobPolicy policy() {
    return policy;
  }

  /** Its name, its schedule, and where its code is. */
  @Override
  public String toString() {
    return "Job[" + name() + (schedule == null ? "" : ", " + schedule) + ", run by " + code + "]";
  }
}
