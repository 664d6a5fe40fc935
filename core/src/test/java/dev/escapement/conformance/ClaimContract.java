package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who gets what, in which order, and never early. */
abstract class ClaimContract extends Contract {

  ClaimContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void makesADueTriggerRunning() {
    Node node = openNode();
    byte[] payload = {4, 5};
    TriggerId id =
        enqueue(Draft.of(JOB).key("k").priority(Priority.LOW).payload(payload).headers("a=b"));
    TriggerRecord waiting = row(id);

    Instant before = store.now();
    ClaimResult result = node.claim(Node.QUEUE, 10);
    assertThat(result.now()).isBetween(before, store.now());
    assertThat(result.claims()).hasSize(1);
    Claim claim = result.claims().get(0);
    assertThat(claim.claimedAt()).isBetween(before, store.now());
    assertThat(claim.guard().version()).isGreaterThan(waiting.version());
    assertThat(claim)
        .usingRecursiveComparison()
        .isEqualTo(
            new Claim(
                new Guard(id, claim.guard().version(), node.id()),
                TriggerKind.ONE_TIME,
                JOB,
                "k",
                Node.QUEUE,
                Priority.LOW,
                LONG_AGO,
                LONG_AGO,
                claim.claimedAt(),
                1,
                0,
                null,
                0,
                false,
                payload,
                "a=b"));

    TriggerRecord running = row(id);
    assertThat(running.state()).isEqualTo(TriggerState.RUNNING);
    assertThat(running.version()).isEqualTo(claim.guard().version());
    assertThat(running.attempt()).isEqualTo(1);
    assertThat(running.owner()).isEqualTo(node.id());
    assertThat(running.claimedAt()).isEqualTo(claim.claimedAt());
    assertThat(running.due()).isEqualTo(LONG_AGO);
  }

