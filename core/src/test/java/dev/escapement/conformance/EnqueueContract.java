package dev.escapement.conformance;

import static dev.escapement.Enqueued.Result.CREATED;
import static dev.escapement.Enqueued.Result.KEPT;
import static dev.escapement.Enqueued.Result.KEPT_RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of requests: created or kept, all or none, and where and when they wait. */
abstract class EnqueueContract extends Contract {

  EnqueueContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void answersInOrder() {
    List<NewTrigger> made = Draft.of(JOB).make(3);
    assertThat(store.triggers().enqueue(made))
        .containsExactlyElementsOf(
            made.stream().map(trigger -> new Enqueued(trigger.id(), CREATED)).toList());
  }

  @Test
  void takesAnEmptyList() {
    assertThat(store.triggers().enqueue(List.of())).isEmpty();
  }

  @Test
  void insertsARowThatWaits() {
    byte[] payload = {1, 2, 3};
    TriggerId id = enqueue(Draft.of(JOB).key("k").due(LONG_AGO).payload(payload).headers("a=b"));
    TriggerRecord row = row(id);
    assertThat(row)
        .usingRecursiveComparison()
        .isEqualTo(
            new TriggerRecord(
                id,
                TriggerKind.ONE_TIME,
                JOB,
                "k",
                Node.QUEUE,
                Priority.NORMAL,
                TriggerState.SCHEDULED,
                Set.of(),
                LONG_AGO,
                LONG_AGO,
                row.version(),
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                0,
                false,
                null,
                Set.of(),
                payload,
                "a=b"));
  }

  @Test
  void insertsAStandingTrigger() {
    TriggerId id = enqueue(Draft.standing(JOB));
    assertThat(row(id).kind()).isEqualTo(TriggerKind.STANDING);
    assertThat(store.triggers().find(JOB, TriggerKind.STANDING_KEY))
        .map(TriggerRecord::id)
        .contains(id);
  }

  @Test
  void findsNothingThatIsNotThere() {
    enqueue(Draft.of(JOB).key("k"));
    assertThat(store.triggers().find(TriggerId.next())).isEmpty();
    assertThat(store.triggers().find(JOB, "another")).isEmpty();
    assertThat(store.triggers().find("another", "k")).isEmpty();
  }

  @Test
  void keepsALiveTriggerAsItIs() {
    TriggerId first = enqueue(Draft.of(JOB).key("k"));
    TriggerRecord before = row(first);
    NewTrigger second =
        Draft.of(JOB).key("k").queue("other").priority(Priority.HIGH).due(Due.now()).make();
    assertThat(store.triggers().enqueue(List.of(second)))
        .containsExactly(new Enqueued(first, KEPT));
    assertThat(row(first)).usingRecursiveComparison().isEqualTo(before);
    assertThat(isGone(second.id())).isTrue();
  }

