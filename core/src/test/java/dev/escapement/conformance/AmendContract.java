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
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A standing trigger gets another schedule. */
abstract class AmendContract extends Contract {

  private static final String OTHER = "each day 🕰";
  private static final Instant LATER = LONG_AGO.plus(HOUR);
  private static final Aim AIM = new Aim(LATER, LATER.plusSeconds(5));
  private static final Placement PLACEMENT = new Placement("elsewhere", Priority.HIGH);
  private static final byte[] PAYLOAD = {1, 0, 2};

  AmendContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private static Amendment everything(TriggerRecord row) {
    return new Amendment(row.id(), row.version(), OTHER, PLACEMENT, PAYLOAD, AIM);
  }

  private static Amendment schedule(TriggerRecord row, String schedule) {
    return new Amendment(row.id(), row.version(), schedule, null, null, null);
  }

  private boolean amend(Amendment amendment) {
    Set<TriggerId> amended = store.triggers().amend(List.of(amendment));
    assertThat(amended).isSubsetOf(amendment.id());
    return !amended.isEmpty();
  }

  private void assertIsEverything(TriggerRecord row) {
    assertThat(row.schedule()).isEqualTo(OTHER);
    assertThat(row.queue()).isEqualTo("elsewhere");
    assertThat(row.priority()).isEqualTo(Priority.HIGH);
    assertThat(row.payload()).isEqualTo(PAYLOAD);
    assertThat(row.fireTime()).isEqualTo(AIM.fireTime());
    assertThat(row.due()).isEqualTo(AIM.due());
    assertThat(row.stale()).isFalse();
  }

  /** Has fired once, waits for the same instant again, and has missed three. */
  private TriggerRecord waiting(Node node) {
    Claim claim = claimed(node, Draft.standing(JOB));
    end(claim, Outcome.SUCCEEDED, new Next.Fire(Due.at(LONG_AGO), Due.at(LONG_AGO), 3));
    return row(claim.guard().id());
  }

  @Test
  void changesAllOfOneThatWaits() {
    Node node = openNode();
    TriggerRecord before = waiting(node);
    assertThat(amend(everything(before))).isTrue();
    TriggerRecord after = row(before.id());
    assertIsEverything(after);
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("schedule", "queue", "priority", "payload", "fireTime", "due", "version")
        .isEqualTo(before);

    Claim claim = node.claim("elsewhere", 10).claims().get(0);
    assertThat(claim.schedule()).isEqualTo(OTHER);
    assertThat(claim.payload()).isEqualTo(PAYLOAD);
    assertThat(claim.fireTime()).isEqualTo(AIM.fireTime());
    assertThat(claim.due()).isEqualTo(AIM.due());
    assertThat(claim.missed()).as("what was counted stays counted").isEqualTo(3);
  }

  @Test
  void leavesWhatItIsNotTold() {
    TriggerRecord before = triedTwice(openNode());
    assertThat(amend(schedule(before, OTHER))).isTrue();
    TriggerRecord after = row(before.id());
    assertThat(after.schedule()).isEqualTo(OTHER);
    assertThat(after.stale()).isTrue();
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("schedule", "stale", "version")
        .isEqualTo(before);
  }