  @Test
  void claimsAStandingTriggerAlike() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    assertThat(claim.kind()).isEqualTo(TriggerKind.STANDING);
    assertThat(claim.key()).isEqualTo(TriggerKind.STANDING_KEY);
  }

  @Test
  void claimsNothingTwice() {
    Node node = openNode();
    claimed(node, Draft.of(JOB));
    assertThat(node.claim(10)).isEmpty();
    assertThat(openNode().claim(10)).isEmpty();
  }

  @Test
  void countsAttemptsAndRaisesTheVersionEachTime() {
    Node node = openNode();
    Claim first = claimed(node, Draft.of(JOB));
    end(first, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    long between = row(first.guard().id()).version();
    assertThat(between).isGreaterThan(first.guard().version());
    Claim second = node.claim(10).get(0);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.guard().version()).isGreaterThan(between);
  }

  @Test
  void isNeverEarly() {
    Node node = openNode();
    for (int round = 0; round < 5; round++) {
      enqueue(Draft.of(JOB).due(Due.in(Duration.ofMillis(50))));
      List<Claim> claims = new ArrayList<>();
      Race.await("it is due", () -> claims.addAll(node.claim(10)));
      assertThat(claims).hasSize(1);
      assertThat(claims.get(0).due()).isBeforeOrEqualTo(claims.get(0).claimedAt());
      assertThat(claims.get(0).due()).isBeforeOrEqualTo(store.now());
    }
  }

  @Test
  void leavesWhatIsDueLater() {
    Node node = openNode();
    TriggerId later = enqueue(Draft.of(JOB).due(Due.in(HOUR)));
    assertThat(node.claim(10)).isEmpty();
    assertThat(row(later).state()).isEqualTo(TriggerState.SCHEDULED);
  }

  @Test
  void claimsOnlyJobsThatAreAskedFor() {
    String[] known = IntStream.range(0, 300).mapToObj(i -> "job-" + i).toArray(String[]::new);
    Node node = Node.open(store, known);
    TriggerId wanted = enqueue(Draft.of("job-299"));
    enqueue(Draft.of("job-300"));
    assertThat(ids(node.claim(10))).containsExactly(wanted);
  }

  @Test
  void givesNothingToWhoeverAsksForNothing() {
    enqueue(Draft.of(JOB));
    assertThat(Node.open(store, new String[0]).claim(10)).isEmpty();
    ClaimResult result = openNode().claim(Position.START);
    assertThat(result.claims()).isEmpty();
    assertThat(result.nextDue()).isNull();
  }

  @Test
  void findsItsJobsBehindAnyNumberOfStrangers() {
    Draft stranger = Draft.of("stranger").due(LONG_AGO.minus(HOUR));
    enqueue(500, stranger);
    enqueue(500, stranger.priority(Priority.HIGH));
    List<TriggerId> wanted = enqueue(5, Draft.of(JOB));
    assertThat(ids(openNode().claim(5))).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void claimsOnlyFromQueuesThatAreAskedFor() {
    Node node = openNode();
    TriggerId wanted = enqueue(Draft.of(JOB).queue("mail"));
    enqueue(Draft.of(JOB).queue("Mail"));
    enqueue(Draft.of(JOB));
    assertThat(ids(node.claim("mail", 10).claims())).containsExactly(wanted);
  }

  @Test
  void respectsTheLimitOfEachQueue() {
    Node node = openNode();
    for (Priority priority : Priority.values()) {
      for (String queue : List.of("a", "b", "c")) {
        enqueue(5, Draft.of(JOB).queue(queue).priority(priority));
      }
    }
    ClaimResult result =
        node.claim(Position.START, new Demand("a", 2), new Demand("b", 0), new Demand("c", 7));
    assertThat(result.claims())
        .extracting(Claim::queue)
        .containsExactlyInAnyOrder("a", "a", "c", "c", "c", "c", "c", "c", "c");
    assertThat(ids(result.claims())).doesNotHaveDuplicates();
  }

  @Test
  void takesTheHighestPriorityThenTheOldestDue() {
    Node node = openNode();
    for (Priority priority : List.of(Priority.LOW, Priority.HIGH, Priority.NORMAL)) {
      for (int age : List.of(2, 3, 1)) {
        Instant due = LONG_AGO.minus(Duration.ofHours(age));
        enqueue(Draft.of(JOB).key(priority + " " + age).priority(priority).due(due));
      }
    }
    assertThat(Stream.generate(() -> node.claim(1)).limit(9).flatMap(List::stream))
        .extracting(Claim::key)
        .containsExactly(
            "HIGH 3",
            "HIGH 2",
            "HIGH 1",
            "NORMAL 3",
            "NORMAL 2",
            "NORMAL 1",
            "LOW 3",
            "LOW 2",
            "LOW 1");
  }

  @Test
  void aBatchIsTheHighestAndOldestToo() {
    Node node = openNode();
    enqueue(3, Draft.of(JOB).priority(Priority.LOW).due(LONG_AGO.minus(HOUR)));
    List<TriggerId> normal = enqueue(3, Draft.of(JOB));
    enqueue(3, Draft.of(JOB).due(LONG_AGO.plus(HOUR)));
    List<TriggerId> high =
        enqueue(3, Draft.of(JOB).priority(Priority.HIGH).due(LONG_AGO.plus(HOUR)));
    List<TriggerId> first = ids(node.claim(6));
    assertThat(first).hasSize(6).containsAll(high).containsAll(normal);
  }

  @Test
  void emptiesAQueueInBatches() {
    Node node = openNode();
    List<TriggerId> all = enqueue(1_000, Draft.of(JOB));
    List<TriggerId> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.addAll(ids(node.claim(300)));
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void givesNothingToASessionThatIsNotLive() {
    Node dead = openNode();
    dead.die();
    Node closed = openNode();
    closed.close();
    Node absent = new Node(store, SessionId.next(), Set.of(JOB));
    TriggerId id = enqueue(Draft.of(JOB));
    assertThat(dead.claim(10)).isEmpty();
    assertThat(closed.claim(10)).isEmpty();
    assertThat(absent.claim(10)).isEmpty();
    assertThat(row(id).state()).isEqualTo(TriggerState.SCHEDULED);
  }

  @Test
  void goesOnBehindAPosition() {
    Node node = openNode();
    List<TriggerId> sameDue = enqueue(10, Draft.of(JOB));
    TriggerId otherLane = enqueue(Draft.of(JOB).priority(Priority.LOW).due(LONG_AGO.minus(HOUR)));
    List<Claim> first = node.claim(4);
    Position position = Position.START.after(first);
    TriggerId after = enqueue(Draft.of(JOB).due(LONG_AGO.plus(HOUR)));

    List<TriggerId> rest = ids(node.claim(position, new Demand(Node.QUEUE, 100)).claims());
    List<TriggerId> expected = new ArrayList<>(sameDue);
    expected.removeAll(ids(first));
    expected.add(after);
    expected.add(otherLane);
    assertThat(rest).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void findsFromTheStartWhatAPositionMayHide() {
    Node node = openNode();
    Position position = Position.START.after(List.of(claimed(node, Draft.of(JOB))));
    TriggerId earlier = enqueue(Draft.of(JOB).due(LONG_AGO.minus(HOUR)));
    List<TriggerId> taken =
        new ArrayList<>(ids(node.claim(position, new Demand(Node.QUEUE, 10)).claims()));
    taken.addAll(ids(node.claim(10)));
    assertThat(taken).containsExactly(earlier);
  }
}
