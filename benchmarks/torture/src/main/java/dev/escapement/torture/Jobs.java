package dev.escapement.torture;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the replicas run: jobs of every manner, whose right ends are known. */
final class Jobs {

  static final JobType<Task> WORK = JobType.of("work", Task.class);
  static final JobType<Task> FLAKY = JobType.of("flaky", Task.class);
  static final JobType<Task> DOOMED = JobType.of("doomed", Task.class);
  static final JobType<Task> TRANSFER = JobType.of("transfer", Task.class);
  static final JobType<Task> CHILD = JobType.of("child", Task.class);
  static final JobType<Task> STEPS = JobType.of("steps", Task.class);
  static final JobType<Task> SNOOZE = JobType.of("snooze", Task.class);

  /** The one that drops what it misses. */
  static final String DROPPING = "dropping-tick";

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration PULSE = Duration.ofMillis(700);

  /** Between two fires of each job that recurs, and whose fires are all accounted for. */
  static final Map<String, Duration> PERIODS =
      Map.of(
          "tick", SECOND, "every-tick", SECOND, DROPPING, SECOND, "burst", SECOND, "pulse", PULSE);

  /** Those that run in any run, however short. */
  static final List<String> ALWAYS =
      List.of(
          WORK.name(),
          FLAKY.name(),
          TRANSFER.name(),
          CHILD.name(),
          STEPS.name(),
          "tick",
          "every-tick",
          "burst",
          "pulse");

  private static final Map<String, Outcome> FINAL_OUTCOMES =
      Map.ofEntries(
          Map.entry(WORK.name(), Outcome.SUCCEEDED),
          Map.entry(FLAKY.name(), Outcome.SUCCEEDED),
          Map.entry(DOOMED.name(), Outcome.FAILED),
          Map.entry(TRANSFER.name(), Outcome.SUCCEEDED),
          Map.entry(CHILD.name(), Outcome.SUCCEEDED),
          Map.entry(STEPS.name(), Outcome.SUCCEEDED),
          Map.entry(SNOOZE.name(), Outcome.SUCCEEDED),
          Map.entry("burst", Outcome.SUCCEEDED),
          Map.entry(Generation.NOVEL.name(), Outcome.SUCCEEDED),
          Map.entry(Generation.SHAPED, Outcome.SUCCEEDED),
          Map.entry(BadJobs.BOMB.name(), Outcome.FAILED),
          Map.entry(BadJobs.STUBBORN.name(), Outcome.TIMED_OUT),
          Map.entry(BadJobs.LEAK.name(), Outcome.SUCCEEDED),
          Map.entry(BadJobs.FAT.name(), Outcome.SUCCEEDED));

  private final SchedulerClient client;
  private final LedgerLink ledger;

  private Jobs(SchedulerClient client, LedgerLink ledger) {
    this.client = client;
    this.ledger = ledger;
  }

  /** How the last attempt of such a job ends; null for one that nobody looks after. */
  static @Nullable Outcome finalOutcome(String job) {
    return FINAL_OUTCOMES.get(job);
  }

  /** What every replica knows. */
  static List<Job<?>> of(Store store, LedgerLink ledger) {
    Jobs jobs = new Jobs(SchedulerClient.of(store), ledger);
    List<Job<?>> all = new ArrayList<>(recurring());
    all.add(Job.of(WORK, (task, context) -> work(task.millis())));
    all.add(Job.of(CHILD, (task, context) -> work(task.millis())));
    all.add(Job.of(FLAKY, (task, context) -> flaky(task, context)).retry(soon(20)));
    all.add(Job.of(DOOMED, (task, context) -> doomed(task)).retry(soon(3)));
    all.add(Job.of(TRANSFER, jobs::transfer).transactional().retry(soon(1_000)));
    all.add(Job.of(STEPS, jobs::steps).retry(soon(1_000)));
    all.add(Job.of(SNOOZE, (task, context) -> snooze(task, context)).retry(soon(1_000)));
    return all;
  }

  private static Retry soon(int attempts) {
    return Retry.fixed(Duration.ofMillis(50)).maxAttempts(attempts);
  }

  private static List<Job<?>> recurring() {
    Misfire all = Misfire.fireAll().cappedAt(1_000).threshold(SECOND);
    return List.of(
        Job.recurring("tick", Schedules.cron("* * * * * *"), context -> work(20)),
        Job.recurring("every-tick", Schedules.cron("* * * * * *"), context -> work(1)).misfire(all),
        Job.recurring(DROPPING, Schedules.cron("* * * * * *"), context -> work(300))
            .overlap(Overlap.SKIP)
            .misfire(Misfire.skip().threshold(SECOND)),
        Job.recurring("burst", Schedules.cron("* * * * * *"), context -> work(1_500))
            .allowOverlap(100)
            .misfire(all)
            .retry(soon(1_000)),
        Job.recurring("pulse", Schedules.every(PULSE), context -> work(5)));
  }

  private static void work(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  private static void flaky(Task task, JobContext context) throws InterruptedException {
    work(task.millis());
    if (context.attempt() <= task.failures()) {
      throw new IllegalStateException("attempt " + context.attempt() + " fails");
    }
  }

  private static void doomed(Task task) throws InterruptedException {
    work(task.millis());
    throw new IllegalStateException("it always fails");
  }

  /** Writes an effect and enqueues a trigger, both in the transaction that ends it. */
  private void transfer(Task task, JobContext context) throws Exception {
    Connection connection = context.connection();
    TriggerId child =
        client
            .using(connection)
            .enqueue(CHILD, new Task(-task.number(), task.millis() / 2, 0))
            .id();
    write(connection, context.triggerId(), child);
    work(task.millis());
    if (context.attempt() <= task.failures()) {
      throw new IllegalStateException("fails after it has written");
    }
  }

  private static void write(Connection connection, TriggerId id, TriggerId child)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO torture_effect (id, child) VALUES (?, ?)")) {
      insert.setObject(1, id.value());
      insert.setObject(2, child.value());
      insert.executeUpdate();
    }
  }

  /**
   * How far a run has come.
   *
   * @param by the run's version
   */
  record Reached(int step, long by) {
    static final Reached NOTHING = new Reached(0, 0);
  }

  /** Goes on from where the attempt before it has come to. */
  private void steps(Task task, JobContext context) throws Exception {
    int steps = 5;
    Reached begun = context.checkpoint(Reached.class).orElse(Reached.NOTHING);
    ledger.mark(context, Mark.What.FOUND, begun.by());
    for (int step = begun.step(); step < steps; step++) {
      work(task.millis() / steps);
      context.progress(step, steps, "on the way");
      context.checkpoint(new Reached(step + 1, context.fencingToken()));
      ledger.mark(context, Mark.What.LEFT, context.fencingToken());
    }
  }

  private static void snooze(Task task, JobContext context) throws InterruptedException {
    work(task.millis());
    if (context.checkpoint(Boolean.class).isEmpty()) {
      context.checkpoint(true);
      context.snooze(Duration.ofMillis(200));
    }
  }
}
