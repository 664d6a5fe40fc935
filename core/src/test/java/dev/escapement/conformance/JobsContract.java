package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes declare of a job, and which of it is in force. */
abstract class JobsContract extends Contract {

  private static final JobDeclaration FIRST =
      new JobDeclaration(JOB, "first", Priority.LOW, "each hour");
  private static final JobDeclaration SECOND =
      new JobDeclaration(JOB, "second", Priority.HIGH, "each day");
  private static final JobDeclaration THIRD =
      new JobDeclaration(JOB, "third", Priority.NORMAL, null);

  JobsContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void knowsNoJobBeforeItIsDeclared() {
    enqueue(Draft.of(JOB));
    store.jobs().settle(Set.of(JOB));
    store.jobs().settle(Set.of());
    assertThat(store.jobs().all()).isEmpty();
  }

  @Test
  void knowsWhatALiveSessionDeclares() {
    Instant before = store.now();
    Node.open(store, FIRST, declared("another", Node.QUEUE, null));
    JobRecord job = job(JOB);
    assertThat(job.firstSeen()).isBetween(before, store.now());
    assertThat(job).isEqualTo(new JobRecord(JOB, FIRST, FIRST, null, false, 1, job.firstSeen()));
    assertThat(job("another").inForce()).isEqualTo(declared("another", Node.QUEUE, null));
  }

  @Test
  void knowsAJobThatWasParked() {
    enqueue(Draft.of(JOB));
    store.holds().park(JOB, 10);
    assertThat(store.jobs().all())
        .containsExactly(new JobRecord(JOB, null, null, null, false, 0, null));
  }