  /** Has missed three, and two attempts at the present fire, of which one lost its node. */
  private TriggerRecord triedTwice(Node node) {
    TriggerRecord row = waiting(node);
    end(node.claim(10).get(0), Outcome.LOST, new Next.Recover());
    end(node.claim(10).get(0), Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    TriggerRecord tried = row(row.id());
    assertThat(List.of(tried.attempt(), tried.lost())).containsExactly(2, 1);
    assertThat(tried.missed()).isEqualTo(3);
    return tried;
  }

  @Test
  void beginsANewFireWithANewAim() {
    Node node = openNode();
    TriggerRecord before = triedTwice(node);
    amend(new Amendment(before.id(), before.version(), OTHER, null, null, AIM));
    TriggerRecord after = row(before.id());
    assertThat(after.attempt()).isZero();
    assertThat(after.lost()).isZero();
    assertThat(after.missed()).as("what was counted stays counted").isEqualTo(3);
    assertThat(node.claim(10)).extracting(Claim::attempt).containsExactly(1);
  }

  @Test
  void beginsANewFireOfAPausedOneToo() {
    Node node = openNode();
    TriggerRecord tried = triedTwice(node);
    store.triggers().pause(tried.id(), tried.version(), new Next.Pause("enough"));
    TriggerRecord paused = row(tried.id());
    amend(new Amendment(paused.id(), paused.version(), Draft.SCHEDULE, null, null, AIM));
    TriggerRecord after = row(paused.id());
    assertThat(after.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(after.fireTime()).isEqualTo(AIM.fireTime());
    assertThat(List.of(after.attempt(), after.lost())).containsOnly(0);
    assertThat(after.missed()).isEqualTo(3);
  }

  @Test
  void changesAPausedOneThatStaysPaused() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    TriggerRecord paused = row(claim.guard().id());
    assertThat(amend(everything(paused))).isTrue();
    TriggerRecord after = row(paused.id());
    assertIsEverything(after);
    assertThat(after.version()).isGreaterThan(paused.version());
    assertThat(after.state()).isEqualTo(TriggerState.PAUSED);
    assertThat(after.reason()).isEqualTo("enough");
  }

  @Test
  void aimsAtNeverAndBack() {
    Node node = openNode();
    TriggerRecord before = waiting(node);
    amend(new Amendment(before.id(), before.version(), OTHER, null, null, Aim.NEVER));
    TriggerRecord never = row(before.id());
    assertThat(never.fireTime()).isNull();
    assertThat(never.due()).isNull();
    assertThat(node.claim(10)).isEmpty();

    amend(new Amendment(never.id(), never.version(), OTHER, null, null, AIM));
    assertThat(ids(node.claim(10))).containsExactly(before.id());
  }

  @Test
  void neverRoundsUpToTheNextMicrosecond() {
    Instant nanos = Instant.parse("2024-05-06T07:08:09.999999999Z");
    TriggerRecord before = waiting(openNode());
    amend(
        new Amendment(
            before.id(), before.version(), OTHER, null, null, new Aim(nanos, nanos.plus(HOUR))));
    Instant micros = Instant.parse("2024-05-06T07:08:09.999999Z");
    assertThat(row(before.id()).fireTime()).isEqualTo(micros);
    assertThat(row(before.id()).due()).isEqualTo(micros.plus(HOUR));
  }

  @Test
  void tellsTheHolderOfAClaimNothing() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    store.claims().advance(claim.guard(), LONG_AGO, LONG_AGO, 2);
    TriggerRecord before = row(claim.guard().id());

    assertThat(amend(everything(before))).isTrue();

    TriggerRecord after = row(before.id());
    assertThat(after.stale()).isTrue();
    assertThat(after.schedule()).isEqualTo(OTHER);
    assertThat(after.queue()).isEqualTo("elsewhere");
    assertThat(after.priority()).isEqualTo(Priority.HIGH);
    assertThat(after.payload()).isEqualTo(PAYLOAD);
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("stale", "schedule", "queue", "priority", "payload")
        .isEqualTo(before);
    assertThat(end(claim, Outcome.SUCCEEDED, Next.fireAt(LATER))).isTrue();
    assertThat(row(before.id()).stale()).as("the end knows nothing of it either").isTrue();
    assertThat(row(before.id()).fireTime()).isEqualTo(LATER);
  }

