package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Position;
import dev.escapement.store.Spawner;
import dev.escapement.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Demands for those that have waited behind higher priorities. */
abstract class WaitedContract extends Contract {

  private static final Duration DAY = Duration.ofDays(1);

  WaitedContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private static Demand waited(int limit, Priority priority, Duration least) {
    return new Demand(Node.QUEUE, limit, new Waited(priority, least));
  }

  private static List<TriggerId> claim(Node node, Demand... demands) {
    return ids(node.claim(Position.START, demands).claims());
  }

  @Test
  void areOfOnePriorityTheOldestFirst() {
    Node node = openNode();
    for (Priority priority : Priority.values()) {
      enqueue(3, Draft.of(JOB).priority(priority).due(LONG_AGO.plus(HOUR)));
    }
    TriggerId oldest = enqueue(Draft.of(JOB).priority(Priority.LOW).due(LONG_AGO.minus(HOUR)));
    TriggerId second = enqueue(Draft.of(JOB).priority(Priority.LOW));
    enqueue(Draft.of(JOB).priority(Priority.HIGH).due(LONG_AGO.minus(DAY)));

    assertThat(claim(node, waited(1, Priority.LOW, DAY))).containsExactly(oldest);
    assertThat(claim(node, waited(1, Priority.LOW, DAY))).containsExactly(second);
    assertThat(node.claim(Position.START, waited(100, Priority.NORMAL, DAY)).claims())
        .hasSize(3)
        .extracting(Claim::priority)
        .containsOnly(Priority.NORMAL);
    assertThat(node.claim(100)).as("3 low and 4 high").hasSize(7);
  }

  @Test
  void haveBeenDueForThatLong() {
    Node node = openNode();
    Instant now = store.now();
    TriggerId old = enqueue(Draft.of(JOB).priority(Priority.LOW).due(now.minus(DAY)));
    TriggerId young = enqueue(Draft.of(JOB).priority(Priority.LOW).due(now.minus(DAY).plus(HOUR)));
    enqueue(Draft.of(JOB).priority(Priority.LOW).due(Due.in(HOUR)));

    assertThat(claim(node, waited(10, Priority.LOW, DAY))).containsExactly(old);
    assertThat(row(young).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(claim(node, waited(10, Priority.LOW, DAY.minus(HOUR)))).containsExactly(young);
  }

  @Test
  void becomeOldEnoughInTime() {
    Node node = openNode();
    Duration least = Duration.ofMillis(150);
    TriggerId id = enqueue(Draft.of(JOB).due(Due.now()));
    List<Claim> claims = new ArrayList<>();
    Race.await(
        "it has waited",
        () ->
            claims.addAll(node.claim(Position.START, waited(10, Priority.NORMAL, least)).claims()));
    assertThat(ids(claims)).containsExactly(id);
    assertThat(Duration.between(claims.get(0).due(), claims.get(0).claimedAt()))
        .isGreaterThanOrEqualTo(least);
  }

  @Test
  void areAskedForBesideTheOthers() {
    Node node = openNode();
    enqueue(20, Draft.of(JOB).priority(Priority.HIGH));
    enqueue(20, Draft.of(JOB).priority(Priority.NORMAL));
    enqueue(20, Draft.of(JOB).priority(Priority.LOW));
    enqueue(20, Draft.of(JOB).queue("mail"));

    ClaimResult result =
        node.claim(
            Position.START,
            new Demand(Node.QUEUE, 7),
            waited(2, Priority.LOW, DAY),
            waited(1, Priority.NORMAL, DAY),
            new Demand("mail", 3));

    assertThat(result.claims())
        .extracting(claim -> claim.queue() + " " + claim.priority())
        .containsExactlyInAnyOrder(
            "default HIGH",
            "default HIGH",
            "default HIGH",
            "default HIGH",
            "default HIGH",
            "default HIGH",
            "default HIGH",
            "default NORMAL",
            "mail NORMAL",
            "mail NORMAL",
            "mail NORMAL",
            "default LOW",
            "default LOW");
    assertThat(node.running()).hasSize(13);
  }

  @Test
  void areClaimedOnceThoughTwoDemandsNameThem() {
    Node node = openNode();
    List<TriggerId> all = enqueue(4, Draft.of(JOB).priority(Priority.LOW));
    List<TriggerId> taken =
        new ArrayList<>(claim(node, new Demand(Node.QUEUE, 3), waited(3, Priority.LOW, DAY)));
    assertThat(taken).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(3);
    assertThat(all).containsAll(taken);
    assertThat(taken).allSatisfy(id -> assertThat(row(id).attempt()).isEqualTo(1));
    taken.addAll(ids(node.claim(10)));
    assertThat(taken).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void areSpawnersOnceThoughTwoDemandsNameThem() {
    Node node = openNode();
    TriggerId id = enqueue(Draft.standing(JOB));
    ClaimResult result =
        store
            .claims()
            .claim(
                new ClaimRequest(
                    node.id(),
                    List.of(
                        new Demand(Node.QUEUE, 3),
                        waited(3, Priority.NORMAL, DAY),
                        waited(3, Priority.NORMAL, HOUR)),
                    Set.of(JOB),
                    Set.of(JOB),
                    Position.START));
    assertThat(result.claims()).isEmpty();
    assertThat(result.spawners())
        .extracting(Spawner::trigger)
        .extracting(trigger -> trigger.id())
        .containsExactly(id);
  }

  @Test
  void areOfJobsThatAreAskedForAndWithoutHold() {
    Node node = openNode();
    TriggerId wanted = enqueue(Draft.of(JOB));
    enqueue(Draft.of("stranger").due(LONG_AGO.minus(HOUR)));
    TriggerId held = enqueue(Draft.of("paused").due(LONG_AGO.minus(HOUR)));
    store.holds().park("paused", 10);
    assertThat(row(held).holds()).isNotEmpty();
    Node all = Node.open(store, JOB, "paused");
    assertThat(claim(all, waited(10, Priority.NORMAL, DAY))).containsExactly(wanted);
    assertThat(claim(node, waited(10, Priority.NORMAL, DAY))).isEmpty();
  }

  @Test
  void goOnBehindAPosition() {
    Node node = openNode();
    enqueue(5, Draft.of(JOB).priority(Priority.LOW));
    List<Claim> first = node.claim(Position.START, waited(2, Priority.LOW, DAY)).claims();
    Position position = Position.START.after(first);
    assertThat(node.claim(position, waited(10, Priority.LOW, DAY)).claims()).hasSize(3);
  }

  @Test
  void sayTheNextDueLikeTheOthers() {
    Node node = openNode();
    TriggerId id = enqueue(Draft.of(JOB).priority(Priority.HIGH).due(Due.in(HOUR)));
    assertThat(node.claim(Position.START, waited(1, Priority.LOW, DAY)).nextDue())
        .isEqualTo(row(id).due());
  }
}
