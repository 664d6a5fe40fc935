package dev.escapement.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Honoured;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What ends a claim honours what was asked meanwhile, in the same step. */
abstract class HonourContract extends Contract {

  private static final Instant FIRE = LONG_AGO.plus(HOUR);
  private static final Instant NEXT = Instant.parse("2150-06-07T08:09:10.111213Z");
  private static final Instant RETRY = NEXT.plus(HOUR);
  private static final Instant ASKED = RETRY.plus(HOUR);
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  private static final List<Next> ENDS =
      List.of(
          new Next.Retry(Due.at(RETRY)),
          new Next.Release(null),
          new Next.Release(Due.at(RETRY)),
          new Next.Recover(),
          new Next.Pause("enough"));

  HonourContract(Supplier<Store> newStore) {
    super(newStore);
  }

  /** One way to end, of one kind of trigger, after some requests. */
  private record Case(String key, TriggerKind kind, Next next, Set<RequestKind> asked) {
    Honoured honoured() {
      return Honoured.of(next, Outcome.LOST, asked, kind);
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (TriggerKind kind : TriggerKind.values()) {
      List<Next> ends = new ArrayList<>(ENDS);
      ends.add(kind == TriggerKind.ONE_TIME ? Next.REMOVE : Next.fireAt(NEXT));
      for (Next next : ends) {
        for (int bits = 0; bits < 1 << RequestKind.values().length; bits++) {
          cases.add(new Case("case " + cases.size(), kind, next, asked(bits)));
        }
      }
    }
    return cases;
  }

  private static Set<RequestKind> asked(int bits) {
    Set<RequestKind> asked = EnumSet.noneOf(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if ((bits & kind.bit()) != 0) {
        asked.add(kind);
      }
    }
    return asked;
  }

  @Test
  void completesEachWayUnderEachSetOfRequests() {
    Node node = openNode();
    assertHonoured(node, store.claims()::complete, () -> {});
  }

  @Test
  void takesOverEachWayUnderEachSetOfRequests() {
    Node node = openNode();
    assertHonoured(node, store.claims()::takeOver, node::die);
  }

  private void assertHonoured(
      Node node, Function<List<Completion>, Ended> end, Runnable beforehand) {
    List<Case> cases = cases();
    List<Claim> claims = secondAttempts(node, cases);
    for (int i = 0; i < claims.size(); i++) {
      ask(claims.get(i), cases.get(i));
    }
    beforehand.run();
    List<Completion> completions = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      completions.add(completion(claims.get(i), Outcome.LOST, cases.get(i).next()));
    }
    Instant before = store.now();
    Ended ended = end.apply(completions);
    Instant after = store.now();