  @Test
  void isStaleOnlyIfTheScheduleIsAnother() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    TriggerRecord row = row(claim.guard().id());
    amend(new Amendment(row.id(), row.version(), Draft.SCHEDULE, PLACEMENT, PAYLOAD, AIM));
    assertThat(row(row.id()).stale()).isFalse();
    amend(schedule(row, OTHER));
    assertThat(row(row.id()).stale()).isTrue();
    amend(schedule(row, OTHER));
    assertThat(row(row.id()).stale()).as("nobody has looked after it yet").isTrue();
  }

  @Test
  void isStaleWhetherItRunsOrWaitsOrIsPaused() {
    Node node = openNode();
    TriggerRecord waiting = waiting(node);
    amend(schedule(waiting, Draft.SCHEDULE));
    assertThat(row(waiting.id()).stale()).as("the same schedule").isFalse();
    amend(schedule(row(waiting.id()), OTHER));
    assertThat(row(waiting.id()).stale()).isTrue();

    TriggerRecord paused = row(enqueue(Draft.standing(JOB).key("paused")));
    store.triggers().pause(paused.id(), paused.version(), new Next.Pause("enough"));
    amend(schedule(row(paused.id()), OTHER));
    assertThat(row(paused.id()).stale()).isTrue();
  }

  @Test
  void isStaleUntilItIsAimed() {
    TriggerRecord before = waiting(openNode());
    amend(schedule(before, OTHER));
    amend(schedule(row(before.id()), OTHER));
    assertThat(row(before.id()).stale()).as("not aimed").isTrue();
    amend(schedule(row(before.id()), Draft.SCHEDULE));
    assertThat(row(before.id()).stale()).as("nor is it with the old schedule").isTrue();
    amend(everything(row(before.id())));
    assertThat(row(before.id()).stale()).isFalse();
    assertThat(stale()).isEmpty();
  }

  @Test
  void tellsWhoeverClaimsThatItIsStale() {
    Node node = openNode();
    TriggerRecord before = waiting(node);
    amend(schedule(before, OTHER));
    Claim stale = node.claim(10).get(0);
    assertThat(stale.stale()).isTrue();
    assertThat(stale.schedule()).isEqualTo(OTHER);
    assertThat(stale.fireTime()).as("of the schedule before").isEqualTo(LONG_AGO);

    end(stale, Outcome.RELEASED, new Next.Release(null));
    amend(everything(row(before.id())));
    assertThat(node.claim("elsewhere", 10).claims())
        .extracting(Claim::stale)
        .containsExactly(false);
  }

  @Test
  void namesTheStaleThatDoNotRun() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    TriggerId id = claim.guard().id();
    amend(schedule(row(id), OTHER));
    assertThat(stale()).as("it runs").isEmpty();

    end(claim, Outcome.FAILED, new Next.Retry(Due.at(LONG_AGO)));
    assertThat(stale()).as("it waits for a second attempt").containsExactly(id);

    end(node.claim(10).get(0), Outcome.FAILED, new Next.Pause("enough"));
    assertThat(stale()).as("it is paused").containsExactly(id);

    resume(id);
    assertThat(stale()).containsExactly(id);

    Claim again = node.claim(10).get(0);
    assertThat(stale()).as("it runs again").isEmpty();
    end(again, Outcome.RELEASED, new Next.Release(null));
    assertThat(stale()).containsExactly(id);

    end(node.claim(10).get(0), Outcome.SUCCEEDED, Next.fireAt(LATER));
    assertThat(store.triggers().stale(10))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(row(id));

    amend(everything(row(id)));
    assertThat(row(id).stale()).isFalse();
    assertThat(stale()).isEmpty();
  }

  private List<TriggerId> stale() {
    return store.triggers().stale(10).stream().map(TriggerRecord::id).toList();
  }

  @Test
  void namesAFewOfTheStaleAtATime() {
    Node node = openNode();
    for (int i = 0; i < 5; i++) {
      Claim claim = claimed(node, Draft.standing(JOB).key("k" + i));
      amend(schedule(row(claim.guard().id()), OTHER));
      end(claim, Outcome.SUCCEEDED, Next.fireAt(null));
    }
    assertThat(store.triggers().stale(3)).hasSize(3).doesNotHaveDuplicates();
    assertThat(store.triggers().stale(10)).hasSize(5);
  }

  @Test
  void refusesAnotherVersion() {
    TriggerRecord row = waiting(openNode());
    for (long version : new long[] {row.version() - 1, row.version() + 1}) {
      assertThat(amend(new Amendment(row.id(), version, OTHER, PLACEMENT, PAYLOAD, AIM))).isFalse();
    }
    assertThat(row(row.id())).usingRecursiveComparison().isEqualTo(row);
  }

  @Test
  void refusesWhatIsNotStandingOrNotThere() {
    TriggerRecord once = row(enqueue(Draft.of(JOB)));
    assertThat(amend(everything(once))).isFalse();
    assertThat(row(once.id())).usingRecursiveComparison().isEqualTo(once);
    assertThat(amend(new Amendment(TriggerId.next(), 0, OTHER, null, null, null))).isFalse();
    assertThat(store.triggers().amend(List.of())).isEmpty();
  }

  @Test
  void changesEachByItself() {
    List<TriggerRecord> rows = standing(3);
    List<Amendment> amendments = new ArrayList<>(rows.stream().map(this::numbered).toList());
    TriggerRecord late = rows.get(1);
    amendments.set(1, new Amendment(late.id(), late.version() + 1, OTHER, null, null, AIM));
    assertThat(store.triggers().amend(amendments))
        .containsExactlyInAnyOrder(rows.get(0).id(), rows.get(2).id());
    assertThat(row(rows.get(0).id()).schedule()).isEqualTo("for " + rows.get(0).key());
    assertThat(row(late.id())).usingRecursiveComparison().isEqualTo(late);
    assertThat(row(rows.get(2).id()).schedule()).isEqualTo("for " + rows.get(2).key());
  }

  private Amendment numbered(TriggerRecord row) {
    return schedule(row, "for " + row.key());
  }

  private List<TriggerRecord> standing(int count) {
    List<TriggerRecord> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(enqueue(Draft.standing(JOB).key("k" + i))));
    }
    return rows;
  }

  @Test
  void oppositeOrdersDoNotDeadlockAndEachIsChangedOnce() {
    List<Store> stores = stores(4);
    List<TriggerId> ids = standing(60).stream().map(TriggerRecord::id).toList();
    for (int round = 0; round < 5; round++) {
      List<Amendment> amendments = ids.stream().map(id -> everything(row(id))).toList();
      List<Set<TriggerId>> wins =
          Race.of(
              4,
              number -> {
                List<Amendment> mine = new ArrayList<>(amendments);
                if (number % 2 == 1) {
                  Collections.reverse(mine);
                }
                return stores.get(number).triggers().amend(mine);
              });
      assertThat(wins.stream().flatMap(Collection::stream).toList())
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Test
  void whoeverClaimsHasSeenTheChangeOrItWasRefused() {
    List<Store> stores = stores(2);
    Node node = openNode();
    for (int round = 0; round < 40; round++) {
      TriggerRecord row = row(enqueue(Draft.standing(JOB).key("round " + round)));
      List<Object> answers =
          Race.of(
              2,
              number ->
                  number == 0
                      ? stores.get(0).triggers().amend(List.of(schedule(row, OTHER)))
                      : node.through(stores.get(1)).claim(10));
      boolean amended = !((Set<?>) answers.get(0)).isEmpty();
      List<Claim> claims = node.claim(10);
      for (Object claim : (List<?>) answers.get(1)) {
        claims = List.of((Claim) claim);
      }
      assertThat(claims).hasSize(1);
      assertThat(claims.get(0).schedule()).isEqualTo(amended ? OTHER : Draft.SCHEDULE);
      assertThat(claims.get(0).stale()).isEqualTo(amended);
      end(claims.get(0), Outcome.SUCCEEDED, Next.REMOVE);
    }
  }
}
