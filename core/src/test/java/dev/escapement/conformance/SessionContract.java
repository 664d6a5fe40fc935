package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.Next;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The lives of nodes. */
abstract class SessionContract extends Contract {

  private static final NodeLoad BUSY = new NodeLoad(8, 3);

  SessionContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void opensLive() {
    SessionId id = SessionId.next();
    Instant before = store.now();
    store
        .sessions()
        .open(new NewSession(id, "节点-1 🕰", "2.0-β", Set.of("default", "почта"), List.of()));
    List<SessionRecord> all = anotherStore().sessions().all();
    assertThat(all).hasSize(1);
    SessionRecord session = all.get(0);
    assertThat(session.startedAt()).isBetween(before, store.now());
    assertThat(session)
        .usingRecursiveComparison()
        .ignoringFields("load", "startedAt")
        .isEqualTo(
            new SessionRecord(
                id, "节点-1 🕰", "2.0-β", true, 0, Set.of("default", "почта"), BUSY, before));
  }

  @Test
  void beats() {
    Node node = openNode();
    Node other = openNode();
    assertThat(store.sessions().beat(node.id(), new NodeLoad(8, 0))).isTrue();
    assertThat(store.sessions().beat(node.id(), BUSY)).isTrue();
    SessionRecord session = node.session().orElseThrow();
    assertThat(session.beat()).isEqualTo(2);
    assertThat(session.load()).isEqualTo(BUSY);
    assertThat(other.session()).map(SessionRecord::beat).contains(0L);
  }

  @Test
  void movesTheStandingTriggerWithItsJob() {
    Node.open(store, new JobDeclaration(JOB, "billing", Priority.HIGH, null));
    TriggerId standing = enqueue(Draft.standing(JOB));
    TriggerId once = enqueue(Draft.of(JOB));
    TriggerId another = enqueue(Draft.standing("another"));
    TriggerRecord before = row(standing);

    Node node = Node.open(store, new JobDeclaration(JOB, "mail", Priority.LOW, null));

    assertThat(row(standing).queue()).isEqualTo("mail");
    assertThat(row(standing).priority()).isEqualTo(Priority.LOW);
    assertThat(row(standing))
        .usingRecursiveComparison()
        .ignoringFields("queue", "priority")
        .isEqualTo(before);
    assertThat(row(once).queue()).isEqualTo("billing");
    assertThat(row(another).queue()).isEqualTo(Node.QUEUE);
    assertThat(ids(node.claim("mail", 10).claims())).containsExactly(standing);
  }

  @Test
  void movesAStandingTriggerInAnyState() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerId standing = claim.guard().id();

    Node.open(store, new JobDeclaration(JOB, "while-it-runs", Priority.NORMAL, null));
    assertThat(row(standing).queue()).isEqualTo("while-it-runs");
    assertThat(end(claim, Outcome.FAILED, new Next.Pause("quarantined"))).isTrue();

