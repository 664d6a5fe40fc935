package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Many stores at once: each claim is won once and ends once. */
abstract class RaceContract extends Contract {

  RaceContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void eightStoresClaimEachOfTenThousandOnce() {
    int total = 10_000;
    List<TriggerId> enqueued = enqueue(total, Draft.of(JOB));
    List<Store> stores = stores(8);
    AtomicInteger ended = new AtomicInteger();
    List<List<TriggerId>> wins =
        Race.of(
            8,
            number -> {
              Node node = Node.open(stores.get(number), JOB);
              List<TriggerId> won = work(node, 50, ended, total);
              node.close();
              return won;
            });
    assertThatAllAreThereOnce(wins.stream().flatMap(Collection::stream).toList(), enqueued);
    List<ExecutionRecord> history = history(1_000);
    assertThat(history).allMatch(execution -> execution.outcome() == Outcome.SUCCEEDED);
    assertThatAllAreThereOnce(
        history.stream().map(execution -> execution.key().trigger()).toList(), enqueued);
    assertThat(store.triggers().list(TriggerFilter.all(), null, 10)).isEmpty();
    assertThat(store.sessions().all()).noneMatch(SessionRecord::live);
    assertThat(store.claims().running(SessionId.next(), 10)).isEmpty();
  }

  /** By hash: comparing each of ten thousand with each takes longer than the race. */
  private static void assertThatAllAreThereOnce(List<TriggerId> these, List<TriggerId> all) {
    assertThat(these).hasSameSizeAs(all);
    assertThat(Set.copyOf(these)).isEqualTo(Set.copyOf(all));
  }

  /** Claims and completes until all have ended, here or elsewhere. */
  private static List<TriggerId> work(Node node, int batch, AtomicInteger ended, int total) {
    List<TriggerId> won = new ArrayList<>();
    while (ended.get() < total && !Thread.currentThread().isInterrupted()) {
      List<Claim> claims = node.claim(batch);
      assertThat(claims).allMatch(claim -> claim.attempt() == 1);
      assertThat(end(node.store(), claims.stream().map(Contract::success).toList()))
          .containsExactlyInAnyOrderElementsOf(ids(claims));
      won.addAll(ids(claims));
      ended.addAndGet(claims.size());
    }
    return won;
  }

