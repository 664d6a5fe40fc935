package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.IllegalTransitionException;
import dev.escapement.JobOperations;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.Recurrence;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checks requests, writes their payloads, and hands them to the store. No threads of its own. */
public final class Enqueuer implements SchedulerClient {

  private final Store store;
  private final Requests requests;
  private final Surroundings context;
  private final Recurrences recurrences;
  private final JobControl jobs;

  /**
   * The node that enqueues.
   *
   * @param known the jobs that it has handlers for; empty for a client by itself, which can't know
   *     what the nodes know
   * @param schedules reads schedules
   * @param poll the longest sleep of a poller
   * @param decided told when a person has decided something about a job
   * @param somethingDue told when something may be due sooner than the poller knows
   */
  record Surroundings(
      Optional<JobRegistry> known,
      ScheduleReader schedules,
      Duration poll,
      Runnable decided,
      Runnable somethingDue) {
    static Surroundings none() {
      return new Surroundings(
          Optional.empty(), new ScheduleReader(), Duration.ofDays(1), () -> {}, () -> {});
    }
  }

  /** A client by itself. */
  public Enqueuer(Store store, PayloadCodec codec, int largestPayload) {
    this(store, codec, largestPayload, Surroundings.none());
  }

  Enqueuer(Store store, PayloadCodec codec, int largestPayload, Surroundings context) {
    this.store = store;
    this.requests = new Requests(codec, largestPayload, context.known());
    this.context = context;
    this.recurrences = new Recurrences(store, requests, context.schedules());
    this.jobs = new JobControl(store, context.schedules(), this::tellOfDecision);
  }

  @Override
  public List<Enqueued> submitAll(List<? extends JobRequest<?>> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    List<NewTrigger> triggers = requests.stream().map(this::trigger).toList();
    List<Enqueued> answers = store.triggers().enqueue(triggers);
    if (triggers.stream().anyMatch(this::isSoon)) {
      tellOthers();
    }
    return answers;
  }

  /** What is due later than a poll away will be found by a poll. */
  private boolean isSoon(NewTrigger trigger) {
    return !(trigger.due() instanceof Due.In in && in.delay().compareTo(context.poll()) > 0);
  }

  private void tellOfDecision() {
    context.decided().run();
    tellOthers();
  }

  private void tellOthers() {
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
        payload);
  }

  @Override
  public List<Enqueued> recurring(List<Recurrence> wanted) {
    List<Enqueued> answers = recurrences.set(wanted);
    if (answers.stream().anyMatch(answer -> answer.result() != Enqueued.Result.KEPT)) {
      tellOthers();
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
  public Optional<TriggerRecord> find(TriggerId id) {
    return store.triggers().find(id);
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return store.triggers().find(job, key);
  }

  @Override
  public Optional<TriggerRecord> findStanding(String job) {
    return store.triggers().find(job, TriggerKind.STANDING_KEY);
  }

  @Override
  public boolean resume(TriggerId id) {
    while (true) {
      Optional<TriggerRecord> trigger = find(id);
      if (trigger.isEmpty()) {
        return false;
      }
      // Only a PAUSED trigger is resumed; SCHEDULED is also RUNNING's successor, by other ways.
      if (trigger.get().state() != TriggerState.PAUSED) {
        throw new IllegalTransitionException(trigger.get().state(), TriggerState.SCHEDULED);
      }
      if (store.triggers().resume(id, trigger.get().version())) {
        tellOthers();
        return true;
      }
    }
  }
}
