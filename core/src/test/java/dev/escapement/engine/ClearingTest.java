package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The number of executions that each job keeps, and which node sees to it. */
class ClearingTest {

  private static final int KEPT = 3;
  private static final Job<?>[] JOBS =
      IntStream.range(0, 24)
          .mapToObj(i -> Job.of(JobType.of("job-" + i), context -> {}))
          .toArray(Job<?>[]::new);

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);

  private Bench keeping(String name) {
    return Bench.keeping(KEPT, clock, memory, name, JOBS);
  }

  /** Ends so many triggers of a job, one after the other. */
  private List<ExecutionId> run(Bench worker, String job, int count) throws InterruptedException {
    List<ExecutionId> newestFirst = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      worker.enqueue(job);
      worker.poller.turn();
      worker.work();
      worker.completer.turn();
      newestFirst.add(0, of(job).get(0));
      clock.pass(Duration.ofMillis(1));
    }
    return newestFirst;
  }

  private List<ExecutionId> of(String job) {
    return memory.history().list(ExecutionFilter.ofJob(job), null, 10_000).stream()
        .map(ExecutionRecord::key)
        .toList();
  }

  private void lookFor(Duration time, List<Bench> nodes) throws InterruptedException {
    for (Duration past = Duration.ZERO; past.compareTo(time) < 0; past = past.plusSeconds(5)) {
      clock.pass(Duration.ofSeconds(5));
      for (Bench node : nodes) {
        node.heart.turn();
        node.audit.turn();
      }
    }
  }

  @Test
  void theNewestOfEachJobStay() throws Exception {
    Bench node = keeping("node");
    List<ExecutionId> many = run(node, "job-1", KEPT + 2);
    List<ExecutionId> few = run(node, "job-2", KEPT);
    lookFor(Duration.ofMinutes(2), List.of(node));

    assertThat(of("job-1")).containsExactlyElementsOf(many.subList(0, KEPT));
    assertThat(of("job-2")).containsExactlyElementsOf(few);
  }

  @Test
  void eachJobIsOneLiveNodesToTrim() throws Exception {
    List<Bench> nodes = List.of(keeping("a"), keeping("b"), keeping("c"));
    for (Bench node : nodes) {
      node.audit.turn();
      node.store.trims.clear();
    }
    lookFor(Duration.ofMinutes(1), nodes);

    Set<String> all = new TreeSet<>();
    for (Bench node : nodes) {
      assertThat(node.store.trims).isNotEmpty().doesNotHaveDuplicates();
      assertThat(all).doesNotContainAnyElementsOf(node.store.trims);
      all.addAll(node.store.trims);
    }
    assertThat(all).hasSize(JOBS.length);
  }

  @Test
  void theJobsOfANodeThatIsGoneAreTheOthers() throws Exception {
    Bench gone = keeping("gone");
    Bench alive = keeping("alive");
    lookFor(Duration.ofMinutes(2), List.of(gone, alive));
    memory.sessions().close(gone.session().id());
    alive.store.trims.clear();
    lookFor(Duration.ofMinutes(1), List.of(alive));

    assertThat(alive.store.trims).hasSize(JOBS.length);
  }

  @Test
  void withoutALimitNothingIsTrimmed() throws Exception {
    Bench node = Bench.opened(clock, memory, "node", JOBS);
    lookFor(Duration.ofMinutes(2), List.of(node));

    assertThat(node.store.trims).isEmpty();
  }

  @Test
  void moreThanATimeSliceHoldsIsTrimmedLookByLook() throws Exception {
    Bench node = Bench.opened(clock, memory, "node", JOBS);
    List<ExecutionId> all = run(node, "job-1", KEPT + 2);
    Settings.Limits limits = new Settings.Limits(1, 1, Duration.ofDays(1), OptionalInt.of(KEPT));
    Clearing clearing = new Clearing(memory, limits, new Herd());
    int[] batches = {3};

    assertThat(clearing.clear(node.session().id(), () -> batches[0]-- > 0)).isFalse();
    assertThat(clearing.clear(node.session().id(), () -> true)).isTrue();
    assertThat(of("job-1")).containsExactlyElementsOf(all.subList(0, KEPT));
  }
}
