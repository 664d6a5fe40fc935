package dev.escapement.engine;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One node of ten workers for whom each job takes a tenth of a second, on a clock that a test
 * turns: it can run a hundred a second.
 */
final class Overload {

  static final int WORKERS = 10;
  static final int TICKS_PER_SECOND = 10;

  private static final Duration TICK = Duration.ofSeconds(1).dividedBy(TICKS_PER_SECOND);

  final Bench bench;
  final Map<String, Integer> runs = new TreeMap<>();
  final Map<String, Duration> longest = new TreeMap<>();

  private final HandClock clock = new HandClock();
  private int ticks;

  Overload(Serving serving, Kind... kinds) {
    List<Job<?>> jobs = new ArrayList<>();
    for (Kind kind : kinds) {
      jobs.add(
          Job.of(JobType.of(kind.job()), this::ran).queue(kind.queue()).priority(kind.priority()));
    }
    this.bench = new Bench(clock, new MemoryStore(clock), "node", serving, jobs);
    bench.heart.open();
  }

  /** A job, and where its triggers wait. */
  record Kind(String job, String queue, Priority priority) {}

  private void ran(JobContext context) {
    runs.merge(context.job(), 1, Integer::sum);
    Duration waited = Duration.between(context.due(), clock.instant());
    longest.merge(context.job(), waited, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /** A tenth of a second passes, and the workers do what they can. */
  void tick() {
    clock.pass(TICK);
    if (ticks++ % TICKS_PER_SECOND == 0) {
      bench.heart.turn();
    }
    while (bench.poller.turn() == Loop.AT_ONCE) {
      if (bench.tasks.size() > WORKERS) {
        throw new AssertionError("more than there are workers");
      }
    }
    bench.work();
    bench.completer.turn();
  }

  int runs(String job) {
    return runs.getOrDefault(job, 0);
  }

  int allRuns() {
    return runs.values().stream().mapToInt(Integer::intValue).sum();
  }

  Duration longestWait(String job) {
    return longest.getOrDefault(job, Duration.ZERO);
  }

  /** What was asked for at each claim, in all. */
  List<Integer> asked() {
    return bench.store.requests.stream()
        .map(request -> request.demands().stream().mapToInt(ClaimRequest.Demand::limit).sum())
        .toList();
  }
}
