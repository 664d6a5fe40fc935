package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.EnqueueInterceptor;
import dev.escapement.Enqueued;
import dev.escapement.Enqueuing;
import dev.escapement.Execution;
import dev.escapement.ExecutionOperations;
import dev.escapement.Explanation;
import dev.escapement.Headers;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.NodeOperations;
import dev.escapement.PayloadCodec;
import dev.escapement.QueueOperations;
import dev.escapement.Recurrence;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What callers reach: checks requests, writes their payloads, hands them to the store. No threads
 * of its own.
 */
public final class Client implements SchedulerClient {

  private final Store store;
  private final List<EnqueueInterceptor> interceptors;
  private final Requests requests;
  private final Surroundings context;
  private final Recurrences recurrences;
  private final JobControl jobs;
  private final TriggerControl triggers;
  private final QueueControl queues;
  private final Nodes nodes;
  private final Executions executions;
  private final Awaiting awaiting;
  private final Explainer explainer;

  /**
   * The node that the client belongs to.
   *
   * @param known the jobs that it has handlers for; empty for a client by itself, which can't know
   *     what the nodes know
   * @param schedules reads schedules
   * @param poll the longest sleep of a poller
   * @param listeners hear of what is decided
   * @param awaiting waits for what ends
   * @param decided told when a person has decided something about a job
   * @param somethingDue told when something may be due sooner than the poller knows
   */
  record Surroundings(
      Optional<JobRegistry> known,
      ScheduleReader schedules,
      Duration poll,
      Listeners listeners,
      Awaiting awaiting,
      Runnable decided,
      Runnable somethingDue) {
    static Surroundings none(Store store, PayloadCodec codec) {
      return new Surroundings(
          Optional.empty(),
          new ScheduleReader(),
          Duration.ofDays(1),
          new Listeners(List.of()),
          new Awaiting(store, codec),
          () -> {},
          () -> {});
    }
  }

  /** A client by itself. */
  public Client(
      Store store, PayloadCodec codec, int largestPayload, List<EnqueueInterceptor> interceptors) {
    this(store, codec, largestPayload, interceptors, Surroundings.none(store, codec));
  }

  Client(
      Store store,
      PayloadCodec codec,
      int largestPayload,
      List<EnqueueInterceptor> interceptors,
      Surroundings context) {
    this.store = store;
    this.interceptors = interceptors;
    this.requests = new Requests(codec, largestPayload, context.known());
    this.context = context;
    this.recurrences = new Recurrences(store, requests, context.schedules());
    this.jobs = new JobControl(store, context.schedules(), this::tellOfDecision);
    this.triggers = new TriggerControl(store, codec, context.listeners(), this::wakeUp);
    this.queues = new QueueControl(store, this::tellOfDecision);
    this.nodes = new Nodes(store);
    this.executions = new Executions(store, codec, requests, this::insert);
    this.awaiting = context.awaiting();
    this.explainer = new Explainer(store);
  }

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> wanted) {
    return submit(wanted, this::insert);
  }

  private List<Enqueued> submit(List<? extends JobRequest<?>> wanted, Inserting inserting) {
    return wanted.isEmpty()
        ? List.of()
        : inserting.insert(wanted.stream().map(this::intercepted).map(this::trigger).toList());
  }

  private JobRequest<?> intercepted(JobRequest<?> request) {
    JobRequest<?> result = request;
    for (EnqueueInterceptor interceptor : interceptors) {
      result = interceptor.before(result);
      if (result == null || !result.type().name().equals(request.type().name())) {
        throw new InvalidRequestException(
            "The enqueue interceptor "
                + interceptor.getClass().getName()
                + " made a request for job \""
                + request.type().name()
                + "\" into "
                + (result == null ? "null" : "one for \"" + result.type().name() + "\"")
                + ". It may only add to it; return the request, or a changed copy of it.");
      }
    }
    return result;
  }

  /** Puts triggers into the store. */
  @FunctionalInterface
  interface Inserting {
    List<Enqueued> insert(List<NewTrigger> triggers);
  }

  private List<Enqueued> insert(List<NewTrigger> triggers) {
    List<Enqueued> answers = store.triggers().enqueue(triggers);
    if (triggers.stream().anyMatch(this::isSoon)) {
      store.afterCommit(this::wakeUp);
    }
    return answers;
  }

  @Override
  public Enqueuing using(Connection connection) {
    Transactions transactions =
        store
            .transactions()
            .orElseThrow(
                () ->
                    new NoTransactionsException(
                        "The store, "
                            + store.describe()
                            + ", has no transactions to take part in; enqueue without using(…), or"
                            + " use a JdbcStore on the database of the connection."));
    return wanted -> submit(wanted, triggers -> transactions.enqueue(connection, triggers));
  }

  /** What is due later than a poll away will be found by a poll. */
  private boolean isSoon(NewTrigger trigger) {
    return !(trigger.due() instanceof Due.In in && in.delay().compareTo(context.poll()) > 0);
  }

  private void tellOfDecision() {
    context.decided().run();
    wakeUp();
  }

  @Override
  public void wakeUp() {
    store.wakeups().signal();
    context.somethingDue().run();
  }

  private <T> NewTrigger trigger(JobRequest<T> request) {
    byte[] payload = requests.check(request);
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        request.type().name(),
        request.key().orElse(null),
        new NewTrigger.Placement(request.queue().orElse(null), request.priority().orElse(null)),
        request.due(),
        null,
        payload,
        Headers.write(request.headers()),
        request.onConflict());
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> wanted) {
    List<Enqueued> answers = recurrences.set(wanted);
    if (answers.stream().anyMatch(answer -> answer.result() != Enqueued.Result.KEPT)) {
      wakeUp();
    }
    return answers;
  }

  @Override
  public boolean deleteRecurring(JobType<?> type, String key) {
    return recurrences.delete(new TriggerName(type.name(), key));
  }

  @Override
  public JobOperations jobs() {
    return jobs;
  }

  @Override
  public TriggerOperations triggers() {
    return triggers;
  }

  @Override
  public QueueOperations queues() {
    return queues;
  }

  @Override
  public NodeOperations nodes() {
    return nodes;
  }

  @Override
  public ExecutionOperations executions() {
    return executions;
  }

  @Override
  public Execution await(TriggerId id, Duration timeout)
      throws InterruptedException, TimeoutException {
    return awaiting.await(id, timeout);
  }

  @Override
  public Explanation explain(TriggerId id) {
    return explainer.explain(id);
  }
}