  @Test
  void keepsARunningTrigger() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k"));
    assertThat(enqueueAll(Draft.of(JOB).key("k")))
        .containsExactly(new Enqueued(claim.guard().id(), KEPT_RUNNING));
    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
  }

  @Test
  void keepsTheFirstOfAPairWithinOneList() {
    List<Enqueued> answers =
        enqueueAll(
            Draft.of(JOB).key("a"),
            Draft.of(JOB).key("b"),
            Draft.of(JOB).key("a"),
            Draft.of("other").key("a"),
            Draft.of(JOB).key("a"));
    assertThat(answers)
        .extracting(Enqueued::result)
        .containsExactly(CREATED, CREATED, KEPT, CREATED, KEPT);
    assertThat(answers.get(2).id()).isEqualTo(answers.get(0).id());
    assertThat(answers.get(4).id()).isEqualTo(answers.get(0).id());
  }

  @Test
  void makesAsManyWithoutKeyAsAreAsked() {
    assertThat(enqueue(3, Draft.of(JOB))).doesNotHaveDuplicates().noneMatch(this::isGone);
  }

  @Test
  void freesTheKeyAtTheEnd() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k"));
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    TriggerId second = enqueue(Draft.of(JOB).key("k"));
    assertThat(second).isNotEqualTo(claim.guard().id());
    assertThat(store.triggers().find(JOB, "k")).map(TriggerRecord::id).contains(second);
  }

  @Test
  void refusesAnIdInUseAndWithItTheWholeList() {
    NewTrigger there = Draft.of(JOB).make();
    NewTrigger fresh = Draft.of(JOB).make();
    store.triggers().enqueue(List.of(there));
    assertThatThrownBy(() -> store.triggers().enqueue(List.of(fresh, there)))
        .isInstanceOf(StoreException.class);
    assertThat(isGone(fresh.id())).isTrue();
    assertThat(isGone(there.id())).isFalse();
  }

  @Test
  void showsABulkAllAtOnce() {
    List<NewTrigger> bulk = Draft.of(JOB).make(5_000);
    TriggerId first = bulk.get(0).id();
    TriggerId last = bulk.get(bulk.size() - 1).id();
    Store reader = anotherStore();
    Race.of(
        2,
        number -> {
          if (number == 0) {
            assertThat(store.triggers().enqueue(bulk))
                .containsExactlyElementsOf(
                    bulk.stream().map(made -> new Enqueued(made.id(), CREATED)).toList());
          } else {
            Race.await("a row is there", () -> reader.triggers().find(first).isPresent());
            assertThat(reader.triggers().find(last)).isPresent();
          }
          return number;
        });
  }

  @Test
  void placesByRequestThenByJobThenByDefault() {
    Node.open(store, new JobDeclaration(JOB, "billing", Priority.HIGH, null));
    assertPlaced(Draft.of("unknown"), Node.QUEUE, Priority.NORMAL);
    assertPlaced(Draft.of(JOB), "billing", Priority.HIGH);
    assertPlaced(Draft.of(JOB).queue("mine"), "mine", Priority.HIGH);
    assertPlaced(Draft.of(JOB).priority(Priority.LOW), "billing", Priority.LOW);
    assertPlaced(Draft.of(JOB).queue("mine").priority(Priority.LOW), "mine", Priority.LOW);
  }

  @Test
  void placesByTheLatestDeclaration() {
    Node.open(store, new JobDeclaration(JOB, "billing", Priority.HIGH, null));
    TriggerId earlier = enqueue(Draft.of(JOB));
    Node.open(store, new JobDeclaration(JOB, "mail", Priority.LOW, null));
    assertPlaced(Draft.of(JOB), "mail", Priority.LOW);
    assertThat(row(earlier).queue()).isEqualTo("billing");
  }

  private void assertPlaced(Draft draft, String queue, Priority priority) {
    TriggerRecord row = row(enqueue(draft));
    assertThat(row.queue()).isEqualTo(queue);
    assertThat(row.priority()).isEqualTo(priority);
  }

  @Test
  void resolvesADelayOnItsOwnClock() {
    Instant before = store.now();
    TriggerRecord row = row(enqueue(Draft.of(JOB).due(Due.in(HOUR))));
    assertThat(row.due()).isBetween(before.plus(HOUR), store.now().plus(HOUR));
    assertThat(row.fireTime()).isEqualTo(row.due());
  }

  @Test
  void createsOneOfTenWhoRaceForAKey() {
    List<Store> stores = stores(8);
    for (int round = 0; round < 20; round++) {
      Draft draft = Draft.of(JOB).key("round " + round);
      List<Enqueued> answers =
          Race.of(
              10,
              number -> stores.get(number % 8).triggers().enqueue(List.of(draft.make())).get(0));
      assertThat(answers).extracting(Enqueued::result).containsOnlyOnce(CREATED);
      assertThat(answers).extracting(Enqueued::id).containsOnly(answers.get(0).id());
    }
  }

  @Test
  void survivesBulksOfTheSameKeysInOppositeOrder() {
    List<Store> stores = stores(2);
    for (int round = 0; round < 10; round++) {
      List<String> keys = keys(round, 50);
      List<String> reversed = new ArrayList<>(keys);
      Collections.reverse(reversed);
      List<List<Enqueued>> answers =
          Race.of(
              2,
              number ->
                  stores
                      .get(number)
                      .triggers()
                      .enqueue(
                          (number == 0 ? keys : reversed)
                              .stream().map(key -> Draft.of(JOB).key(key).make()).toList()));
      List<Enqueued> backwards = new ArrayList<>(answers.get(1));
      Collections.reverse(backwards);
      for (int i = 0; i < keys.size(); i++) {
        assertThat(answers.get(0).get(i).id()).isEqualTo(backwards.get(i).id());
        assertThat(answers.get(0).get(i).created()).isNotEqualTo(backwards.get(i).created());
      }
    }
  }

  private static List<String> keys(int round, int count) {
    return IntStream.range(0, count).mapToObj(i -> round + "-" + i).toList();
  }
}
