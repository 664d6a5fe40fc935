package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see: triggers and executions in order, page by page, of those that they mean. */
abstract class ListContract extends Contract {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");
  private static final String OTHER = "other";

  private static final Comparator<TriggerRecord> TRIGGER_ORDER =
      Comparator.comparing(
              TriggerRecord::due, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
          .thenComparing(TriggerRecord::id);

  ListContract(Supplier<Store> newStore) {
    super(newStore);
  }

  /** Of two jobs, in each state and two queues, several with the same due, some with none. */
  private List<TriggerRecord> triggers() {
    List<TriggerId> ids = new ArrayList<>();
    Node node = Node.open(store, JOB, OTHER);
    for (String job : List.of(JOB, OTHER)) {
      ids.addAll(enqueue(2, Draft.of(job)));
      ids.add(enqueue(Draft.of(job).key("running")));
      ids.add(enqueue(Draft.standing(job)));
      ids.add(enqueue(Draft.standing(job).key("never")));
      ids.add(enqueue(Draft.standing(job).key("never again")));
    }
    for (Claim claim : node.claim(100)) {
      if (claim.key() != null && claim.key().startsWith("never")) {
        end(claim, Outcome.SUCCEEDED, Next.fireAt(null));
      }
    }
    for (String job : List.of(JOB, OTHER)) {
      ids.addAll(enqueue(3, Draft.of(job)));
      ids.addAll(enqueue(3, Draft.of(job).due(LATER)));
      ids.add(enqueue(Draft.of(job).key("k").due(LATER.plusNanos(1_000))));
      ids.addAll(enqueue(2, Draft.of(job).queue("side").due(LATER)));
      TriggerId paused = enqueue(Draft.of(job).key("paused").due(LATER));
      store.triggers().pause(paused, row(paused).version(), new Next.Pause("enough"));
      ids.add(paused);
    }
    List<TriggerRecord> rows = new ArrayList<>(ids.stream().map(this::row).toList());
    rows.sort(TRIGGER_ORDER);
    return rows;
  }

  private List<TriggerRecord> pages(TriggerFilter filter, int pageSize) {
    List<TriggerRecord> all = new ArrayList<>();
    List<TriggerRecord> page = store.triggers().list(filter, null, pageSize);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(pageSize);
      all.addAll(page);
      assertThat(all).hasSizeLessThan(1_000);
      page = store.triggers().list(filter, place(all.get(all.size() - 1)), pageSize);
    }
    return all;
  }

