package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.escapement.Enqueued;
import dev.escapement.Explanation;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.NodeStatus;
import dev.escapement.Outcome;
import dev.escapement.QueueStatus;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which queues a node serves, and how they share its workers. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ServingContract {

  private static final JobType<String> TEXT = JobType.of("text", String.class);

  private final LiveNodes nodes;
  private final Witness witness;

  ServingContract(Supplier<Store> newStore) {
    this.nodes = new LiveNodes(newStore);
    this.witness = nodes.witness;
  }

  @AfterEach
  void closeNodes() {
    nodes.close();
  }

  private static Job<String> text() {
    return Job.of(TEXT, (text, context) -> {});
  }

  private static Enqueued enqueue(Scheduler scheduler, String queue) {
    return scheduler.submit(TEXT.with(queue).queue(queue));
  }

  @Test
  void theNodesAreThereToBeSeenTheLiveOnesFirst() {
    Scheduler gone = nodes.start(nodes.node(text()).nodeName("a").applicationVersion("1"));
    Scheduler node =
        nodes.start(
            nodes
                .node(text().queue("mail"))
                .nodeName("b")
                .applicationVersion("2")
                .queues("mail")
                .workers(7));
    gone.close();

    List<NodeStatus> seen = SchedulerClient.of(nodes.store()).nodes().all();

    assertThat(seen)
        .extracting(
            NodeStatus::name, NodeStatus::applicationVersion, NodeStatus::live, NodeStatus::queues)
        .containsExactly(
            tuple("b", "2", true, Set.of("mail")), tuple("a", "1", false, Set.of("default")));
    assertThat(seen.get(0).startedAt()).isAfterOrEqualTo(seen.get(1).startedAt());
    assertThat(node.nodes().all()).extracting(NodeStatus::session).doesNotHaveDuplicates();
    assertThat(node.stats().node()).isEqualTo("b");
    assertThat(node.stats().workers()).isEqualTo(7);
    assertThat(node.stats().trusted()).isTrue();
    assertThat(gone.stats().trusted()).isFalse();
  }

  private List<String> ranOn(Enqueued enqueued) {
    return nodes.history(enqueued).stream().map(ExecutionRecord::node).toList();
  }

  @Test
  void aNodeLeavesQueuesThatItDoesNotServeToOthers() throws Exception {
    Scheduler mail = nodes.start(nodes.node(text()).nodeName("mail").queues("mail"));
    Scheduler rest = nodes.start(nodes.node(text()).nodeName("rest").queues("default", "bulk"));

    List<Enqueued> ofMail = new ArrayList<>();
    List<Enqueued> ofRest = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ofMail.add(enqueue(rest, "mail"));
      ofRest.add(enqueue(mail, i % 2 == 0 ? "bulk" : "default"));
    }

    witness.awaitEnds(40, "text", Outcome.SUCCEEDED);
    assertThat(ofMail).allSatisfy(each -> assertThat(ranOn(each)).containsExactly("mail"));
    assertThat(ofRest).allSatisfy(each -> assertThat(ranOn(each)).containsExactly("rest"));
    assertThat(mail.queues().all())
        .extracting(QueueStatus::name, QueueStatus::nodes)
        .contains(tuple("mail", 1), tuple("bulk", 1));
  }

  @Test
  void whatNobodyServesWaitsUnheldAndIsExplained() throws Exception {
    Scheduler first =
        nodes.start(
            nodes
                .node(text().queue("mail"))
                .queues("default")
                .heartbeat(Duration.ofMillis(100))
                .lease(Duration.ofMillis(1_500)));
    Enqueued waiting = enqueue(first, "mail");
    Enqueued served = enqueue(first, "default");
    witness.awaitEnd(served.id(), Outcome.SUCCEEDED);

    Explanation explanation = first.explain(waiting.id());
    assertThat(explanation.reason()).isEqualTo(Explanation.Reason.QUEUE_NOT_SERVED);
    assertThat(explanation.sentence()).contains("\"mail\"");

    Scheduler stranger =
        nodes.start(
            nodes
                .node(Job.of(JobType.of("other"), context -> {}))
                .queues("mail", "default")
                .heartbeat(Duration.ofMillis(100))
                .lease(Duration.ofMillis(1_500)));
    for (int i = 0; i < 3; i++) {
      Enqueued other = stranger.submit(JobType.of("other").request().queue("mail"));
      witness.awaitEnd(other.id(), Outcome.SUCCEEDED);
    }
    assertThat(first.triggers().find(waiting.id()))
        .hasValueSatisfying(trigger -> assertThat(trigger.held()).isFalse());

    nodes.start(nodes.node(text()).queues("mail"));
    witness.awaitEnd(waiting.id(), Outcome.SUCCEEDED);
  }

  @Test
  void queuesThatShareWorkersRunNoMoreAtOnceThanThese() throws Exception {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch three = new CountDownLatch(3);
    Map<String, Integer> ran = Collections.synchronizedMap(new TreeMap<>());
    Scheduler scheduler =
        nodes.start(
            nodes
                .node(
                    Job.of(
                        TEXT,
                        (text, context) -> {
                          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                          three.countDown();
                          Witness.await(three);
                          ran.merge(text, 1, Integer::sum);
                          atOnce.decrementAndGet();
                        }))
                .sharedWorkers(3, Map.of("mail", 3, "bulk", 1)));

    scheduler.submitAll(
        IntStream.range(0, 200)
            .mapToObj(i -> i % 2 == 0 ? "mail" : "bulk")
            .map(queue -> TEXT.with(queue).queue(queue))
            .toList());

    witness.awaitEnds(200, "text", Outcome.SUCCEEDED);
    assertThat(most.get()).isEqualTo(3);
    assertThat(ran).containsEntry("mail", 100).containsEntry("bulk", 100);
  }

  @Test
  void aQueueWithoutWorkLeavesAllSharedWorkersToTheOther() throws Exception {
    CountDownLatch all = new CountDownLatch(4);
    Scheduler scheduler =
        nodes.start(
            nodes
                .node(
                    Job.of(
                        TEXT,
                        (text, context) -> {
                          all.countDown();
                          Witness.await(all);
                        }))
                .sharedWorkers(4, Map.of("mail", 100, "bulk", 1)));

    scheduler.submitAll(IntStream.range(0, 4).mapToObj(i -> TEXT.with("x").queue("bulk")).toList());

    witness.awaitEnds(4, "text", Outcome.SUCCEEDED);
    enqueue(scheduler, "mail");
    witness.awaitEnds(5, "text", Outcome.SUCCEEDED);
  }
}
