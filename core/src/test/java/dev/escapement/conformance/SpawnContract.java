package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.Spawn;
import dev.escapement.store.Spawn.Child;
import dev.escapement.store.Spawner;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A standing trigger that doesn't run itself. */
abstract class SpawnContract extends Contract {

  private static final Instant FIRST = LONG_AGO;
  private static final Instant SECOND = LONG_AGO.plus(HOUR);
  private static final Aim NEXT = new Aim(SECOND.plus(HOUR), SECOND.plus(HOUR).plusSeconds(7));

  SpawnContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private static Child child(Instant fireTime) {
    return new Child(TriggerId.next(), fireTime, fireTime, 0);
  }

  private static Spawn spawn(TriggerRecord parent, Child... children) {
    return new Spawn(parent.id(), parent.version(), SECOND, NEXT, 0, List.of(children));
  }

  private TriggerRecord parent() {
    return row(enqueue(Draft.standing(JOB)));
  }

  private static List<TriggerId> spawners(ClaimResult result) {
    return result.spawners().stream().map(spawner -> spawner.trigger().id()).toList();
  }

  @Test
  void claimsNothingThatSpawns() {
    Node node = openNode();
    TriggerRecord parent = parent();
    ClaimResult result = node.claimSpawning(10);
    assertThat(result.claims()).isEmpty();
    assertThat(result.spawners())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(new Spawner(parent, 0));
    assertThat(row(parent.id())).usingRecursiveComparison().isEqualTo(parent);
    assertThat(node.running()).isEmpty();
    assertThat(spawners(node.claimSpawning(10))).as("it stays as it is").hasSize(1);
    assertThat(ids(node.claim(10))).as("for whom it runs itself").containsExactly(parent.id());
  }

  @Test
  void claimsWhatElseThereIs() {
    Node node = Node.open(store, JOB, "another");
    TriggerId once = enqueue(Draft.of(JOB));
    TriggerId parent = enqueue(Draft.standing(JOB));
    TriggerId another = enqueue(Draft.standing("another"));
    ClaimResult result =
        store
            .claims()
            .claim(
                new ClaimRequest(
                    node.id(),
                    List.of(new Demand(Node.QUEUE, 10)),
                    node.jobs(),
                    Set.of(JOB),
                    Position.START));
    assertThat(ids(result.claims())).containsExactlyInAnyOrder(once, another);
    assertThat(spawners(result)).containsExactly(parent);
  }

  @Test
  void takesUpTheDemand() {
    Node node = openNode();
    for (int i = 0; i < 3; i++) {
      enqueue(Draft.standing(JOB).key("k" + i));
    }
    enqueue(3, Draft.of(JOB).due(SECOND));
    assertThat(node.claimSpawning(2).spawners()).hasSize(2);
    ClaimResult result = node.claimSpawning(5);
    assertThat(result.spawners()).hasSize(3);
    assertThat(result.claims()).hasSize(2);
  }

  @Test
  void namesNoneToADeadSessionAndNoneThatMayNotRun() {
    Node node = openNode();
    enqueue(Draft.standing(JOB).key("later").due(store.now().plus(HOUR)));
    assertThat(node.claimSpawning(10).spawners()).isEmpty();
    parent();
    node.die();
    assertThat(node.claimSpawning(10).spawners()).isEmpty();
    store.holds().park(JOB, 10);
    assertThat(openNode().claimSpawning(10).spawners()).isEmpty();
  }

  @Test
  void movesTheParentOnAndInsertsItsChildren() {
    byte[] payload = {1, 0, 2};
    TriggerRecord parent =
        row(
            enqueue(
                Draft.standing(JOB)
                    .queue("mine")
                    .priority(Priority.HIGH)
                    .payload(payload)
                    .headers("a=b")));
    Child one = new Child(TriggerId.next(), FIRST, FIRST.plusSeconds(3), 4);
    Child two = child(SECOND);
    Spawn spawn = new Spawn(parent.id(), parent.version(), SECOND, NEXT, 5, List.of(one, two));

    assertThat(store.triggers().spawn(spawn)).isTrue();

    TriggerRecord after = row(parent.id());
    assertThat(after.lastFire()).isEqualTo(SECOND);
    assertThat(after.fireTime()).isEqualTo(NEXT.fireTime());
    assertThat(after.due()).isEqualTo(NEXT.due());
    assertThat(after.missed()).isEqualTo(5);
    assertThat(after.version()).isGreaterThan(parent.version());
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("lastFire", "fireTime", "due", "missed", "version")
        .isEqualTo(parent);
    TriggerRecord child = row(one.id());
    assertThat(child)
        .usingRecursiveComparison()
        .isEqualTo(
            new TriggerRecord(
                one.id(),
                TriggerKind.ONE_TIME,
                JOB,
                null,
                "mine",
                Priority.HIGH,
                TriggerState.SCHEDULED,
                Set.of(),
                FIRST,
                FIRST.plusSeconds(3),
                child.version(),
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                4,
                false,
                parent.id(),
                Set.of(),
                payload,
                "a=b"));
    assertThat(row(two.id()).fireTime()).isEqualTo(SECOND);
  }

