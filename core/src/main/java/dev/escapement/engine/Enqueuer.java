package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.IllegalTransitionException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks requests, writes their payloads, and hands them to the store. No threads of its own. */
public final class Enqueuer implements SchedulerClient {

  private static final Logger LOG = LoggerFactory.getLogger(Enqueuer.class);
  private static final byte[] NOTHING = {};

  private final Store store;
  private final PayloadCodec codec;
  private final int largestPayload;
  private final Surroundings context;
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  /**
   * The node that enqueues.
   *
   * @param known the jobs that it has handlers for; empty for a client by itself, which can't know
   *     what the nodes know
   * @param poll the longest sleep of a poller
   * @param somethingDue told when something may be due sooner than the poller knows
   */
  record Surroundings(Optional<JobRegistry> known, Duration poll, Runnable somethingDue) {
    static final Surroundings NONE =
        new Surroundings(Optional.empty(), Duration.ofDays(1), () -> {});
  }

  /** A client by itself. */
  public Enqueuer(Store store, PayloadCodec codec, int largestPayload) {
    this(store, codec, largestPayload, Surroundings.NONE);
  }

  Enqueuer(Store store, PayloadCodec codec, int largestPayload, Surroundings context) {
    this.store = store;
    this.codec = codec;
    this.largestPayload = largestPayload;
    this.context = context;
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

  private void tellOthers() {
    store.wakeups().signal();
    context.somethingDue().run();
  }

  private <T> NewTrigger trigger(JobRequest<T> request) {
    context.known().ifPresent(registry -> checkAgainst(registry, request));
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        request.type().name(),
        request.key().orElse(null),
        new NewTrigger.Placement(request.queue().orElse(null), request.priority().orElse(null)),
        request.due(),
        request.payload().map(payload -> write(request, payload)).orElse(NOTHING));
  }

  private void checkAgainst(JobRegistry registry, JobRequest<?> request) {
    String name = request.type().name();
    Optional<Job<?>> job = registry.find(name);
    if (job.isEmpty()) {
      if (warnedOf.add(name)) {
        LOG.warn(
            "Job \"{}\" was enqueued, and this process has no handler for it. That is fine if"
                + " another node has one; until then its triggers wait.",
            name);
      }
      return;
    }
    Class<?> taken = job.get().type().payload();
    if (!taken.equals(request.type().payload())) {
      throw new InvalidRequestException(
          "Job \""
              + name
              + "\" takes a "
              + taken.getName()
              + " here, and the request's JobType says "
              + request.type().payload().getName()
              + ". Use one JobType for both.");
    }
  }

  private <T> byte[] write(JobRequest<T> request, T payload) {
    Class<T> type = request.type().payload();
    byte[] bytes;
    try {
      bytes = codec.write(payload, type);
      if (bytes.length <= largestPayload) {
        codec.read(bytes, type);
      }
    } catch (PayloadException e) {
      throw new PayloadException(
          "A request for job \"" + request.type().name() + "\" was refused. " + e.getMessage(), e);
    }
    if (bytes.length > largestPayload) {
      throw new PayloadException(
          "A request for job \""
              + request.type().name()
              + "\" was refused: its payload has "
              + bytes.length
              + " bytes, and at most "
              + largestPayload
              + " are allowed. Store it elsewhere and enqueue a reference, or raise"
              + " maxPayloadBytes.",
          null);
    }
    return bytes;
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
