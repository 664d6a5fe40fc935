package dev.escapement.conformance;

import static dev.escapement.store.Requests.Answer.Result.DONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests and ends at the same moment: none is lost, none is honoured twice. */
abstract class RequestRaceContract extends Contract {

  private static final int ROUNDS = 40;
  private static final Next RETRY = new Next.Retry(Due.at(LONG_AGO));

  RequestRaceContract(Supplier<Store> newStore) {
    super(newStore);
  }

  /** One holder ends the claim while all others ask; empty for those who found it gone. */
  private static List<Optional<Answer>> race(
      List<Store> stores, Completion completion, Request request) {
    TriggerId id = completion.guard().id();
    List<Optional<Answer>> answers =
        Race.of(
            stores.size(),
            number -> {
              Store mine = stores.get(number);
              if (number > 0) {
                return Optional.ofNullable(mine.requests().put(List.of(id), request).get(id));
              }
              assertThat(end(mine, List.of(completion))).containsExactly(id);
              return Optional.empty();
            });
    return answers.subList(1, answers.size());
  }

  @Test
  void runsAgainIfAndOnlyIfItWasAskedInTime() {
    Node node = openNode();
    List<Store> stores = stores(4);
    for (int round = 0; round < ROUNDS; round++) {
      Claim claim = claimed(node, Draft.of(JOB));
      List<Optional<Answer>> answers = race(stores, success(claim), new Request.RunNow());
      boolean asked = answers.stream().anyMatch(Optional::isPresent);
      assertThat(isGone(claim.guard().id())).isEqualTo(!asked);
      assertThat(execution(claim.guard().id()).outcome()).isEqualTo(Outcome.SUCCEEDED);
      if (asked) {
        Claim again = node.claim(10).get(0);
        assertThat(again.guard().id()).isEqualTo(claim.guard().id());
        end(again, Outcome.SUCCEEDED, Next.REMOVE);
        assertThat(isGone(claim.guard().id())).isTrue();
      }
    }
  }

  @Test
  void cancelsOnceWhetherItStillRunsOrWaitsAgain() {
    Node node = openNode();
    List<Store> stores = stores(4);
    for (int round = 0; round < ROUNDS; round++) {
      Claim claim = claimed(node, Draft.of(JOB));
      TriggerId id = claim.guard().id();
      List<Optional<Answer>> answers =
          race(stores, completion(claim, Outcome.FAILED, RETRY), new Request.Cancel());
      assertThat(isGone(id)).isTrue();
      boolean waited =
          answers.stream().flatMap(Optional::stream).anyMatch(answer -> answer.result() == DONE);
      assertThat(store.history().of(id))
          .extracting(ExecutionRecord::outcome)
          .containsExactlyElementsOf(
              waited ? List.of(Outcome.FAILED, Outcome.CANCELLED) : List.of(Outcome.CANCELLED));
    }
  }

  @Test
  void neverTurnsASuccessIntoACancellation() {
    Node node = openNode();
    List<Store> stores = stores(3);
    for (int round = 0; round < ROUNDS; round++) {
      Claim claim = claimed(node, Draft.of(JOB));
      race(stores, success(claim), new Request.Cancel());
      assertThat(isGone(claim.guard().id())).isTrue();
      assertThat(execution(claim.guard().id()).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void pausesWhetherItStillRunsOrWaitsAgain() {
    Node node = openNode();
    List<Store> stores = stores(3);
    for (int round = 0; round < ROUNDS; round++) {
      Claim claim = claimed(node, Draft.of(JOB));
      race(stores, completion(claim, Outcome.FAILED, RETRY), new Request.Pause());
      TriggerRecord row = row(claim.guard().id());
      assertThat(row.state()).isEqualTo(TriggerState.PAUSED);
      assertThat(row.requests()).isEmpty();
      assertThat(execution(row.id()).outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void isNeitherClaimedNorLostWhenItIsCancelledAndClaimedAtOnce() {
    Node node = openNode();
    List<Store> stores = stores(2);
    for (int round = 0; round < ROUNDS; round++) {
      TriggerId id = enqueue(Draft.of(JOB));
      List<List<Claim>> claims =
          Race.of(
              2,
              number -> {
                if (number == 0) {
                  return node.through(stores.get(0)).claim(10);
                }
                assertThat(stores.get(1).requests().put(List.of(id), new Request.Cancel()))
                    .containsOnlyKeys(id);
                return List.of();
              });
      List<Claim> won = claims.stream().flatMap(Collection::stream).toList();
      won.forEach(claim -> end(claim, Outcome.FAILED, RETRY));
      assertThat(isGone(id)).isTrue();
      assertThat(execution(id).outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(execution(id).attempt()).isEqualTo(won.size());
    }
  }

  @Test
  void runsTheLastPayloadHoweverEnqueuesAndEndsMeet() {
    int last = 150;
    List<Store> stores = stores(3);
    AtomicInteger made = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    Race.of(
        3,
        number -> {
          if (number == 0) {
            IntStream.rangeClosed(1, last)
                .forEach(
                    value -> {
                      replace(stores.get(0), value);
                      made.set(value);
                    });
            return 0;
          }
          Node node = Node.open(stores.get(number), JOB);
          while (made.get() < last && !Thread.currentThread().isInterrupted()) {
            run(node, seen);
          }
          return 0;
        });
    run(openNode(), seen);
    run(openNode(), seen);
    assertThat(seen).hasValue(last);
    assertThat(store.triggers().find(JOB, "k")).isEmpty();
  }

  private static void replace(Store store, int value) {
    Draft draft = Draft.of(JOB).key("k").payload(new byte[] {(byte) value});
    Enqueued answer =
        store.triggers().enqueue(List.of(draft.onConflict(OnConflict.REPLACE).make())).get(0);
    assertThat(answer.result())
        .isIn(Enqueued.Result.CREATED, Enqueued.Result.REPLACED, Enqueued.Result.AGAIN);
  }

  private static void run(Node node, AtomicInteger seen) {
    List<Claim> claims = node.claim(10);
    assertThat(claims).hasSizeLessThan(2);
    for (Claim claim : claims) {
      int value = claim.payload()[0] & 0xFF;
      assertThat(seen.getAndSet(value)).isLessThanOrEqualTo(value);
      assertThat(end(node.store(), List.of(success(claim)))).hasSize(1);
    }
  }

  @Test
  void countsEveryRequestOfMany() {
    Node node = openNode();
    List<Store> stores = stores(4);
    List<TriggerId> ids =
        IntStream.range(0, 4).mapToObj(any -> claimed(node, Draft.of(JOB)).guard().id()).toList();
    long before = node.requests();
    Race.of(
        4,
        number -> {
          List<TriggerId> mine = List.of(ids.get(number));
          for (int round = 0; round < 25; round++) {
            Request request = round % 2 == 0 ? new Request.Pause() : new Request.Resume();
            assertThat(stores.get(number).requests().put(mine, request)).hasSize(1);
          }
          return number;
        });
    assertThat(node.requests()).isGreaterThanOrEqualTo(before + 100);
    assertThat(store.requests().of(node.id())).hasSize(4);
  }
}