  private static TriggerPlace place(TriggerRecord row) {
    return new TriggerPlace(row.due(), row.id());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 1_000})
  void showsEachTriggerOnceHoweverLongAPage(int pageSize) {
    List<TriggerRecord> rows = triggers();
    assertThat(pages(TriggerFilter.all(), pageSize))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(rows);
    assertThat(pages(TriggerFilter.ofJob(JOB), pageSize))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(rows.stream().filter(row -> row.job().equals(JOB)).toList());
  }

  @Test
  void goesOnBehindATriggerThatHasGone() {
    List<TriggerRecord> rows = triggers();
    TriggerRecord last =
        rows.stream().filter(row -> LATER.equals(row.due())).findFirst().orElseThrow();
    ask(last.id(), new Request.Cancel());
    assertThat(store.triggers().list(TriggerFilter.all(), place(last), 3))
        .extracting(TriggerRecord::id)
        .containsExactlyElementsOf(
            rows.subList(rows.indexOf(last) + 1, rows.indexOf(last) + 4).stream()
                .map(TriggerRecord::id)
                .toList());
  }

  @Test
  void showsTheTriggersThatAreMeant() {
    List<TriggerRecord> rows = triggers();
    TriggerFilter all = TriggerFilter.all();
    Instant end = LATER.plusNanos(1_000);
    assertShows(rows, all.job(OTHER), row -> row.job().equals(OTHER));
    assertShows(rows, all.job(JOB).key("k"), row -> row.job().equals(JOB) && hasKey(row, "k"));
    assertShows(rows, all.queue("side"), row -> row.queue().equals("side"));
    for (TriggerState state :
        List.of(TriggerState.SCHEDULED, TriggerState.RUNNING, TriggerState.PAUSED)) {
      Instant from = state == TriggerState.RUNNING ? LONG_AGO : LATER;
      assertShows(rows, all.state(state), row -> row.state() == state);
      assertShows(
          rows, all.state(state).job(JOB), row -> row.state() == state && row.job().equals(JOB));
      assertShows(
          rows,
          all.state(state).job(JOB).dueUntil(end),
          row -> row.state() == state && row.job().equals(JOB) && isDue(row, null, end));
      assertShows(
          rows,
          all.state(state).queue(Node.QUEUE).dueFrom(from),
          row -> row.state() == state && row.queue().equals(Node.QUEUE) && isDue(row, from, null));
    }
    assertShows(rows, all.dueFrom(LATER), row -> isDue(row, LATER, null));
    assertShows(rows, all.dueUntil(LATER), row -> isDue(row, null, LATER));
    assertShows(rows, all.dueFrom(LATER).dueUntil(end), row -> isDue(row, LATER, end));
    assertShows(
        rows,
        all.job(JOB).queue("side").dueFrom(LATER).dueUntil(end),
        row -> row.job().equals(JOB) && row.queue().equals("side"));
    assertShows(
        rows,
        all.job(OTHER).key("paused").state(TriggerState.PAUSED).queue(Node.QUEUE).dueFrom(LATER),
        row -> row.job().equals(OTHER) && hasKey(row, "paused"));
  }

  @Test
  void showsNothingWhereNothingIsMeant() {
    triggers();
    TriggerFilter all = TriggerFilter.all();
    for (TriggerFilter none :
        List.of(
            all.job("nobody"),
            all.job(JOB).key("nobody"),
            all.job(JOB.toUpperCase(Locale.ROOT)),
            all.queue("nowhere"),
            all.state(TriggerState.PENDING),
            all.job(JOB).key("k").state(TriggerState.RUNNING),
            all.state(TriggerState.RUNNING).queue("side"),
            all.dueUntil(LONG_AGO))) {
      assertThat(store.triggers().list(none, null, 10)).as(none.toString()).isEmpty();
      assertThat(store.triggers().count(none, 10)).as(none.toString()).isZero();
    }
  }

  private void assertShows(
      List<TriggerRecord> rows, TriggerFilter filter, Predicate<TriggerRecord> meant) {
    List<TriggerRecord> expected = rows.stream().filter(meant).toList();
    assertThat(expected).as("some are meant by " + filter).isNotEmpty();
    for (int pageSize : new int[] {1, 3, 100}) {
      assertThat(pages(filter, pageSize))
          .as(filter.toString())
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactlyElementsOf(expected);
    }
    assertThat(store.triggers().count(filter, 100)).as("count").isEqualTo(expected.size());
    assertThat(store.triggers().count(filter, 1)).as("count no further").isEqualTo(1);
  }

  private static boolean hasKey(TriggerRecord row, String key) {
    return key.equals(row.key());
  }

  private static boolean isDue(TriggerRecord row, @Nullable Instant from, @Nullable Instant until) {
    Instant due = row.due();
    return due != null
        && (from == null || !due.isBefore(from))
        && (until == null || due.isBefore(until));
  }

  /** Of two jobs, ended in several ways, several claimed at the same time. */
  private List<ExecutionRecord> executions() {
    Node node = Node.open(store, JOB, OTHER);
    List<Outcome> outcomes = List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.LOST);
    for (int round = 0; round < 3; round++) {
      for (String job : List.of(JOB, OTHER)) {
        enqueue(3, Draft.of(job));
        enqueue(Draft.of(job).key("k"));
      }
      int number = round;
      for (Claim claim : node.claim(100)) {
        end(claim, outcomes.get((claim.key() == null ? number++ : round) % 3), Next.REMOVE);
      }
      Instant now = store.now();
      Race.await("the next round is later", () -> store.now().isAfter(now));
    }
    ask(enqueue(Draft.of(JOB).key("k")), new Request.Cancel());
    List<ExecutionRecord> all =
        new ArrayList<>(store.history().list(ExecutionFilter.all(), null, 1_000));
    assertThat(all).hasSize(25);
    all.sort(Comparator.comparing(ExecutionRecord::key).reversed());
    return all;
  }

  private List<ExecutionRecord> pages(ExecutionFilter filter, int pageSize) {
    List<ExecutionRecord> all = new ArrayList<>();
    ExecutionId last = null;
    List<ExecutionRecord> page = store.history().list(filter, last, pageSize);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(pageSize);
      all.addAll(page);
      assertThat(all).hasSizeLessThan(1_000);
      last = all.get(all.size() - 1).key();
      page = store.history().list(filter, last, pageSize);
    }
    return all;
  }

  @Test
  void showsTheExecutionsThatAreMeantTheNewestFirst() {
    List<ExecutionRecord> all = executions();
    ExecutionFilter any = ExecutionFilter.all();
    Instant newest = all.get(0).key().claimedAt();
    Instant middle = all.get(12).key().claimedAt();
    Instant oldest = all.get(24).key().claimedAt();
    assertThat(Set.of(newest, middle, oldest)).hasSize(3);
    assertShows(all, any, row -> true);
    assertShows(all, any.job(JOB), row -> row.job().equals(JOB));
    assertShows(
        all, any.job(OTHER).key("k"), row -> row.job().equals(OTHER) && row.jobKey() != null);
    for (Outcome outcome :
        List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.LOST, Outcome.CANCELLED)) {
      assertShows(all, any.outcome(outcome), row -> row.outcome() == outcome);
      assertShows(
          all,
          any.job(JOB).outcome(outcome),
          row -> row.outcome() == outcome && row.job().equals(JOB));
      assertShows(
          all,
          any.job(JOB).key("k").outcome(outcome),
          row -> row.outcome() == outcome && row.job().equals(JOB) && row.jobKey() != null);
    }
    assertShows(all, any.from(middle), row -> !row.key().claimedAt().isBefore(middle));
    assertShows(all, any.until(middle), row -> row.key().claimedAt().isBefore(middle));
    assertShows(
        all,
        any.job(JOB).from(oldest).until(middle),
        row -> row.job().equals(JOB) && row.key().claimedAt().isBefore(middle));
    assertShows(
        all,
        any.outcome(Outcome.FAILED).from(middle).until(newest),
        row ->
            row.outcome() == Outcome.FAILED
                && !row.key().claimedAt().isBefore(middle)
                && row.key().claimedAt().isBefore(newest));
  }

  private void assertShows(
      List<ExecutionRecord> all, ExecutionFilter filter, Predicate<ExecutionRecord> meant) {
    List<ExecutionRecord> expected = all.stream().filter(meant).toList();
    assertThat(expected).as("some are meant by " + filter).isNotEmpty();
    for (int pageSize : new int[] {1, 4, 1_000}) {
      assertThat(pages(filter, pageSize))
          .as(filter.toString())
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactlyElementsOf(expected);
    }
    assertThat(store.history().count(filter, 100)).as("count").isEqualTo(expected.size());
    assertThat(store.history().count(filter, 1)).as("count no further").isEqualTo(1);
  }

  @Test
  void showsNoExecutionWhereNoneIsMeant() {
    List<ExecutionRecord> all = executions();
    ExecutionFilter any = ExecutionFilter.all();
    for (ExecutionFilter none :
        List.of(
            any.job("nobody"),
            any.job(JOB).key("nobody"),
            any.outcome(Outcome.TIMED_OUT),
            any.job(OTHER).outcome(Outcome.CANCELLED),
            any.until(all.get(24).key().claimedAt()))) {
      assertThat(store.history().list(none, null, 10)).as(none.toString()).isEmpty();
      assertThat(store.history().count(none, 10)).as(none.toString()).isZero();
    }
  }
}