  @Test
  void eachVersionIsClaimedOnceHoweverOftenATriggerComesBack() {
    int total = 2_000;
    List<TriggerId> ids = enqueue(20, Draft.of(JOB));
    List<Store> stores = stores(4);
    AtomicInteger ended = new AtomicInteger();
    List<List<ExecutionId>> wins =
        Race.of(
            4,
            number -> {
              Node node = Node.open(stores.get(number), JOB);
              List<ExecutionId> won = new ArrayList<>();
              while (ended.get() < total && !Thread.currentThread().isInterrupted()) {
                List<Claim> claims = node.claim(7);
                claims.forEach(claim -> won.add(key(claim)));
                List<Completion> retries =
                    claims.stream()
                        .map(
                            claim ->
                                completion(claim, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO))))
                        .toList();
                assertThat(end(node.store(), retries)).hasSize(claims.size());
                ended.addAndGet(claims.size());
              }
              return won;
            });
    List<ExecutionId> claims = wins.stream().flatMap(Collection::stream).toList();
    assertThat(claims.stream().map(key -> List.of(key.trigger(), key.version())))
        .doesNotHaveDuplicates();
    assertThat(history(1_000))
        .extracting(ExecutionRecord::key)
        .containsExactlyInAnyOrderElementsOf(claims);
    assertThat(ids.stream().mapToInt(id -> row(id).attempt()).sum()).isEqualTo(claims.size());
  }

  @Test
  void aClaimIsEitherCompletedOrTakenOver() {
    List<Store> stores = stores(6);
    for (int round = 0; round < 15; round++) {
      Node stale = openNode();
      enqueue(40, Draft.of(JOB));
      List<Claim> claims = stale.claim(40);
      stale.die();
      List<List<TriggerId>> wins =
          Race.of(6, number -> endAll(stores.get(number), claims, number % 2 == 0, number));
      assertThat(wins.stream().flatMap(Collection::stream).toList())
          .containsExactlyInAnyOrderElementsOf(ids(claims));
      for (Claim claim : claims) {
        TriggerId id = claim.guard().id();
        ExecutionRecord execution = execution(id);
        assertThat(execution.key().version()).isEqualTo(claim.guard().version());
        assertThat(isGone(id)).isEqualTo(execution.outcome() == Outcome.SUCCEEDED);
        store.triggers().find(id).ifPresent(row -> assertTakenOver(row, claim));
      }
      clear();
    }
  }

  /** Ends all of the claims in small batches and an order of its own. */
  private static List<TriggerId> endAll(
      Store store, List<Claim> claims, boolean asHolder, int seed) {
    List<Claim> shuffled = new ArrayList<>(claims);
    Collections.shuffle(shuffled, new Random(seed));
    List<TriggerId> written = new ArrayList<>();
    for (int from = 0; from < shuffled.size(); from += 8) {
      List<Claim> batch = shuffled.subList(from, Math.min(from + 8, shuffled.size()));
      written.addAll(
          asHolder
              ? end(store, batch.stream().map(Contract::success).toList())
              : store
                  .claims()
                  .takeOver(
                      batch.stream()
                          .map(claim -> completion(claim, Outcome.LOST, new Next.Recover()))
                          .toList())
                  .written());
    }
    return written;
  }

  private static void assertTakenOver(TriggerRecord row, Claim claim) {
    assertThat(row.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(row.lost()).isEqualTo(1);
    assertThat(row.attempt()).isEqualTo(1);
    assertThat(row.version()).isGreaterThan(claim.guard().version());
    assertThat(row.owner()).isNull();
  }

  private void clear() {
    Node node = openNode();
    store.claims().complete(node.claim(1_000).stream().map(Contract::success).toList());
  }

  @Test
  void oppositeOrdersDoNotDeadlock() {
    List<Store> stores = stores(4);
    Node node = openNode();
    for (int round = 0; round < 10; round++) {
      enqueue(200, Draft.of(JOB));
      List<Claim> claims = node.claim(200);
      List<Set<TriggerId>> wins =
          Race.of(
              4,
              number -> {
                List<Completion> mine =
                    new ArrayList<>(claims.stream().map(Contract::success).toList());
                if (number % 2 == 1) {
                  Collections.reverse(mine);
                }
                return end(stores.get(number), mine);
              });
      assertThat(wins.stream().flatMap(Collection::stream).toList())
          .containsExactlyInAnyOrderElementsOf(ids(claims));
    }
    assertThat(history(1_000)).hasSize(2_000);
  }

  @Test
  void whatComesInMeanwhileIsClaimedToo() {
    int producers = 3;
    int each = 300;
    List<Store> stores = stores(6);
    AtomicInteger ended = new AtomicInteger();
    List<List<TriggerId>> results =
        Race.of(
            6,
            number -> {
              Store mine = stores.get(number);
              if (number < producers) {
                List<TriggerId> made = new ArrayList<>();
                for (int i = 0; i < each; i += 10) {
                  mine.triggers()
                      .enqueue(Draft.of(JOB).due(Due.now()).make(10))
                      .forEach(answer -> made.add(answer.id()));
                }
                return made;
              }
              return work(Node.open(mine, JOB), 10, ended, producers * each);
            });
    List<TriggerId> made =
        results.subList(0, producers).stream().flatMap(Collection::stream).toList();
    List<TriggerId> won =
        results.subList(producers, 6).stream().flatMap(Collection::stream).toList();
    assertThat(won).containsExactlyInAnyOrderElementsOf(made);
  }
}
