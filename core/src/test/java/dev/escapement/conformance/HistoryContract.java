package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ended attempts, in order and complete. */
abstract class HistoryContract extends Contract {

  private static final Comparator<ExecutionId> NEWEST_FIRST =
      Comparator.comparing(ExecutionId::claimedAt)
          .thenComparing(ExecutionId::trigger)
          .thenComparingLong(ExecutionId::version)
          .reversed();

  HistoryContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void findsOneByItsKey() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    TriggerId id = claim.guard().id();
    ExecutionId key = key(claim);
    assertThat(store.history().find(key)).isEmpty();
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(store.history().find(key)).map(ExecutionRecord::key).contains(key);
    assertThat(store.history().find(new ExecutionId(key.claimedAt(), id, key.version() + 1)))
        .isEmpty();
    assertThat(store.history().find(new ExecutionId(LONG_AGO, id, key.version()))).isEmpty();
    assertThat(
            store.history().find(new ExecutionId(key.claimedAt(), TriggerId.next(), key.version())))
        .isEmpty();
  }

  @Test
  void tellsTheStoryOfATrigger() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    List<Long> versions = new ArrayList<>();
    for (int attempt = 1; attempt <= 5; attempt++) {
      versions.add(claim.guard().version());
      end(claim, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
      claim = node.claim(1).get(0);
    }
    end(claimed(node, Draft.of(JOB)), Outcome.SUCCEEDED, Next.REMOVE);
    List<ExecutionRecord> story = store.history().of(claim.guard().id());
    assertThat(story).extracting(ExecutionRecord::attempt).containsExactly(1, 2, 3, 4, 5);
    assertThat(story)
        .extracting(execution -> execution.key().version())
        .containsExactlyElementsOf(versions);
    assertThat(store.history().of(TriggerId.next())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 1_000})
  void turnsItsPagesInOrderWithoutAGap(int pageSize) {
    Node node = openNode();
    enqueue(60, Draft.of(JOB));
    List<ExecutionId> expected = new ArrayList<>();
    for (List<Claim> batch = node.claim(25); !batch.isEmpty(); batch = node.claim(25)) {
      batch.forEach(claim -> expected.add(key(claim)));
      store.claims().complete(batch.stream().map(Contract::success).toList());
    }
    expected.sort(NEWEST_FIRST);
    assertThat(history(pageSize))
        .extracting(ExecutionRecord::key)
        .containsExactlyElementsOf(expected);
  }

  @Test
  void hasNoPageWhereNothingEnded() {
    claimed(openNode(), Draft.of(JOB));
    assertThat(history(10)).isEmpty();
  }

  @Test
  void forgetsTheOldInSmallBatches() {
    Node node = openNode();
    enqueue(5, Draft.of(JOB));
    store.claims().complete(node.claim(5).stream().map(Contract::success).toList());
    assertThat(store.history().purge(HOUR, 10)).isZero();
    Race.await("they are old", () -> store.history().purge(Duration.ZERO, 3) == 3);
    assertThat(history(10)).hasSize(2);
    assertThat(store.history().purge(Duration.ZERO, 3)).isEqualTo(2);
    assertThat(store.history().purge(Duration.ZERO, 3)).isZero();
    assertThat(history(10)).isEmpty();
  }

  @Test
  void keepsTheNewestOfAJobInSmallBatches() {
    Node node = Node.open(store, JOB, "another");
    List<ExecutionId> expected = new ArrayList<>();
    for (Outcome outcome : List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.CANCELLED)) {
      for (int i = 0; i < 3; i++) {
        Claim claim = claimed(node, Draft.of(JOB));
        expected.add(key(claim));
        end(claim, outcome, Next.REMOVE);
      }
    }
    Claim another = claimed(node, Draft.of("another"));
    end(another, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(store.history().trim(JOB, 9, 100)).isZero();
    assertThat(store.history().trim(JOB, 4, 3)).isEqualTo(3);
    expected.sort(NEWEST_FIRST);
    assertThat(historyOf(JOB)).containsExactlyElementsOf(expected.subList(0, 6));
    assertThat(store.history().trim(JOB, 4, 3)).isEqualTo(2);
    assertThat(store.history().trim(JOB, 4, 3)).isZero();
    assertThat(historyOf(JOB)).containsExactlyElementsOf(expected.subList(0, 4));
    assertThat(store.history().trim("nobody", 1, 3)).isZero();
    assertThat(historyOf("another")).containsExactly(key(another));
  }

  private List<ExecutionId> historyOf(String job) {
    return store.history().list(ExecutionFilter.ofJob(job), null, 100).stream()
        .map(ExecutionRecord::key)
        .toList();
  }
}
