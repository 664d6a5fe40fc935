package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.ExecutionFilter;
import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What nodes have to do in a {@link World}. */
final class Errands {

  private static final String KEY = "key";

  private Errands() {}

  /** One trigger that may fail once. */
  static World.Errand oneTime() {
    return new OneTime(1);
  }

  /** The same, and when it is over somebody may enqueue another of the same key. */
  static World.Errand oneTimeTwice() {
    return new OneTime(2);
  }

  /** A trigger that fires every lease. */
  static World.Errand recurring() {
    return new Recurring();
  }

  private static final class OneTime implements World.Errand {

    private static final Retry TWO_ATTEMPTS = Retry.fixed(Duration.ofSeconds(5)).maxAttempts(2);

    private final int times;
    private int enqueued;

    OneTime(int times) {
      this.times = times;
    }

    @Override
    public Job<?> job(Handler.WithoutPayload handler) {
      return Job.of(JobType.of("job"), handler).retry(TWO_ATTEMPTS);
    }

    @Override
    public void begin(Store store) {
      store.triggers().enqueue(List.of(Given.oneTime("job", KEY, Due.now(), new byte[0])));
      enqueued++;
    }

    @Override
    public boolean canBeginAgain(Store store) {
      return enqueued < times && isDone(store);
    }

    @Override
    public boolean isDone(Store store) {
      return store.triggers().find("job", KEY).isEmpty();
    }
  }

  private static final class Recurring implements World.Errand {

    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Set<Outcome> FINAL = Set.of(Outcome.SUCCEEDED, Outcome.FAILED);

    @Override
    public Job<?> job(Handler.WithoutPayload handler) {
      return Job.recurring("job", Schedules.every(PERIOD), handler);
    }

    @Override
    public void begin(Store store) {
      // Opening a session has made it.
    }

    /** Each fire is run or counted as missed, and none is twice. */
    @Override
    public @Nullable String fault(Store store) {
      List<ExecutionRecord> runs =
          store.history().list(ExecutionFilter.all(), null, 1_000).stream()
              .filter(run -> FINAL.contains(run.outcome()))
              .sorted(Comparator.comparing(run -> run.key().version()))
              .toList();
      Instant last = HandClock.NOON.minus(PERIOD);
      for (ExecutionRecord run : runs) {
        Instant expected = last.plus(PERIOD.multipliedBy(1 + run.missed()));
        if (!run.fireTime().equals(expected)) {
          return "after the fire of "
              + last
              + " came that of "
              + run.fireTime()
              + ", "
              + run.missed()
              + " missed: "
              + runs;
        }
        last = run.fireTime();
      }
      return null;
    }

    @Override
    public boolean isDone(Store store) {
      Predicate<@Nullable Instant> isToCome = due -> due != null && due.isAfter(store.now());
      return store
          .triggers()
          .find("job", TriggerKind.STANDING_KEY)
          .filter(row -> row.state() == TriggerState.SCHEDULED && isToCome.test(row.due()))
          .isPresent();
    }
  }
}
