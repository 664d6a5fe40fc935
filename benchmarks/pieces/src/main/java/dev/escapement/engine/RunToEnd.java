package dev.escapement.engine;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerId;
import dev.escapement.pieces.Piece;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Store;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The runs of a large claim, and their ends over a store that says at once that all is written. A
 * run ends once, so each benchmark makes its own; take the first from the second for what an
 * outcome costs on its way to the store and back, and the second from the third for what is around
 * a handler.
 */
public class RunToEnd extends Piece {

  private static final int RUNS = 500;
  private static final int LARGEST_PAYLOAD = 64 * 1024;

  private final Given given = new Given(RUNS);
  private final Job<Void> job = Job.of(JobType.of(Given.JOB), context -> {});
  private final Holdings holdings = new Holdings();
  private final Counters counters = new Counters();
  private final Store store = agreeing();
  private final Completer completer =
      new Completer(
          "completer",
          store,
          holdings,
          new Bookkeeping(counters, new Listeners(List.of())),
          Given.CLOCK,
          Settings.GroupCommit.DEFAULT,
          new Completer.Fates((run, again) -> {}, run -> {}));
  private final Alarm alarm = new Alarm("alarm");
  private final Runner runner =
      new Runner(
          new Runner.Score(
              JobRegistry.of(List.of(job)),
              new ScheduleReader(),
              List.of(),
              new Attempt.Desk(
                  store,
                  new Writer(PayloadCodec.json(), LARGEST_PAYLOAD),
                  new Reporter("reporter", store))),
          store,
          alarm,
          completer,
          counters,
          run -> {});

  private Store agreeing() {
    Set<TriggerId> all =
        given.claims().stream().map(claim -> claim.guard().id()).collect(Collectors.toSet());
    Ended written = new Ended(all, Map.of());
    return answering(Store.class, "claims", answering(Claims.class, "complete", written));
  }

  /** Knows one question, whose answer is always the same. */
  private static <T> T answering(Class<T> type, String question, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(question)) {
                return answer;
              }
              throw new UnsupportedOperationException(method.toString());
            }));
  }

  /** One claim that becomes a run, begins, ends and has succeeded. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void madeAndJudged(Blackhole hole) {
    for (Run run : held()) {
      hole.consume(judged(run));
      holdings.handedOver();
      holdings.remove(run);
    }
  }

  /** The same, and its outcome is handed over, written with the others, and settled. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void completed() {
    for (Run run : held()) {
      completer.add(run, judged(run), null);
    }
    write();
  }

  /** The same, with all that the engine does around a handler, which does nothing. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void run() {
    held().forEach(runner::run);
    write();
  }

  private List<Run> held() {
    List<Run> runs = given.runs();
    holdings.add(runs);
    return runs;
  }

  private Completion judged(Run run) {
    run.begin();
    run.end();
    return Verdict.succeeded(run, job, null);
  }

  private void write() {
    completer.turn();
    if (!holdings.all().isEmpty()) {
      throw new IllegalStateException(holdings.all().size() + " outcomes weren't written");
    }
  }

  /** Ends a thread. */
  @TearDown
  public void close() {
    alarm.close();
  }
}
