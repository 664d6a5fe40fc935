package dev.escapement.torture;

import dev.escapement.Enqueued;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.SchedulerClient;
import dev.escapement.store.StoreException;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues one-time jobs of all kinds, over a network that may be hurt as well, and notes what it
 * was answered. Thread-safe.
 */
final class Workload {

  private static final Logger LOG = LoggerFactory.getLogger(Workload.class);

  private final SchedulerClient client;
  private final List<Asked> asked = new ArrayList<>();
  private final AtomicLong number = new AtomicLong();

  Workload(SchedulerClient client) {
    this.client = client;
  }

  /** Enqueues so many, in one statement. */
  void enqueue(Random random, int count) {
    List<JobRequest<Task>> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request(random));
    }
    submit(requests);
  }

  private JobRequest<Task> request(Random random) {
    int kind = random.nextInt(100);
    JobRequest<Task> request;
    if (kind < 40) {
      request = of(Jobs.WORK, random.nextInt(100), 0);
    } else if (kind < 47) {
      request = of(Jobs.WORK, 500 + random.nextInt(2_500), 0);
    } else if (kind < 50) {
      // Long enough that the second run is under way when a zombie ends the first.
      request = of(Jobs.WORK, 4_000 + random.nextInt(4_000), 0);
    } else if (kind < 62) {
      request = of(Jobs.FLAKY, random.nextInt(50), 1 + random.nextInt(3));
    } else if (kind < 66) {
      request = of(Jobs.DOOMED, random.nextInt(50), 0);
    } else if (kind < 84) {
      request = of(Jobs.TRANSFER, random.nextInt(200), random.nextInt(2));
    } else if (kind < 94) {
      request = of(Jobs.STEPS, 200 + random.nextInt(1_500), 0);
    } else {
      request = of(Jobs.SNOOZE, random.nextInt(50), 0);
    }
    return random.nextInt(4) == 0
        ? request.after(Duration.ofMillis(random.nextInt(2_000)))
        : request;
  }

  /** Enqueues one whose payload has the shape of that version of the application. */
  void shaped(int generation) {
    long next = number.incrementAndGet();
    JobRequest<?> request =
        generation == 1
            ? Generation.OLD.with(new Generation.Old(next))
            : Generation.NEW.with(new Generation.New(next, "of the second"));
    submit(List.of(request), List.of(next));
  }

  private JobRequest<Task> of(JobType<Task> type, int millis, int failures) {
    return type.with(new Task(number.incrementAndGet(), millis, failures));
  }

  /** Enqueues so many of one kind, each of which takes so long. */
  void enqueue(JobType<Task> type, int count, int millis) {
    List<JobRequest<Task>> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(of(type, millis, 0));
    }
    submit(requests);
  }

  private void submit(List<JobRequest<Task>> requests) {
    submit(
        requests,
        requests.stream().map(request -> request.payload().orElseThrow().number()).toList());
  }

  /** What throws without doubt wasn't enqueued; of what throws in doubt, nobody knows. */
  private void submit(List<? extends JobRequest<?>> requests, List<Long> numbers) {
    try {
      List<Enqueued> answers = client.submitAll(requests);
      for (int i = 0; i < numbers.size(); i++) {
        note(numbers.get(i), Asked.Answer.MADE, answers.get(i).id().value());
      }
    } catch (UnknownCommitException e) {
      LOG.info("Nobody knows whether {} triggers were enqueued: {}", requests.size(), e.toString());
      numbers.forEach(n -> note(n, Asked.Answer.UNKNOWN, null));
    } catch (StoreException e) {
      LOG.info("{} triggers were not enqueued: {}", requests.size(), e.toString());
      numbers.forEach(n -> note(n, Asked.Answer.REFUSED, null));
    }
  }

  private void note(long ofRequest, Asked.Answer answer, @Nullable UUID id) {
    synchronized (asked) {
      asked.add(new Asked(ofRequest, answer, id));
    }
  }

  /** What was asked for, and what was answered. */
  List<Asked> asked() {
    synchronized (asked) {
      return List.copyOf(asked);
    }
  }
}
