package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.escapement.Count;
import dev.escapement.Explanation;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Priority;
import dev.escapement.QueueStatus;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of the guide to queues; {@link DocumentsTest} holds the guide to them. */
@Timeout(60)
class QueueSnippetsTest {

  private static final JobType<String> SEND_MAIL = JobType.of("send-mail", String.class);

  private final Store store = new MemoryStore();
  private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
  private final List<String> printed = new ArrayList<>();
  private final Job<String> send =
      Job.of(SEND_MAIL, (to, context) -> delivered.add(to)).queue("mail");

  private void deliver(String to) {
    delivered.add(to);
  }

  private void print(String line) {
    printed.add(line);
  }

  private String next() throws InterruptedException {
    return String.valueOf(delivered.poll(30, TimeUnit.SECONDS));
  }

  private Map<Set<String>, Integer> sessions() {
    return store.sessions().all().stream()
        .collect(Collectors.toMap(SessionRecord::queues, session -> 1));
  }

  @Test
  void aJobAndARequestChoose() {
    // snippet: queues-choose
    Job<String> send = Job.of(SEND_MAIL, (to, context) -> deliver(to)).queue("mail");
    JobRequest<String> newsletter =
        SEND_MAIL.with("everybody").queue("bulk").priority(Priority.LOW);
    // end

    Scheduler scheduler = Scheduler.builder().store(store).jobs(send).start();
    SchedulerClient client = SchedulerClient.of(store);
    assertThat(client.triggers().find(client.schedule(SEND_MAIL, "x", Duration.ofHours(1)).id()))
        .hasValueSatisfying(trigger -> assertThat(trigger.queue()).isEqualTo("mail"));
    assertThat(client.triggers().find(client.submit(newsletter).id()))
        .hasValueSatisfying(
            trigger -> {
              assertThat(trigger.queue()).isEqualTo("bulk");
              assertThat(trigger.priority()).isEqualTo(Priority.LOW);
            });
    assertThat(client.explain(client.submit(newsletter).id()).reason())
        .isEqualTo(Explanation.Reason.QUEUE_NOT_SERVED);
    scheduler.close();
  }

  @Test
  void replicasServeDifferentQueues() throws Exception {
    // snippet: queues-serve
    Scheduler front = Scheduler.builder().store(store).jobs(send).queues("default", "mail").start();
    Scheduler back = Scheduler.builder().store(store).jobs(send).queues("bulk").workers(2).start();
    // end

    assertThat(sessions().keySet())
        .containsExactlyInAnyOrder(Set.of("default", "mail"), Set.of("bulk"));
    front.submit(SEND_MAIL.with("everybody").queue("bulk"));
    assertThat(next()).isEqualTo("everybody");
    back.enqueue(SEND_MAIL, "ada");
    assertThat(next()).isEqualTo("ada");
    front.close();
    back.close();
  }

  @Test
  void workersAreOwnOrShared() throws Exception {
    // snippet: queues-workers
    Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .jobs(send)
            .workers(10) // each queue that isn't named below
            .workers("bulk", 2)
            .sharedWorkers(12, Map.of("mail", 3, "reports", 1))
            .start();
    // end

    assertThat(sessions().keySet()).containsExactly(Set.of("default", "mail", "bulk", "reports"));
    scheduler.submit(SEND_MAIL.with("the board").queue("reports"));
    assertThat(next()).isEqualTo("the board");
    scheduler.close();
  }

  @Test
  void ageingIsASetting() {
    // snippet: queues-ageing
    SchedulerBuilder patient = Scheduler.builder().store(store).ageing(Duration.ofMinutes(10));
    // end
    assertThat(patient.build()).isNotNull();
  }

  @Test
  void aQueueIsPausedAndResumed() throws Exception {
    Scheduler scheduler = Scheduler.builder().store(store).jobs(send).queues("bulk").start();
    // snippet: queues-pause
    scheduler.queues().pause("bulk");
    for (QueueStatus queue : scheduler.queues().all()) {
      print(queue.name() + ": " + queue.due() + " due, served by " + queue.nodes());
    }
    scheduler.queues().resume("bulk");
    // end

    assertThat(printed).containsExactly("bulk: 0 due, served by 1", "mail: 0 due, served by 0");
    scheduler.queues().pause("bulk");
    assertThat(scheduler.queues().all())
        .extracting(QueueStatus::name, QueueStatus::paused, QueueStatus::due)
        .contains(tuple("bulk", true, Count.of(0)));
    scheduler.queues().resume("bulk");
    scheduler.submit(SEND_MAIL.with("ada").queue("bulk"));
    assertThat(next()).isEqualTo("ada");
    scheduler.close();
  }
}
