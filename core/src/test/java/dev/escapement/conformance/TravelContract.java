package dev.escapement.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Handler;
import dev.escapement.Headers;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What travels beside a payload reaches the handler, shown with real nodes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TravelContract {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Map<String, String> TRACE = Map.of("trace", "4bf9");

  private final LiveNodes nodes;
  private final List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());

  TravelContract(Supplier<Store> newStore) {
    this.nodes = new LiveNodes(newStore);
  }

  @AfterEach
  void closeNodes() {
    nodes.close();
  }

  /** Sees the headers, then does its work. */
  private Job<String> seeing(Handler<String> work) {
    return Job.of(
            TEXT,
            (text, context) -> {
              seen.add(context.headers());
              work.run(text, context);
            })
        .retry(Retry.fixed(Duration.ofMillis(50)));
  }

  private Job<String> seeing() {
    return seeing((text, context) -> {});
  }

  private static JobRequest<String> traced() {
    return TEXT.with("x").header("trace", "4bf9");
  }

  @Test
  void theHandlerHasTheHeadersOnEachAttempt() throws Exception {
    Scheduler node =
        nodes.start(
            seeing(
                (text, context) -> {
                  if (context.attempt() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                }));

    Execution last = node.await(node.submit(traced()).id(), LONG);

    assertThat(last.attempt()).isEqualTo(3);
    assertThat(seen).containsExactly(TRACE, TRACE, TRACE);
  }

  @Test
  void withoutHeadersItHasNone() throws Exception {
    Scheduler node = nodes.start(seeing());

    node.await(node.enqueue(TEXT, "x").id(), LONG);

    assertThat(seen).containsExactly(Map.of());
  }

  @Test
  void anyTextTravelsAndAsMuchAsIsAllowed() throws Exception {
    Scheduler node = nodes.start(seeing());
    JobRequest<String> request = TEXT.with("x").header("Ünï=c&d%", "发票 📬\u0000\n=&%+ ");
    for (int i = 0; i < 4; i++) {
      request = request.header("h" + i, "v".repeat(990));
    }
    int left = 4_096 - requireNonNull(Headers.write(request.headers())).length();
    request = request.header("rest", "v".repeat(left - "&rest=".length()));

    node.await(node.submit(request).id(), LONG);

    assertThat(seen).containsExactly(request.headers());
    assertThat(seen.get(0).keySet()).containsExactlyElementsOf(request.headers().keySet());
  }

  @Test
  void theyAreThereWhenADeadNodesRunIsTakenOver() throws Exception {
    CuttableStore switchboard = new CuttableStore(nodes.store());
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Job<String> hanging =
        seeing(
            (text, context) -> {
              started.countDown();
              finish.await();
            });
    Scheduler zombie =
        nodes.start(
            nodes.node(hanging).heartbeat(Duration.ofMillis(250)).lease(Duration.ofMillis(1500)),
            switchboard.store());
    Enqueued made = zombie.submit(traced());
    Witness.await(started);

    switchboard.cut();
    nodes.start(
        nodes.node(seeing()).heartbeat(Duration.ofMillis(250)).lease(Duration.ofMillis(1500)));
    nodes.witness.awaitEnd(made.id(), Outcome.SUCCEEDED);
    switchboard.mend();
    finish.countDown();

    assertThat(seen).containsExactly(TRACE, TRACE);
  }

  @Test
  void whatReplacesBringsItsOwn() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Scheduler node =
        nodes.start(
            seeing(
                (text, context) -> {
                  started.countDown();
                  finish.await();
                }));
    JobRequest<String> other = TEXT.with("y").key("k").onConflict(OnConflict.REPLACE);
    Enqueued waiting = node.submit(traced().key("k").after(LONG.multipliedBy(2)));
    assertThat(node.submit(other.header("by", "ada")).result()).isEqualTo(Enqueued.Result.REPLACED);
    Witness.await(started);

    assertThat(node.submit(other.header("by", "bob")).result()).isEqualTo(Enqueued.Result.AGAIN);
    finish.countDown();
    nodes.witness.awaitEnds(2, waiting.id(), Outcome.SUCCEEDED);

    assertThat(seen).containsExactly(Map.of("by", "ada"), Map.of("by", "bob"));
  }

  @Test
  void whatIsSpawnedHasThoseOfTheStandingTrigger() throws Exception {
    Schedule rare = Schedules.every(Duration.ofDays(1));
    Store store = nodes.store();
    NewTrigger standing =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.STANDING,
            "beside",
            TriggerKind.STANDING_KEY,
            NewTrigger.Placement.OF_JOB,
            Due.now(),
            new NewTrigger.Standing(rare.identity(), store.now()),
            new byte[0],
            "trace=4bf9",
            OnConflict.KEEP);
    store.triggers().enqueue(List.of(standing));
    nodes.start(
        Job.recurring("beside", rare, context -> seen.add(context.headers()))
            .overlap(Overlap.ALLOW));

    nodes.witness.awaitEnds(1, "beside", Outcome.SUCCEEDED);

    assertThat(seen).containsExactly(TRACE);
    assertThat(nodes.history()).allMatch(row -> row.kind() == TriggerKind.ONE_TIME);
  }

  @Test
  void aRecurringTriggerKeepsNoneAndIsTheSameWithOthers() {
    Scheduler node = nodes.start(seeing());
    Schedule rare = Schedules.every(Duration.ofDays(1)).from(nodes.store().now().plus(LONG));

    List<Enqueued.Result> results =
        IntStream.range(0, 2)
            .mapToObj(i -> node.recurring(TEXT.with("x").key("k").header("n", "" + i), rare))
            .map(Enqueued::result)
            .toList();

    assertThat(results).containsExactly(Enqueued.Result.CREATED, Enqueued.Result.KEPT);
    assertThat(node.triggers().find("text", "k").orElseThrow().headers()).isEmpty();
  }

  @Test
  void whatIsRunAgainFromTheHistoryHasNone() throws Exception {
    Scheduler node =
        nodes.start(
            seeing(
                    (text, context) -> {
                      if (!context.headers().isEmpty()) {
                        throw new IllegalStateException("no");
                      }
                    })
                .retry(Retry.none()));

    Execution failed = node.await(node.submit(traced()).id(), LONG);
    Execution again = node.await(node.executions().rerun(failed.id()).id(), LONG);

    assertThat(again.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(seen).containsExactly(TRACE, Map.of());
  }

  @Test
  void whatCannotBeReadStopsNothing() throws Exception {
    Scheduler node = nodes.start(seeing());
    NewTrigger odd =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.ONE_TIME,
            "text",
            null,
            NewTrigger.Placement.OF_JOB,
            Due.now(),
            null,
            new byte[] {'"', '"'},
            "trace=%zz",
            OnConflict.KEEP);
    nodes.store().triggers().enqueue(List.of(odd));

    assertThat(node.await(odd.id(), LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(seen).containsExactly(Map.of());
  }
}
