package dev.escapement.conformance;

import static dev.escapement.Enqueued.Result.AGAIN;
import static dev.escapement.Enqueued.Result.CREATED;
import static dev.escapement.Enqueued.Result.KEPT;
import static dev.escapement.Enqueued.Result.KEPT_RUNNING;
import static dev.escapement.Enqueued.Result.REPLACED;
import static dev.escapement.Enqueued.Result.RESCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escapement.Due;
import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an enqueue does to the live trigger that bears its key. */
abstract class ConflictContract extends Contract {

  private static final Instant LATER = Instant.parse("2150-06-07T08:09:10.111213Z");
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  ConflictContract(Supplier<Store> newStore) {
    super(newStore);
  }

  /** What is asked in the place of a live one. */
  private static Draft other(OnConflict choice) {
    return Draft.of(JOB).key("k").payload(NEW).headers("v=2").due(LATER).onConflict(choice);
  }

  private Enqueued enqueued(Draft draft) {
    return enqueueAll(draft).get(0);
  }

  /** It waits in a place of its own for a third attempt; one of the two before was lost. */
  private TriggerRecord waiting() {
    Node node = openNode();
    Draft draft = Draft.of(JOB).key("k").payload(OLD).headers("v=1").priority(Priority.HIGH);
    Claim claim = claimed(node, draft);
    store.checkpoints().keep(claim.guard(), claim.fireTime(), OLD);
    end(claim, Outcome.LOST, new Next.Recover());
    end(node.claim(10).get(0), Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO.plus(HOUR))));
    return row(claim.guard().id());
  }

  private TriggerRecord paused() {
    TriggerRecord row = waiting();
    store.triggers().pause(row.id(), row.version(), new Next.Pause("enough"));
    return row(row.id());
  }

  @ParameterizedTest
  @EnumSource
  void createsWhereTheKeyIsFree(OnConflict choice) {
    Enqueued answer = enqueued(other(choice));
    assertThat(answer.result()).isEqualTo(CREATED);
    assertThat(row(answer.id()).payload()).isEqualTo(NEW);
    assertThat(row(answer.id()).due()).isEqualTo(LATER);
  }

  @ParameterizedTest
  @EnumSource
  void createsWhereThereIsNoKey(OnConflict choice) {
    Draft draft = Draft.of(JOB).onConflict(choice);
    assertThat(enqueueAll(draft, draft)).allMatch(Enqueued::created);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void replacesOneThatWaits(boolean isPaused) {
    TriggerRecord before = isPaused ? paused() : waiting();
    assertThat(enqueued(other(OnConflict.REPLACE).queue("mine")))
        .isEqualTo(new Enqueued(before.id(), REPLACED));
    TriggerRecord after = row(before.id());
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after)
        .usingRecursiveComparison()
        .isEqualTo(
            new TriggerRecord(
                before.id(),
                TriggerKind.ONE_TIME,
                JOB,
                "k",
                "mine",
                Priority.NORMAL,
                before.state(),
                before.holds(),
                LATER,
                LATER,
                after.version(),
                0,
                0,
                null,
                null,
                before.reason(),
                null,
                null,
                0,
                false,
                null,
                before.requests(),
                NEW,
                "v=2"));
    assertThat(store.history().of(before.id())).as("no attempt has ended").hasSize(2);
  }

  @Test
  void placesWhatReplacesAsItsJobSays() {
    TriggerId id = enqueue(Draft.of(JOB).key("k").queue("mine"));
    Node.open(store, new JobDeclaration(JOB, "declared", Priority.LOW, null));
    enqueued(other(OnConflict.REPLACE));
    assertThat(List.of(row(id).queue(), row(id).priority()))
        .containsExactly("declared", Priority.LOW);
  }

  @Test
  void beginsWithoutTheCheckpointOfWhatItReplaces() {
    TriggerRecord row = waiting();
    assertThat(store.checkpoints().find(row.id(), LONG_AGO)).isPresent();
    enqueued(other(OnConflict.RESCHEDULE));
    assertThat(store.checkpoints().find(row.id(), LONG_AGO)).isPresent();
    enqueued(other(OnConflict.REPLACE).due(LONG_AGO));
    assertThat(row(row.id()).fireTime()).isEqualTo(LONG_AGO);
    assertThat(store.checkpoints().find(row.id(), LONG_AGO)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reschedulesTheDueAlone(boolean isPaused) {
    TriggerRecord before = isPaused ? paused() : waiting();
    assertThat(enqueued(other(OnConflict.RESCHEDULE).queue("mine")))
        .isEqualTo(new Enqueued(before.id(), RESCHEDULED));
    TriggerRecord after = row(before.id());
    assertThat(after.due()).isEqualTo(LATER);
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after).usingRecursiveComparison().ignoringFields("due", "version").isEqualTo(before);
  }

  @Test
  void resolvesADelayOnItsOwnClock() {
    TriggerRecord row = waiting();
    for (OnConflict choice : List.of(OnConflict.REPLACE, OnConflict.RESCHEDULE)) {
      Instant before = store.now();
      enqueued(other(choice).due(Due.in(HOUR)));
      assertThat(row(row.id()).due()).isBetween(before.plus(HOUR), store.now().plus(HOUR));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"KEEP", "FAIL"})
  void leavesWhatItDoesNotChangeAsItIs(OnConflict choice) {
    TriggerRecord before = waiting();
    if (choice == OnConflict.KEEP) {
      assertThat(enqueued(other(choice))).isEqualTo(new Enqueued(before.id(), KEPT));
    } else {
      assertDuplicate(before, other(choice));
    }
    assertThat(row(before.id())).usingRecursiveComparison().isEqualTo(before);
  }

  private void assertDuplicate(TriggerRecord live, Draft... drafts) {
    assertThat(catchThrowableOfType(DuplicateKeyException.class, () -> enqueueAll(drafts)).live())
        .isEqualTo(live.id());
  }

  @Test
  void asksARunningOneToRunAgainAsTheRequestSays() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k").payload(OLD));
    TriggerRecord before = row(claim.guard().id());
    assertThat(enqueued(other(OnConflict.REPLACE).queue("mine").priority(Priority.HIGH)))
        .isEqualTo(new Enqueued(before.id(), AGAIN));
    TriggerRecord running = row(before.id());
    assertThat(running.requests()).containsExactly(RequestKind.AGAIN);
    assertThat(List.of(running.queue(), running.priority()))
        .as("at once")
        .containsExactly("mine", Priority.HIGH);
    assertThat(running)
        .usingRecursiveComparison()
        .ignoringFields("requests", "queue", "priority")
        .isEqualTo(before);

    assertThat(end(claim, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    TriggerRecord after = row(before.id());
    assertThat(after.state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(List.of(after.fireTime(), after.due())).containsOnly(LATER);
    assertThat(after.payload()).isEqualTo(NEW);
    assertThat(after.attempt()).isZero();
  }

  @Test
  void asksARunningOneToRunAgainThenWithWhatItHas() {
    Claim claim = claimed(openNode(), Draft.of(JOB).key("k").payload(OLD));
    TriggerRecord before = row(claim.guard().id());
    assertThat(enqueued(other(OnConflict.RESCHEDULE).queue("mine")))
        .isEqualTo(new Enqueued(before.id(), AGAIN));
    assertThat(row(before.id()))
        .usingRecursiveComparison()
        .ignoringFields("requests")
        .isEqualTo(before);
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(row(before.id()).payload()).isEqualTo(OLD);
    assertThat(row(before.id()).due()).isEqualTo(LATER);
  }

  @Test
  void runsAgainAsTheLastOfSeveralSays() {
    Claim claim = claimed(openNode(), Draft.of(JOB).key("k").payload(OLD));
    enqueued(other(OnConflict.REPLACE).payload(new byte[] {3}).due(LONG_AGO));
    enqueued(other(OnConflict.REPLACE));
    enqueued(other(OnConflict.RESCHEDULE).payload(OLD).due(LATER.plus(HOUR)));
    enqueued(other(OnConflict.KEEP).payload(OLD).due(LONG_AGO));
    end(claim, Outcome.FAILED, new Next.Retry(Due.now()));
    assertThat(row(claim.guard().id()).payload()).isEqualTo(NEW);
    assertThat(row(claim.guard().id()).due()).isEqualTo(LATER.plus(HOUR));
  }

  @Test
  void keepsARunningOneOrRefuses() {
    Claim claim = claimed(openNode(), Draft.of(JOB).key("k").payload(OLD));
    TriggerRecord before = row(claim.guard().id());
    assertThat(enqueued(other(OnConflict.KEEP))).isEqualTo(new Enqueued(before.id(), KEPT_RUNNING));
    assertDuplicate(before, other(OnConflict.FAIL));
    assertThat(row(before.id())).usingRecursiveComparison().isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void keepsAStandingTrigger(OnConflict choice) {
    Draft draft = Draft.standing(JOB).key("k");
    TriggerRecord waiting = row(enqueue(draft));
    assertStandingKept(choice, waiting, KEPT);
    openNode().claim(10);
    assertStandingKept(choice, row(waiting.id()), KEPT_RUNNING);
  }

  private void assertStandingKept(OnConflict choice, TriggerRecord before, Enqueued.Result kept) {
    if (choice == OnConflict.FAIL) {
      assertDuplicate(before, other(choice));
    } else {
      assertThat(enqueued(other(choice))).isEqualTo(new Enqueued(before.id(), kept));
    }
    assertThat(row(before.id())).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void changesNothingIfOneOfAListIsRefused() {
    TriggerRecord live = waiting();
    TriggerRecord taken = row(enqueue(Draft.of(JOB).key("taken").due(LATER)));
    NewTrigger fresh = Draft.of(JOB).key("fresh").make();
    NewTrigger keyless = Draft.of(JOB).make();
    List<NewTrigger> list =
        List.of(
            fresh,
            other(OnConflict.REPLACE).make(),
            keyless,
            Draft.of(JOB).key("taken").onConflict(OnConflict.FAIL).make(),
            other(OnConflict.RESCHEDULE).make());
    assertThatThrownBy(() -> store.triggers().enqueue(list))
        .isInstanceOf(DuplicateKeyException.class)
        .hasMessageContaining("taken");
    assertThat(List.of(isGone(fresh.id()), isGone(keyless.id()))).containsOnly(true);
    assertThat(List.of(row(live.id()), row(taken.id())))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(live, taken);
    assertThat(store.checkpoints().find(live.id(), LONG_AGO)).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void refusesTheSecondOfAPairWithinOneList(OnConflict first) {
    Draft one = Draft.of(JOB).key("k").onConflict(first);
    assertThatThrownBy(() -> enqueueAll(one, other(OnConflict.FAIL)))
        .isInstanceOf(DuplicateKeyException.class);
    assertThat(store.triggers().find(JOB, "k")).isEmpty();
  }

  @Test
  void meetsTheFirstOfAPairWithinOneList() {
    Draft key = Draft.of(JOB).key("k").due(LONG_AGO);
    List<Enqueued> answers =
        enqueueAll(
            key.onConflict(OnConflict.REPLACE).payload(OLD),
            key.onConflict(OnConflict.REPLACE).payload(NEW),
            key.onConflict(OnConflict.KEEP).payload(OLD),
            key.onConflict(OnConflict.RESCHEDULE).payload(OLD).due(LATER),
            Draft.of(JOB).key("other").onConflict(OnConflict.FAIL));
    assertThat(answers)
        .extracting(Enqueued::result)
        .containsExactly(CREATED, REPLACED, KEPT, RESCHEDULED, CREATED);
    TriggerRecord row = row(answers.get(0).id());
    assertThat(answers.subList(0, 4)).extracting(Enqueued::id).containsOnly(row.id());
    assertThat(row.payload()).isEqualTo(NEW);
    assertThat(row.fireTime()).isEqualTo(LONG_AGO);
    assertThat(row.due()).isEqualTo(LATER);
  }

  @Test
  void answersALongMixedListInOrder() {
    List<NewTrigger> before =
        IntStream.range(0, 200)
            .mapToObj(i -> Draft.of(JOB).key("key " + i).payload(OLD).make())
            .toList();
    store.triggers().enqueue(before);
    List<OnConflict> choices = List.of(OnConflict.REPLACE, OnConflict.KEEP, OnConflict.RESCHEDULE);
    List<Enqueued> answers =
        store
            .triggers()
            .enqueue(
                IntStream.range(0, 400)
                    .mapToObj(i -> other(choices.get(i % 3)).key("key " + (399 - i)).make())
                    .toList());
    for (int i = 0; i < 400; i++) {
      List<Enqueued.Result> results = List.of(REPLACED, KEPT, RESCHEDULED);
      Enqueued answer = answers.get(i);
      int key = 399 - i;
      assertThat(answer.result()).isEqualTo(key < 200 ? results.get(i % 3) : CREATED);
      assertThat(row(answer.id()).key()).isEqualTo("key " + key);
      boolean isNew = key >= 200 || i % 3 == 0;
      assertThat(row(answer.id()).payload()).isEqualTo(isNew ? NEW : OLD);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLACE", "RESCHEDULE"})
  void isNotMistakenForTheRowThatItWas(OnConflict choice) {
    TriggerRecord seen = waiting();
    enqueued(other(choice));
    assertThat(store.triggers().pause(seen.id(), seen.version(), new Next.Pause("enough")))
        .isFalse();
    assertThat(row(seen.id()).state()).isEqualTo(TriggerState.SCHEDULED);
  }

  @Test
  void refusesAllButOneOfManyWhoRaceForAKey() {
    List<Store> stores = stores(4);
    for (int round = 0; round < 20; round++) {
      NewTrigger[] made = {null, null, null, null};
      for (int i = 0; i < made.length; i++) {
        made[i] = Draft.of(JOB).key("round " + round).onConflict(OnConflict.FAIL).make();
      }
      List<Boolean> won = Race.of(4, number -> isCreated(stores.get(number), made[number]));
      assertThat(won).containsOnlyOnce(true);
      TriggerRecord live = store.triggers().find(JOB, "round " + round).orElseThrow();
      assertThat(live.id()).isEqualTo(made[won.indexOf(true)].id());
    }
  }

  private static boolean isCreated(Store store, NewTrigger trigger) {
    try {
      return store.triggers().enqueue(List.of(trigger)).get(0).created();
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  @Test
  void survivesListsOfTheSameKeysInOtherOrders() {
    List<Store> stores = stores(4);
    List<OnConflict> choices = List.of(OnConflict.REPLACE, OnConflict.RESCHEDULE, OnConflict.KEEP);
    List<Integer> answered =
        Race.of(
            4,
            number -> {
              int answers = 0;
              for (int round = 0; round < 5; round++) {
                List<NewTrigger> list = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                  list.add(other(choices.get((i + number) % 3)).key("key " + i % 40).make());
                }
                Collections.shuffle(list, new Random(number * 31L + round));
                answers += stores.get(number).triggers().enqueue(list).size();
              }
              return answers;
            });
    assertThat(answered).containsOnly(300);
    for (int i = 0; i < 40; i++) {
      assertThat(store.triggers().find(JOB, "key " + i)).isPresent();
    }
  }
}