  @Test
  void isNotStaleAnyMore() {
    Node node = openNode();
    TriggerRecord parent = parent();
    store
        .triggers()
        .amend(List.of(new Amendment(parent.id(), parent.version(), "each day", null, null, null)));
    TriggerRecord stale = row(parent.id());
    assertThat(stale.stale()).isTrue();
    assertThat(node.claimSpawning(10).spawners())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(new Spawner(stale, 0));

    Child child = child(FIRST);
    assertThat(store.triggers().spawn(spawn(stale, child))).isTrue();

    assertThat(row(parent.id()).stale()).isFalse();
    assertThat(row(child.id()).stale()).isFalse();
    assertThat(store.triggers().stale(10)).isEmpty();
  }

  @Test
  void runsChildrenLikeAnyOther() {
    Node node = openNode();
    TriggerRecord parent = parent();
    Child child = new Child(TriggerId.next(), FIRST, FIRST, 4);
    store.triggers().spawn(spawn(parent, child));
    List<Claim> claims = node.claimSpawning(10).claims();
    assertThat(ids(claims)).containsExactly(child.id());
    assertThat(claims.get(0).missed()).isEqualTo(4);
    assertThat(claims.get(0).schedule()).isNull();
    assertThat(end(claims.get(0), Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    assertThat(isGone(child.id())).isTrue();
    ExecutionRecord execution = execution(child.id());
    assertThat(execution.fireTime()).isEqualTo(FIRST);
    assertThat(execution.missed()).isEqualTo(4);
    assertThat(execution.kind()).isEqualTo(TriggerKind.ONE_TIME);
  }

  @Test
  void countsChildrenUntilTheyEnd() {
    Node node = openNode();
    TriggerRecord parent = parent();
    TriggerId other = enqueue(Draft.standing(JOB).key("other"));
    Aim same = new Aim(FIRST, FIRST);
    Spawn three =
        new Spawn(
            parent.id(),
            parent.version(),
            FIRST,
            same,
            0,
            List.of(child(FIRST), child(SECOND), child(SECOND.plus(HOUR))));
    store.triggers().spawn(three);

    List<Claim> claims = node.claimSpawning(10).claims();
    assertThat(claims).hasSize(3);
    assertChildren(node, parent.id(), 3, other);
    end(claims.get(0), Outcome.SUCCEEDED, Next.REMOVE);
    end(claims.get(1), Outcome.FAILED, new Next.Retry(Due.in(HOUR)));
    end(claims.get(2), Outcome.FAILED, new Next.Pause("enough"));
    assertChildren(node, parent.id(), 2, other);
  }

  private static void assertChildren(Node node, TriggerId parent, int children, TriggerId other) {
    Map<TriggerId, Integer> counted = new HashMap<>();
    node.claimSpawning(10)
        .spawners()
        .forEach(spawner -> counted.put(spawner.trigger().id(), spawner.children()));
    assertThat(counted).isEqualTo(Map.of(parent, children, other, 0));
  }

  @Test
  void leavesOutAFireThatIsLive() {
    Node node = openNode();
    TriggerRecord parent = parent();
    Child first = child(FIRST);
    store.triggers().spawn(spawn(parent, first, child(FIRST)));
    assertThat(ids(node.claim(10))).containsExactlyInAnyOrder(first.id(), parent.id());
  }

  @Test
  void leavesOutAFireThatWasSpawnedBefore() {
    Node node = openNode();
    TriggerRecord parent = parent();
    Child first = child(FIRST);
    store.triggers().spawn(spawn(parent, first));
    Child again = child(FIRST);
    Child second = child(SECOND);
    assertThat(store.triggers().spawn(spawn(row(parent.id()), again, second))).isTrue();
    assertThat(isGone(again.id())).isTrue();
    List<Claim> claims = node.claimSpawning(10).claims();
    assertThat(ids(claims)).containsExactly(first.id(), second.id());

    claims.forEach(claim -> end(claim, Outcome.SUCCEEDED, Next.REMOVE));
    Child afterwards = child(FIRST);
    store.triggers().spawn(spawn(row(parent.id()), afterwards));
    assertThat(row(afterwards.id())).as("none is live any more").isNotNull();
  }

  @Test
  void twoParentsMayFireAtTheSameTime() {
    TriggerRecord one = parent();
    TriggerRecord other = row(enqueue(Draft.standing(JOB).key("other")));
    Child ofOne = child(FIRST);
    Child ofOther = child(FIRST);
    store.triggers().spawn(spawn(one, ofOne));
    store.triggers().spawn(spawn(other, ofOther));
    assertThat(row(ofOne.id()).parent()).isEqualTo(one.id());
    assertThat(row(ofOther.id()).parent()).isEqualTo(other.id());
  }

  @Test
  void movesOnWithoutChildrenAndForEver() {
    TriggerRecord parent = parent();
    Spawn last = new Spawn(parent.id(), parent.version(), SECOND, Aim.NEVER, 2, List.of());
    assertThat(store.triggers().spawn(last)).isTrue();
    assertThat(row(parent.id()).fireTime()).isNull();
    assertThat(row(parent.id()).due()).isNull();
    assertThat(row(parent.id()).missed()).isEqualTo(2);
    assertThat(openNode().claimSpawning(10).spawners()).isEmpty();
  }

  @Test
  void neverRoundsUpToTheNextMicrosecond() {
    Instant nanos = Instant.parse("2024-05-06T07:08:09.999999999Z");
    Instant micros = Instant.parse("2024-05-06T07:08:09.999999Z");
    TriggerRecord parent = parent();
    Child child = child(nanos);
    store
        .triggers()
        .spawn(
            new Spawn(
                parent.id(),
                parent.version(),
                nanos,
                new Aim(nanos, nanos),
                0,
                List.of(child, child(micros))));
    TriggerRecord after = row(parent.id());
    assertThat(List.of(after.lastFire(), after.fireTime(), after.due())).containsOnly(micros);
    assertThat(row(child.id()).fireTime()).isEqualTo(micros);
    assertThat(row(child.id()).due()).isEqualTo(micros);
    assertThat(ids(openNode().claim(10))).containsExactlyInAnyOrder(parent.id(), child.id());
  }

  @Test
  void refusesWhateverIsNotAStandingTriggerThatMayRun() {
    Node node = openNode();
    TriggerRecord parent = parent();
    assertRefused(
        new Spawn(parent.id(), parent.version() + 1, SECOND, NEXT, 0, List.of(child(FIRST))));
    assertRefused(
        new Spawn(parent.id(), parent.version() - 1, SECOND, NEXT, 0, List.of(child(FIRST))));
    assertRefused(new Spawn(TriggerId.next(), 0, SECOND, NEXT, 0, List.of(child(FIRST))));
    assertRefused(spawn(row(enqueue(Draft.of(JOB).due(Due.in(HOUR)))), child(FIRST)));
    assertThat(row(parent.id())).usingRecursiveComparison().isEqualTo(parent);

    Claim claim = node.claim(10).get(0);
    assertRefused(spawn(row(parent.id()), child(FIRST)));
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    assertRefused(spawn(row(parent.id()), child(FIRST)));
    resume(parent.id());
    node.close();
    assertThat(store.holds().park(JOB, 10)).isEqualTo(1);
    assertRefused(spawn(row(parent.id()), child(FIRST)));
    store.holds().unpark(Set.of(JOB), 10);
    assertThat(store.triggers().spawn(spawn(row(parent.id()), child(FIRST)))).isTrue();
  }

  private void assertRefused(Spawn spawn) {
    assertThat(store.triggers().spawn(spawn)).isFalse();
    assertThat(isGone(spawn.children().get(0).id())).isTrue();
  }

  @Test
  void spawnsOnceForManyWhoSaw() {
    List<Store> stores = stores(4);
    Node node = openNode();
    TriggerRecord parent = parent();
    for (int round = 0; round < 25; round++) {
      TriggerRecord seen = row(parent.id());
      Instant fire = FIRST.plusSeconds(round);
      List<Boolean> won =
          Race.of(4, number -> stores.get(number).triggers().spawn(spawn(seen, child(fire))));
      assertThat(won).containsOnlyOnce(true);
      assertThat(row(parent.id()).version()).isGreaterThan(seen.version());
      List<Claim> claims = node.claimSpawning(10).claims();
      assertThat(claims).extracting(Claim::fireTime).containsExactly(fire);
      claims.forEach(claim -> end(claim, Outcome.SUCCEEDED, Next.REMOVE));
    }
  }
}