    Node last = Node.open(store, new JobDeclaration(JOB, "while-paused", Priority.HIGH, null));
    assertThat(resume(standing)).isTrue();
    assertThat(last.claim("while-paused", 10).claims())
        .singleElement()
        .satisfies(again -> assertThat(again.priority()).isEqualTo(Priority.HIGH));
  }

  @Test
  void refusesTheBeatOfAnAbsentSession() {
    assertThat(store.sessions().beat(SessionId.next(), BUSY)).isFalse();
    assertThat(store.sessions().all()).isEmpty();
  }

  @Test
  void diesAtTheBeatThatWasSeen() {
    Node node = openNode();
    store.sessions().beat(node.id(), BUSY);
    assertThat(store.sessions().declareDead(node.id(), 0)).isFalse();
    assertThat(store.sessions().declareDead(node.id(), 2)).isFalse();
    assertThat(node.session()).map(SessionRecord::live).contains(true);
    assertThat(store.sessions().declareDead(node.id(), 1)).isTrue();
    assertThat(node.session()).map(SessionRecord::live).contains(false);
    assertThat(store.sessions().declareDead(SessionId.next(), 0)).isFalse();
  }

  @Test
  void neverComesBack() {
    Node node = openNode();
    node.die();
    assertThat(store.sessions().beat(node.id(), BUSY)).isFalse();
    assertThat(store.sessions().declareDead(node.id(), 0)).isFalse();
    SessionRecord session = node.session().orElseThrow();
    assertThat(session.live()).isFalse();
    assertThat(session.beat()).isZero();
  }

  @Test
  void diesAtItsCloseAndStaysUntilItIsPurged() {
    Node node = openNode();
    Node other = openNode();
    node.close();
    node.close();
    assertThat(node.session()).map(SessionRecord::live).contains(false);
    assertThat(other.session()).map(SessionRecord::live).contains(true);
    assertThat(store.sessions().beat(node.id(), BUSY)).isFalse();
    assertThat(store.sessions().purge(HOUR)).isZero();
    Race.await("it has been dead for a moment", () -> store.sessions().purge(Duration.ZERO) == 1);
    assertThat(store.sessions().all()).extracting(SessionRecord::id).containsExactly(other.id());
  }

  @Test
  void leavesWhatItOwnsToTheOthersAtItsClose() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB));
    node.close();
    assertThat(openNode().runningIds()).containsExactly(claim.guard().id());
    assertThat(store.claims().complete(List.of(success(claim))).written()).hasSize(1);
  }

  @Test
  void purgesTheLongDead() {
    Node live = openNode();
    Node dead = openNode();
    dead.die();
    assertThat(store.sessions().purge(HOUR)).isZero();
    Race.await("it has been dead for a moment", () -> store.sessions().purge(Duration.ZERO) == 1);
    assertThat(store.sessions().all()).extracting(SessionRecord::id).containsExactly(live.id());
  }

  @Test
  void purgesNoneThatOwnsSomething() {
    Node owner = openNode();
    Claim claim = claimed(owner, Draft.of(JOB));
    owner.die();
    Node other = openNode();
    other.die();
    Race.await("the other goes", () -> store.sessions().purge(Duration.ZERO) == 1);
    assertThat(store.sessions().all()).extracting(SessionRecord::id).containsExactly(owner.id());

    store.claims().takeOver(List.of(success(claim)));
    assertThat(store.sessions().purge(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void raisesTheEpochWhenSessionsComeAndGo() {
    Node observer = openNode();
    long first = observer.epoch();
    assertThat(observer.epoch()).isEqualTo(first);

    Node node = openNode();
    long opened = observer.epoch();
    assertThat(opened).isGreaterThan(first);
    node.die();
    long dead = observer.epoch();
    assertThat(dead).isGreaterThan(opened);
    Node leaving = openNode();
    long openedAgain = observer.epoch();
    assertThat(openedAgain).isGreaterThan(dead);
    leaving.close();
    long closed = observer.epoch();
    assertThat(closed).isGreaterThan(openedAgain);
    leaving.close();
    Race.await(
        "only the observer is left",
        () -> {
          store.sessions().purge(Duration.ZERO);
          return store.sessions().all().size() == 1;
        });
    assertThat(observer.epoch()).isEqualTo(closed);
  }

  @Test
  void countsEveryBeatOfMany() {
    Node node = openNode();
    List<Store> stores = stores(4);
    Race.of(
        4,
        number ->
            IntStream.range(0, 25)
                .filter(i -> stores.get(number).sessions().beat(node.id(), BUSY))
                .count());
    assertThat(node.session()).map(SessionRecord::beat).contains(100L);
  }

  @Test
  void eitherBeatsOrDies() {
    List<Store> stores = stores(4);
    for (int round = 0; round < 30; round++) {
      Node node = openNode();
      List<Boolean> won =
          Race.of(
              4,
              number ->
                  number == 0
                      ? stores.get(number).sessions().beat(node.id(), BUSY)
                      : stores.get(number).sessions().declareDead(node.id(), 0));
      assertThat(won).containsOnlyOnce(true);
      assertThat(node.session()).map(SessionRecord::live).contains(won.get(0));
    }
  }

  @Test
  void opensManyThatKnowTheSameJobsInAnyOrder() {
    List<Store> stores = stores(8);
    for (int round = 0; round < 5; round++) {
      int salt = round;
      Race.of(8, number -> Node.open(stores.get(number), shuffledJobs(salt, number)));
    }
    assertThat(store.sessions().all()).hasSize(40).allMatch(SessionRecord::live);
  }

  private static JobDeclaration[] shuffledJobs(int round, int seed) {
    List<JobDeclaration> jobs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      jobs.add(new JobDeclaration("job-" + round + "-" + i, "queue-" + seed, Priority.HIGH, null));
    }
    Collections.shuffle(jobs, new Random(seed));
    return jobs.toArray(JobDeclaration[]::new);
  }
}