    assertThat(ended.written()).containsExactlyInAnyOrderElementsOf(ids(claims));
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      Case of = cases.get(i);
      TriggerRecord row = store.triggers().find(claim.guard().id()).orElse(null);
      assertEnded(of, claim, row);
      assertThat(ended.turned().get(claim.guard().id())).as(of.toString()).isEqualTo(turn(of, row));
      List<ExecutionRecord> story = store.history().of(claim.guard().id());
      assertThat(story).as(of.toString()).hasSize(2);
      assertThat(story.get(1).outcome()).as(of.toString()).isEqualTo(of.honoured().outcome());
      assertThat(story.get(1).attempt()).isEqualTo(2);
      assertThat(story.get(1).fireTime()).isEqualTo(claim.fireTime());
      assertThat(story.get(1).endedAt()).isBetween(before, after);
    }
    assertThat(ended.turned().keySet()).isSubsetOf(ended.written());
    assertThat(store.requests().of(node.id())).isEmpty();
  }

  /** In the order of the cases: claims of which each has lost an attempt and left a checkpoint. */
  private List<Claim> secondAttempts(Node node, List<Case> cases) {
    store
        .triggers()
        .enqueue(
            cases.stream()
                .map(of -> draft(of).key(of.key()).payload(OLD).headers("v=1").make())
                .toList());
    List<Claim> first = node.claim(1_000);
    store
        .claims()
        .complete(
            first.stream()
                .map(claim -> completion(claim, Outcome.LOST, new Next.Recover()))
                .toList());
    List<Claim> second = new ArrayList<>(node.claim(1_000));
    assertThat(second).hasSameSizeAs(cases);
    List<String> order = cases.stream().map(Case::key).toList();
    second.sort(Comparator.comparing(claim -> order.indexOf(claim.key())));
    List<Claim> advanced = new ArrayList<>();
    for (Claim claim : second) {
      boolean standing = claim.kind() == TriggerKind.STANDING;
      if (standing) {
        assertThat(store.claims().advance(claim.guard(), FIRE, FIRE, 3)).isTrue();
      }
      Claim at = standing ? claim.at(FIRE, FIRE, 3) : claim;
      assertThat(store.checkpoints().keep(at.guard(), at.fireTime(), OLD)).isPresent();
      advanced.add(at);
    }
    return advanced;
  }

  private static Draft draft(Case of) {
    return of.kind() == TriggerKind.ONE_TIME ? Draft.of(JOB) : Draft.standing(JOB);
  }

  private void ask(Claim claim, Case of) {
    TriggerId id = claim.guard().id();
    if (of.asked().contains(RequestKind.CANCEL)) {
      ask(id, new Request.Cancel());
    }
    if (of.asked().contains(RequestKind.AGAIN)) {
      runAgain(id, of);
    }
    if (of.asked().contains(RequestKind.PAUSE)) {
      ask(id, new Request.Pause());
    }
    if (of.asked().contains(RequestKind.RESCHEDULE)) {
      ask(id, new Request.Reschedule(Due.at(ASKED)));
    }
    assertThat(row(id).requests()).isEqualTo(of.asked());
  }

  /** At {@link #ASKED}, a one-time trigger with another payload besides. */
  private void runAgain(TriggerId id, Case of) {
    if (of.kind() == TriggerKind.STANDING) {
      ask(id, new Request.RunNow());
    } else {
      Draft other = Draft.of(JOB).key(of.key()).payload(NEW).headers("v=2").due(ASKED);
      assertThat(enqueueAll(other.onConflict(OnConflict.REPLACE)))
          .containsExactly(new Enqueued(id, Enqueued.Result.AGAIN));
    }
  }

  private void assertEnded(Case of, Claim claim, @Nullable TriggerRecord row) {
    Honoured honoured = of.honoured();
    if (honoured.state() == null) {
      assertThat(row).as(of.toString()).isNull();
      return;
    }
    TriggerRecord there = requireNonNull(row, of.toString());
    assertThat(there.version()).as(of.toString()).isGreaterThan(claim.guard().version());
    assertThat(there).as(of.toString()).usingRecursiveComparison().isEqualTo(expected(of, there));
    boolean over = honoured.fate() == Honoured.Fate.OVER || honoured.fate() == Honoured.Fate.AGAIN;
    assertThat(store.checkpoints().find(there.id(), claim.fireTime()).isPresent() && over)
        .as("a checkpoint after " + of)
        .isFalse();
    if (!over && !(of.next() instanceof Next.Fire)) {
      assertThat(store.checkpoints().find(there.id(), claim.fireTime())).contains(OLD);
    }
  }

  private static TriggerRecord expected(Case of, TriggerRecord row) {
    boolean standing = of.kind() == TriggerKind.STANDING;
    Instant fire = standing ? FIRE : LONG_AGO;
    boolean over = of.next() instanceof Next.Remove || of.next() instanceof Next.Fire;
    int lost = over ? 0 : of.next() instanceof Next.Recover ? 2 : 1;
    int attempt = of.next() instanceof Next.Release ? 1 : 2;
    long missed = standing ? 3 : 0;
    return switch (of.honoured().fate()) {
      case AGAIN -> {
        boolean now = standing && !of.asked().contains(RequestKind.RESCHEDULE);
        Instant due = now ? requireNonNull(row.due()) : ASKED;
        byte[] payload = standing ? OLD : NEW;
        yield row(of, row, due, due, 0, lost, standing ? fire : null, 0, false, payload);
      }
      case OVER -> row(of, row, fire, null, 0, 0, fire, 0, true, OLD);
      case RESCHEDULED -> row(of, row, fire, ASKED, attempt, lost, null, missed, false, OLD);
      case AS_SAID ->
          of.next() instanceof Next.Fire
              ? row(of, row, NEXT, NEXT, 0, 0, fire, 0, false, OLD)
              : row(of, row, fire, due(of, fire), attempt, lost, null, missed, false, OLD);
    };
  }

  private static Instant due(Case of, Instant before) {
    boolean later =
        of.next() instanceof Next.Retry
            || (of.next() instanceof Next.Release release && release.due() != null);
    return later ? RETRY : before;
  }

  private static TriggerRecord row(
      Case of,
      TriggerRecord row,
      Instant fireTime,
      @Nullable Instant due,
      int attempt,
      int lost,
      @Nullable Instant lastFire,
      long missed,
      boolean stale,
      byte[] payload) {
    return new TriggerRecord(
        row.id(),
        of.kind(),
        JOB,
        of.key(),
        row.queue(),
        row.priority(),
        requireNonNull(of.honoured().state()),
        Set.of(),
        fireTime,
        due,
        row.version(),
        attempt,
        lost,
        null,
        null,
        of.honoured().reason(),
        of.kind() == TriggerKind.STANDING ? Draft.SCHEDULE : null,
        lastFire,
        missed,
        stale,
        null,
        Set.of(),
        payload,
        payload == OLD ? "v=1" : "v=2");
  }

  private static Ended.@Nullable Turn turn(Case of, @Nullable TriggerRecord row) {
    Honoured honoured = of.honoured();
    return honoured.turned()
        ? new Ended.Turn(honoured.outcome(), honoured.state(), row == null ? null : row.due())
        : null;
  }

  @Test
  void asksNothingAnyMoreAfterTheEnd() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.of(JOB).key("k").payload(OLD));
    enqueueAll(Draft.of(JOB).key("k").payload(NEW).onConflict(OnConflict.REPLACE));
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);

    Claim again = node.claim(10).get(0);
    assertThat(again.guard().id()).isEqualTo(claim.guard().id());
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.payload()).isEqualTo(NEW);
    assertThat(row(again.guard().id()).requests()).isEmpty();
    ask(again.guard().id(), new Request.RunNow());
    end(again, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(row(again.guard().id()).payload()).as("what it had").isEqualTo(NEW);
    end(node.claim(10).get(0), Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(isGone(again.guard().id())).isTrue();
  }

  @Test
  void forgetsARequestedPayloadOnceItIsHonouredOrTakenBack() {
    Node node = openNode();
    Draft old = Draft.of(JOB).key("k").payload(OLD).onConflict(OnConflict.REPLACE);
    Draft other = old.payload(NEW);
    Claim claim = claimed(node, old);
    TriggerId id = claim.guard().id();
    enqueueAll(other);
    ask(id, new Request.Cancel());
    ask(id, new Request.RunNow());
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(row(id).payload()).as("the other one was taken back").isEqualTo(OLD);

    claim = node.claim(10).get(0);
    enqueueAll(other);
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    enqueueAll(old);
    claim = node.claim(10).get(0);
    ask(id, new Request.RunNow());
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(row(id).payload()).as("the other one was honoured before").isEqualTo(OLD);
  }

  @Test
  void honoursTheLaterOfTwoDues() {
    Node node = openNode();
    Claim first = claimed(node, Draft.of(JOB));
    ask(first.guard().id(), new Request.Reschedule(Due.at(ASKED)));
    ask(first.guard().id(), new Request.Reschedule(Due.at(NEXT)));
    end(first, Outcome.RELEASED, new Next.Release(null));
    assertThat(row(first.guard().id()).due()).isEqualTo(NEXT);

    Claim second = claimed(node, Draft.of(JOB));
    ask(second.guard().id(), new Request.Reschedule(Due.at(ASKED)));
    Instant before = store.now();
    ask(second.guard().id(), new Request.RunNow());
    Instant after = store.now();
    end(second, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(row(second.guard().id()).due()).isBetween(before, after);
  }

  @Test
  void resolvesARequestedDelayWhenItIsAsked() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Instant before = store.now();
    ask(claim.guard().id(), new Request.Reschedule(Due.in(HOUR)));
    Instant after = store.now();
    Race.await("time has passed", () -> store.now().isAfter(after));
    end(claim, Outcome.RELEASED, new Next.Release(null));
    assertThat(row(claim.guard().id()).due()).isBetween(before.plus(HOUR), after.plus(HOUR));
  }

  @Test
  void leavesTheAccountThatTheEndGivesWhenItIsCancelled() {
    Claim claim = claimed(openNode(), Draft.of(JOB).payload(OLD));
    ask(claim.guard().id(), new Request.Cancel());
    Ending ending = new Ending(Outcome.FAILED, LONG_AGO, FIRE, null, true, NEW, false);
    Next retry = new Next.Retry(Due.now());
    store.claims().complete(List.of(new Completion(claim.guard(), ending, retry)));
    ExecutionRecord execution = execution(claim.guard().id());
    assertThat(execution.key()).isEqualTo(key(claim));
    assertThat(execution.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(execution.startedAt()).isEqualTo(LONG_AGO);
    assertThat(execution.endedAt()).isEqualTo(FIRE);
    assertThat(execution.payload()).isEqualTo(OLD);
    assertThat(execution.result()).isEqualTo(NEW);
  }

  @Test
  void aimsWhatWasCancelledWhileItRan() {
    Node node = openNode();
    Claim claim = claimed(node, Draft.standing(JOB));
    ask(claim.guard().id(), new Request.Cancel());
    end(claim, Outcome.FAILED, new Next.Retry(Due.now()));
    assertThat(node.claim(10)).isEmpty();
    assertThat(store.triggers().stale(10))
        .extracting(TriggerRecord::id, TriggerRecord::state)
        .containsExactly(tuple(claim.guard().id(), TriggerState.SCHEDULED));
  }
}