  @Test
  void listsJobsByName() {
    List<String> names = List.of("A", "B", "a", "a b", "a-b", "ab", "b", "É", "é", "仕事");
    List<String> shuffled = List.of("b", "é", "a b", "A", "仕事", "a-b", "B", "É", "ab", "a");
    Node.open(store, shuffled.toArray(String[]::new));
    assertThat(store.jobs().all()).extracting(JobRecord::name).containsExactlyElementsOf(names);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 * * *", "Ünïcødé 🕰", "'; -- \\ \" % _ ? $1 :name {}", ""})
  void keepsTheTextOfASchedule(String schedule) {
    JobDeclaration declaration = declared(JOB, Node.QUEUE, schedule);
    Node.open(store, declaration);
    assertThat(job(JOB).inForce()).isEqualTo(declaration);
    assertThat(job(JOB).current()).isEqualTo(declaration);
  }

  @Test
  void theNewestWinsFromItsFirstNodeOn() {
    Node.open(store, FIRST);
    Node.open(store, FIRST);
    TriggerId standing = enqueue(Draft.standing(JOB));
    Instant first = job(JOB).firstSeen();

    Node.open(store, SECOND);

    assertInForce(SECOND, standing);
    assertThat(job(JOB).sessions()).isEqualTo(3);
    assertThat(job(JOB).firstSeen()).isAfter(first);
  }

  @Test
  void anOldReplicaThatRestartsRevertsNothing() {
    Node old = Node.open(store, FIRST);
    Node.open(store, SECOND);
    TriggerId standing = enqueue(Draft.standing(JOB));
    Instant second = job(JOB).firstSeen();
    old.close();
    Node.open(store, FIRST);
    assertInForce(SECOND, standing);
    assertThat(job(JOB).sessions()).isEqualTo(2);
    assertThat(job(JOB).firstSeen()).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRollbackIsCompleteWhenTheLastOfTheNewHasGone(boolean dies) {
    Node.open(store, FIRST);
    Instant first = job(JOB).firstSeen();
    Node one = Node.open(store, SECOND);
    Node other = Node.open(store, SECOND);
    TriggerId standing = enqueue(Draft.standing(JOB));

    leave(one, dies);
    store.jobs().settle(Set.of(JOB));
    assertInForce(SECOND, standing);

    leave(other, dies);
    assertThat(job(JOB).inForce()).isEqualTo(SECOND);
    assertThat(job(JOB).current()).isEqualTo(FIRST);
    assertThat(row(enqueue(Draft.of(JOB))).queue()).isEqualTo("second");

    store.jobs().settle(Set.of(JOB));
    assertInForce(FIRST, standing);
    assertThat(job(JOB).firstSeen()).isEqualTo(first);
  }

  private static void leave(Node node, boolean dies) {
    if (dies) {
      node.die();
    } else {
      node.close();
    }
  }

  @Test
  void goesFromOneToTheOtherAndBack() {
    Node old = Node.open(store, FIRST);
    TriggerId standing = enqueue(Draft.standing(JOB));
    Instant first = job(JOB).firstSeen();
    old.close();
    Node next = Node.open(store, SECOND);
    assertInForce(SECOND, standing);
    next.die();
    Node.open(store, FIRST);
    assertInForce(FIRST, standing);
    assertThat(job(JOB).firstSeen()).as("kept for ever").isEqualTo(first);

    Node.open(store, SECOND);
    assertInForce(SECOND, standing);
  }

  @Test
  void fallsBackToTheLatestThatIsLeft() {
    Node.open(store, FIRST);
    Node.open(store, SECOND);
    Node third = Node.open(store, THIRD);
    TriggerId standing = enqueue(Draft.standing(JOB));
    assertInForce(THIRD, standing);
    third.close();
    store.jobs().settle(Set.of(JOB));
    assertInForce(SECOND, standing);
  }

  @Test
  void eachNewOneIsLaterThanAllBefore() {
    List<Instant> seen = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Node.open(store, declared(JOB, "queue-" + i, null));
      JobRecord job = job(JOB);
      assertThat(job.queue()).isEqualTo("queue-" + i);
      seen.add(job.firstSeen());
    }
    assertThat(seen).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void tellsDeclarationsApartByEachOfTheirParts() {
    Node.open(store, new JobDeclaration(JOB, "q", Priority.LOW, null));
    for (JobDeclaration other :
        List.of(
            new JobDeclaration(JOB, "Q", Priority.LOW, null),
            new JobDeclaration(JOB, "Q", Priority.HIGH, null),
            new JobDeclaration(JOB, "Q", Priority.HIGH, ""))) {
      Node.open(store, other);
      assertThat(job(JOB).inForce()).isEqualTo(other);
    }
  }

  @Test
  void staysAsItIsWhenNobodyIsLeft() {
    Node node = Node.open(store, FIRST);
    TriggerId standing = enqueue(Draft.standing(JOB));
    node.close();
    amendPlacement(standing, "by hand");

    store.jobs().settle(Set.of(JOB));

    assertThat(job(JOB).inForce()).isEqualTo(FIRST);
    assertThat(job(JOB).current()).isNull();
    assertThat(job(JOB).sessions()).isZero();
    assertThat(row(enqueue(Draft.of(JOB))).queue()).isEqualTo("first");
    assertThat(row(standing).queue()).isEqualTo("by hand");
  }

  private void amendPlacement(TriggerId id, String queue) {
    Placement placement = new Placement(queue, Priority.LOW);
    store
        .triggers()
        .amend(
            List.of(new Amendment(id, row(id).version(), Draft.SCHEDULE, placement, null, null)));
  }

  @Test
  void settlesTheJobsThatItIsAskedAbout() {
    JobDeclaration another = declared("another", "elsewhere", null);
    Node.open(store, FIRST, declared("another", "first", null));
    Node node = Node.open(store, SECOND, another);
    node.close();
    store.jobs().settle(Set.of(JOB, "absent"));
    assertThat(job(JOB).inForce()).isEqualTo(FIRST);
    assertThat(job("another").inForce()).isEqualTo(another);
    assertThat(job("another").current()).isEqualTo(declared("another", "first", null));
    assertThat(store.jobs().all()).hasSize(2);
  }

  @Test
  void movesNothingButTheDeclaredStandingTrigger() {
    Node.open(store, FIRST);
    TriggerId once = enqueue(Draft.of(JOB));
    TriggerId keyed = enqueue(Draft.standing(JOB).key("by a request"));
    Node.open(store, SECOND);
    assertThat(row(once).queue()).isEqualTo("first");
    assertThat(row(keyed).queue()).isEqualTo("first");
  }

  @Test
  void movesAStandingTriggerThatRuns() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerRecord before = row(claim.guard().id());
    Node.open(store, FIRST);
    assertThat(row(before.id()).queue()).isEqualTo("first");
    assertThat(row(before.id()))
        .usingRecursiveComparison()
        .ignoringFields("queue", "priority")
        .isEqualTo(before);
    assertThat(end(claim, Outcome.SUCCEEDED, Next.fireAt(null))).isTrue();
  }

  @Test
  void manyWhoOpenAndSettleAtOnceAgree() {
    List<Store> stores = stores(8);
    List<String> names = List.of("a", "b", "c", "d", "e");
    names.forEach(name -> enqueue(Draft.standing(name)));
    for (int round = 0; round < 5; round++) {
      int salt = round;
      Race.of(
          8,
          number -> {
            Store mine = stores.get(number);
            Node.open(
                mine,
                names.stream()
                    .map(name -> declared(name, "queue-" + salt + "-" + number / 2, null))
                    .toArray(JobDeclaration[]::new));
            mine.jobs().settle(Set.copyOf(names));
            return number;
          });
      assertThat(store.jobs().all()).hasSize(names.size());
      for (JobRecord job : store.jobs().all()) {
        assertThat(job.inForce()).isNotNull().isEqualTo(job.current());
        assertThat(job.queue()).startsWith("queue-" + salt);
        assertThat(job.sessions()).isEqualTo(8 * (salt + 1));
        assertThat(store.triggers().find(job.name(), TriggerKind.STANDING_KEY))
            .map(TriggerRecord::queue)
            .contains(job.queue());
      }
    }
  }

  private void assertInForce(JobDeclaration declaration, TriggerId standing) {
    JobRecord job = job(JOB);
    assertThat(job.inForce()).isEqualTo(declaration);
    assertThat(job.current()).isEqualTo(declaration);
    for (TriggerRecord row : List.of(row(enqueue(Draft.of(JOB))), row(standing))) {
      assertThat(row.queue()).isEqualTo(declaration.queue());
      assertThat(row.priority()).isEqualTo(declaration.priority());
    }
  }
}
