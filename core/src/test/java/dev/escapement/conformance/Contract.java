package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Enqueued;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** One idea of the SPI. Begins with an open store over empty data. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class Contract {

  static final String JOB = "send-invoice";
  static final Instant LONG_AGO = Instant.parse("2024-02-03T04:05:06.000007Z");
  static final Duration HOUR = Duration.ofHours(1);

  Store store;

  private final Supplier<Store> newStore;
  private final List<Store> opened = new ArrayList<>();

  Contract(Supplier<Store> newStore) {
    this.newStore = newStore;
  }

  @BeforeEach
  void openStore() {
    store = anotherStore();
  }

  @AfterEach
  void closeStores() {
    opened.forEach(Store::close);
  }

  /** One more store instance over the same data. */
  final Store anotherStore() {
    Store another = newStore.get();
    opened.add(another);
    another.open();
    return another;
  }

  final List<Store> stores(int count) {
    List<Store> stores = new ArrayList<>();
    while (stores.size() < count) {
      stores.add(anotherStore());
    }
    return stores;
  }

  /** A live node that knows {@link #JOB} and serves the default queue. */
  final Node openNode() {
    return Node.open(store, JOB);
  }

  final List<Enqueued> enqueueAll(Draft... drafts) {
    return store.triggers().enqueue(Arrays.stream(drafts).map(Draft::make).toList());
  }

  final TriggerId enqueue(Draft draft) {
    Enqueued answer = enqueueAll(draft).get(0);
    assertThat(answer.result()).isEqualTo(Enqueued.Result.CREATED);
    return answer.id();
  }

  final List<TriggerId> enqueue(int count, Draft draft) {
    return store.triggers().enqueue(draft.make(count)).stream().map(Enqueued::id).toList();
  }

  /** A trigger of that kind, claimed by that node. */
  final Claim claimed(Node node, Draft draft) {
    TriggerId id = enqueue(draft);
    List<Claim> claims = node.claim(100);
    assertThat(claims).extracting(claim -> claim.guard().id()).containsExactly(id);
    return claims.get(0);
  }

  final TriggerRecord row(TriggerId id) {
    return store.triggers().find(id).orElseThrow(() -> new AssertionError("No trigger " + id));
  }

  /** What the cluster knows of a job. */
  final JobRecord job(String name) {
    return store.jobs().all().stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No job " + name));
  }

  static JobDeclaration declared(String job, String queue, @Nullable String schedule) {
    return new JobDeclaration(job, queue, Priority.NORMAL, schedule);
  }

  final boolean isGone(TriggerId id) {
    return store.triggers().find(id).isEmpty();
  }

  final boolean end(Claim claim, Outcome outcome, Next next) {
    return !store.claims().complete(List.of(completion(claim, outcome, next))).written().isEmpty();
  }

  /**
   * Ends claims; again those whose rows others hold for a moment.
   *
   * @return those that were written
   */
  static Set<TriggerId> end(Store store, List<Completion> completions) {
    Set<TriggerId> written = new HashSet<>();
    List<Completion> left = new ArrayList<>(completions);
    Race.await(
        "nobody holds a row",
        () -> {
          Ended ended = store.claims().complete(left);
          assertThat(Collections.disjoint(ended.written(), ended.busy())).isTrue();
          written.addAll(ended.written());
          left.removeIf(each -> !ended.busy().contains(each.guard().id()));
          return left.isEmpty();
        });
    return written;
  }

  static Completion completion(Claim claim, Outcome outcome, Next next) {
    return new Completion(
        claim.guard(), new Ending(outcome, null, null, null, false, null, true), next);
  }

  static Completion success(Claim claim) {
    return completion(claim, Outcome.SUCCEEDED, Next.REMOVE);
  }

  static List<TriggerId> ids(List<Claim> claims) {
    return claims.stream().map(claim -> claim.guard().id()).toList();
  }

  /** The key of the execution that this claim will leave. */
  static ExecutionId key(Claim claim) {
    return new ExecutionId(claim.claimedAt(), claim.guard().id(), claim.guard().version());
  }

  /** The one execution of a trigger that ended once. */
  final ExecutionRecord execution(TriggerId id) {
    List<ExecutionRecord> executions = store.history().of(id);
    assertThat(executions).hasSize(1);
    return executions.get(0);
  }

  /** Asks something of a live trigger. */
  final Requests.Answer ask(TriggerId id, Request request) {
    Map<TriggerId, Requests.Answer> answers = store.requests().put(List.of(id), request);
    assertThat(answers).containsOnlyKeys(id);
    return Objects.requireNonNull(answers.get(id));
  }

  /** Takes a trigger back into service; says whether it was. */
  final boolean resume(TriggerId id) {
    return resume(store, id);
  }

  static boolean resume(Store store, TriggerId id) {
    Requests.Answer answer = store.requests().put(List.of(id), new Request.Resume()).get(id);
    return answer != null && answer.result() == Requests.Answer.Result.DONE;
  }

  /** All of history, page by page, the newest first. */
  final List<ExecutionRecord> history(int pageSize) {
    List<ExecutionRecord> all = new ArrayList<>();
    List<ExecutionRecord> page = store.history().list(ExecutionFilter.all(), null, pageSize);
    while (!page.isEmpty()) {
      all.addAll(page);
      ExecutionId last = all.get(all.size() - 1).key();
      page = store.history().list(ExecutionFilter.all(), last, pageSize);
      assertThat(page).extracting(ExecutionRecord::key).doesNotContain(last);
    }
    return all;
  }
}
