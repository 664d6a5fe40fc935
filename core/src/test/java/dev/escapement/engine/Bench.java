package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TriggerRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A node in parts on the bench: no thread runs but the test's, which turns each part by hand. The
 * handlers wait in {@link #tasks} until {@link #work()}.
 */
final class Bench {

  final HandClock clock;
  final FaultyStore store;
  final Deque<Runnable> tasks = new ArrayDeque<>();
  final Holdings holdings = new Holdings();
  final Counters counters = new Counters();
  final List<Run> settled = new ArrayList<>();
  final List<Due> again = new ArrayList<>();
  final Completer completer;
  final Declarations declarations;
  final WorkerPools pools;
  final Heart heart;
  final Poller poller;
  final Audit audit;
  int answersLost;
  int clusterChanges;
  int somethingDue;

  Bench(HandClock clock, MemoryStore memory, String node, int workers, List<Job<?>> jobs) {
    this(clock, memory, node, Given.serving(workers), jobs);
  }

  Bench(HandClock clock, MemoryStore memory, String node, Serving serving, List<Job<?>> jobs) {
    this(clock, memory, node, serving, jobs, OptionalInt.empty());
  }

  private Bench(
      HandClock clock,
      MemoryStore memory,
      String node,
      Serving serving,
      List<Job<?>> jobs,
      OptionalInt historyPerJob) {
    this.clock = clock;
    this.store = new FaultyStore(memory);
    Settings settings =
        Given.keeping(Given.settings(node, serving, tasks::addLast, List.of()), historyPerJob);
    JobRegistry registry = JobRegistry.of(jobs);
    Bookkeeping books = new Bookkeeping(counters, new Listeners(List.of()));
    this.completer =
        new Completer(
            node + "-completer",
            store,
            holdings,
            books,
            clock,
            settings.groupCommit(),
            new Completer.Fates(
                (run, due) -> {
                  settled.add(run);
                  if (due != null) {
                    again.add(due);
                  }
                  settle(run);
                },
                run -> pools().delayed(run)));
    ScheduleReader schedules = new ScheduleReader();
    this.declarations = new Declarations(store, registry, schedules);
    Writer writer = new Writer(settings.hooks().codec(), settings.limits().payloadBytes());
    Reporter reporter = new Reporter(node + "-reporter", store);
    Runner.Score score =
        new Runner.Score(
            registry,
            schedules,
            settings.hooks().interceptors(),
            new Attempt.Desk(store, writer, reporter));
    Runner runner = new Runner(score, store, new Alarm("alarm"), completer, counters, run -> {});
    this.pools = new WorkerPools(serving.named(), settings, clock, runner::run);
    this.heart =
        new Heart(
            node + "-heart",
            store,
            settings,
            new Heart.Body(registry, declarations, pools, books, clock),
            () -> {});
    Node body =
        new Node(
            settings.timing(),
            registry,
            declarations,
            heart,
            pools,
            holdings,
            books,
            new Herd(),
            clock);
    this.poller =
        new Poller(
            node + "-poller",
            store,
            body,
            new Spawning(store, registry, schedules, counters),
            new Poller.Events(
                () -> {
                  declarations.changed();
                  clusterChanges++;
                },
                () -> answersLost++,
                run -> completer().add(run, Verdict.unstarted(run), null)));
    this.audit =
        new Audit(
            node + "-audit",
            store,
            settings,
            body,
            new Audit.Deed(completer, () -> somethingDue++));
  }

  /** A node with ten workers that knows the jobs, with its session open. */
  static Bench opened(HandClock clock, MemoryStore memory, String node, Job<?>... jobs) {
    Bench bench = new Bench(clock, memory, node, 10, List.of(jobs));
    bench.heart.open();
    return bench;
  }

  /** The same, which keeps so many executions of each job. */
  static Bench keeping(
      int historyPerJob, HandClock clock, MemoryStore memory, String node, Job<?>... jobs) {
    OptionalInt limit = OptionalInt.of(historyPerJob);
    Bench bench = new Bench(clock, memory, node, Given.serving(10), List.of(jobs), limit);
    bench.heart.open();
    return bench;
  }

  private void settle(Run run) {
    pools.settled(run);
  }

  private WorkerPools pools() {
    return pools;
  }

  private Completer completer() {
    return completer;
  }

  Session session() {
    Session current = heart.current();
    if (current == null) {
      throw new IllegalStateException("open the heart first");
    }
    return current;
  }

  TriggerId enqueue(String job) {
    NewTrigger trigger = Given.oneTime(job, Due.now());
    store.triggers().enqueue(List.of(trigger));
    return trigger.id();
  }

  List<TriggerId> enqueue(String job, int count) {
    List<NewTrigger> triggers =
        IntStream.range(0, count).mapToObj(i -> Given.oneTime(job, Due.now())).toList();
    store.triggers().enqueue(triggers);
    return triggers.stream().map(NewTrigger::id).toList();
  }

  /** Runs what waits for a thread. */
  void work() {
    for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
      task.run();
    }
  }

  TriggerRecord row(TriggerId id) {
    return store.triggers().find(id).orElseThrow();
  }

  boolean isGone(TriggerId id) {
    return store.triggers().find(id).isEmpty();
  }

  boolean isRunning(TriggerId id) {
    return store.triggers().find(id).filter(t -> t.state() == TriggerState.RUNNING).isPresent();
  }

  List<Outcome> history(TriggerId id) {
    return store.history().of(id).stream().map(ExecutionRecord::outcome).toList();
  }

  long count(Outcome outcome) {
    return counters.outcomes().getOrDefault(outcome, 0L);
  }
}
