package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Books that balance, and one forgery after the other, each of which must be found. */
class BalanceTest {

  private static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID SESSION = new UUID(7, 1);
  private static final UUID OTHER_SESSION = new UUID(7, 2);
  private static final UUID WORK = new UUID(1, 1);
  private static final UUID TRANSFER = new UUID(1, 2);
  private static final UUID CHILD = new UUID(1, 3);
  private static final UUID TICK = new UUID(1, 4);

  private final List<Run> runs = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private final List<Entry> history = new ArrayList<>();
  private final List<Books.Left> left = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final List<Trouble> troubles = new ArrayList<>();
  private final List<String> surprises = new ArrayList<>();

  BalanceTest() {
    born(WORK, "work", false, 1);
    whole(WORK, "work", 1, Outcome.SUCCEEDED, second(1));
    removed(WORK, "work", 1);
    marks.add(new Mark(WORK, 1, Mark.What.FOUND, 0));
    marks.add(new Mark(WORK, 1, Mark.What.LEFT, 1));
    asked.add(new Asked(1, Asked.Answer.MADE, WORK));

    born(TRANSFER, "transfer", false, 2);
    whole(TRANSFER, "transfer", 1, Outcome.SUCCEEDED, second(2));
    removed(TRANSFER, "transfer", 1);
    asked.add(new Asked(2, Asked.Answer.MADE, TRANSFER));
    born(CHILD, "child", false, -2);
    whole(CHILD, "child", 1, Outcome.SUCCEEDED, second(3));
    removed(CHILD, "child", 1);
    effects.add(new Effect(TRANSFER, CHILD));

    born(TICK, "tick", true, 0);
    for (int n = 0; n < 3; n++) {
      whole(TICK, "tick", 1 + 2 * n, Outcome.SUCCEEDED, second(10 + n));
      moves.add(move(TICK, "tick", true, 2, 1, 2 + 2 * n, SESSION, second(10 + n)));
    }
    left.add(new Books.Left(TICK, "tick", true, 1, 6, second(13), 0));
  }

  private static Instant second(long n) {
    return ZERO.plusSeconds(n);
  }

  private void born(UUID id, String job, boolean standing, long number) {
    moves.add(
        new Move(
            moves.size(),
            ZERO,
            id,
            job,
            standing,
            null,
            null,
            1,
            0,
            null,
            standing ? second(10) : ZERO,
            0,
            "{\"number\":" + number + "}"));
  }

  private Move move(
      UUID id,
      String job,
      boolean standing,
      @Nullable Integer was,
      @Nullable Integer is,
      long version,
      UUID owner,
      Instant at) {
    return new Move(
        moves.size(),
        at,
        id,
        job,
        standing,
        null,
        was,
        is,
        version,
        owner,
        at,
        0,
        "{\"number\":0}");
  }

  private void whole(UUID id, String job, long version, Outcome outcome, Instant at) {
    boolean standing = id.equals(TICK);
    moves.add(move(id, job, standing, 1, 2, version, SESSION, at));
    runs.add(new Run("a", id, version, job, at, 1, 0, at, at.plusMillis(5), Run.End.RETURNED));
    history.add(
        new Entry(
            id,
            version,
            SESSION,
            job,
            standing,
            at,
            0,
            1,
            outcome,
            null,
            at,
            at,
            at,
            at.plusMillis(6)));
  }

  private void removed(UUID id, String job, long version) {
    moves.add(move(id, job, false, 2, null, version, SESSION, second(4)));
  }

  private List<String> broken() {
    Books books =
        new Books(
            runs,
            marks,
            moves,
            history,
            left,
            Map.of(SESSION, "a", OTHER_SESSION, "b"),
            effects,
            asked,
            troubles,
            Map.of("tick", Duration.ofSeconds(1)),
            ReplicaSettings.standard(Duration.ofSeconds(2), Duration.ofMillis(500)),
            second(15),
            surprises);
    return Balance.of(books).stream()
        .filter(item -> !item.kept())
        .map(Balance.Item::promise)
        .toList();
  }

  private void assertFinds(String promise) {
    assertThat(broken()).anyMatch(found -> found.contains(promise));
  }

  @Test
  void whatIsInOrderBalances() {
    assertThat(broken()).isEmpty();
  }

  @Test
  void findsAClaimThatWasMadeTwice() {
    moves.add(move(WORK, "work", false, 1, 2, 1, OTHER_SESSION, second(5)));
    assertFinds("is claimed twice");
  }

  @Test
  void findsAVersionThatBeginsAnew() {
    moves.add(move(TICK, "tick", true, 1, 3, 2, SESSION, second(20)));
    assertFinds("versions grow");
  }

  @Test
  void findsAClaimWithoutAnOutcome() {
    history.remove(0);
    assertFinds("outcomes = claims");
  }

  @Test
  void findsAnOutcomeWithoutAClaim() {
    history.add(entry(WORK, 7, Outcome.FAILED));
    assertFinds("outcomes = claims");
  }

  @Test
  void findsAnOutcomeThatAnotherSessionWrote() {
    Entry right = history.remove(0);
    history.add(
        new Entry(
            right.id(),
            right.version(),
            OTHER_SESSION,
            right.job(),
            false,
            right.fireTime(),
            0,
            1,
            right.outcome(),
            null,
            right.due(),
            right.claimedAt(),
            null,
            right.endedAt()));
    assertFinds("outcomes = claims");
  }

  private static Entry entry(UUID id, long version, Outcome outcome) {
    Instant at = second(6);
    return new Entry(id, version, SESSION, "work", false, at, 0, 1, outcome, null, at, at, at, at);
  }

  @Test
  void findsWhatRunsForEver() {
    left.add(new Books.Left(WORK, "work", false, 2, 1, second(1), 0));
    assertFinds("none is RUNNING");
  }

  @Test
  void findsAClaimThatWasRunTwice() {
    runs.add(runs.get(0));
    assertFinds("a claim is run once");
  }

  @Test
  void findsARunOfAnotherThanWhoClaimed() {
    Run right = runs.remove(0);
    runs.add(
        new Run(
            "b",
            right.id(),
            right.version(),
            right.job(),
            right.fireTime(),
            1,
            0,
            right.begun(),
            right.ended(),
            right.end()));
    assertFinds("a claim is run once");
  }

  @Test
  void findsARunThatNobodyClaimed() {
    runs.add(
        new Run("a", WORK, 9, "work", second(9), 1, 0, second(9), second(9), Run.End.RETURNED));
    assertFinds("a claim is run once");
  }

  @Test
  void findsASuccessThatWasNone() {
    Run right = runs.remove(0);
    runs.add(right.ended(second(2), Run.End.THREW));
    assertFinds("what the handler was told");
  }

  @Test
  void findsALossForWhichThereIsNoReason() {
    lose();
    assertFinds("what is lost");
  }

  @Test
  void acceptsALossOfAReplicaThatWasKilled() {
    lose();
    troubles.add(new Trouble("a", Trouble.Kind.KILLED, second(10), null));
    assertThat(broken()).isEmpty();
  }

  @Test
  void doesNotAcceptThatAnotherWasKilled() {
    lose();
    troubles.add(new Trouble("b", Trouble.Kind.KILLED, second(10), null));
    assertFinds("what is lost");
  }

  @Test
  void doesNotAcceptThatItWasAskedToStop() {
    lose();
    troubles.add(new Trouble("a", Trouble.Kind.STOPPED, second(10), null));
    assertFinds("what is lost");
  }

  /** Other books: a fire whose first run was lost and never ended, and whose second succeeded. */
  private void lose() {
    moves.clear();
    runs.clear();
    history.clear();
    left.clear();
    effects.clear();
    asked.clear();
    born(TICK, "tick", true, 0);
    moves.add(move(TICK, "tick", true, 1, 2, 1, SESSION, second(10)));
    runs.add(new Run("a", TICK, 1, "tick", second(10), 1, 0, second(10), null, null));
    moves.add(move(TICK, "tick", true, 2, 1, 2, SESSION, second(13)));
    history.add(
        new Entry(
            TICK,
            1,
            SESSION,
            "tick",
            true,
            second(10),
            0,
            1,
            Outcome.LOST,
            "node lost",
            second(10),
            second(10),
            null,
            second(13)));
    moves.add(move(TICK, "tick", true, 1, 2, 3, OTHER_SESSION, second(13)));
    runs.add(
        new Run("b", TICK, 3, "tick", second(10), 2, 0, second(13), second(14), Run.End.RETURNED));
    moves.add(move(TICK, "tick", true, 2, 1, 4, OTHER_SESSION, second(14)));
    history.add(
        new Entry(
            TICK,
            3,
            OTHER_SESSION,
            "tick",
            true,
            second(10),
            0,
            2,
            Outcome.SUCCEEDED,
            null,
            second(10),
            second(13),
            second(13),
            second(14)));
    left.add(new Books.Left(TICK, "tick", true, 1, 4, second(14), 3));
  }

  @Test
  void findsRunsThatOverlap() {
    lose();
    assertFinds("overlap");
  }

  @Test
  void findsAFireThatEndedTwice() {
    whole(TICK, "tick", 7, Outcome.SUCCEEDED, second(12));
    moves.add(move(TICK, "tick", true, 2, 1, 8, SESSION, second(12)));
    assertFinds("no fire ends twice");
  }

  @Test
  void findsAFireThatNobodyCounted() {
    left.set(0, new Books.Left(TICK, "tick", true, 1, 6, second(15), 1));
    assertFinds("no fire is lost");
  }

  @Test
  void findsWhatWasAcceptedAndIsNotThere() {
    asked.add(new Asked(99, Asked.Answer.MADE, new UUID(1, 99)));
    assertFinds("what was enqueued is there");
  }

  @Test
  void findsWhatWasRefusedAndIsThere() {
    asked.set(0, new Asked(1, Asked.Answer.REFUSED, null));
    assertFinds("what was enqueued is there");
  }

  @Test
  void findsWhatWasEnqueuedTwice() {
    born(new UUID(1, 50), "work", false, 1);
    assertFinds("what was enqueued is there");
  }

  @Test
  void findsATriggerThatNeverEnds() {
    born(new UUID(1, 50), "work", false, 50);
    assertFinds("final state");
  }

  @Test
  void findsATriggerThatEndsTheWrongWay() {
    history.set(0, entry(WORK, 1, Outcome.RELEASED));
    assertFinds("final state");
  }

  @Test
  void findsAnEffectThatIsThereTwice() {
    effects.add(effects.get(0));
    assertFinds("exactly once");
  }

  @Test
  void findsAnEffectThatIsNotThere() {
    effects.clear();
    assertFinds("exactly once");
  }

  @Test
  void findsAnEffectOfARunThatFailed() {
    effects.add(new Effect(WORK, CHILD));
    assertFinds("exactly once");
  }

  @Test
  void findsAScheduleThatIsGone() {
    left.clear();
    assertFinds("what recurs goes on");
  }

  @Test
  void findsAScheduleThatHasStopped() {
    left.set(0, new Books.Left(TICK, "tick", true, 3, 6, second(13), 0));
    assertFinds("what recurs goes on");
  }

  @Test
  void findsAScheduleThatNobodyHasFiredForLong() {
    Books.Left stale = left.get(0);
    left.set(0, new Books.Left(TICK, "tick", true, 1, 6, stale.fireTime().minusSeconds(20), 0));
    assertFinds("what recurs goes on");
  }

  @Test
  void findsAFireThatWasLostAndLeft() {
    Entry last = history.remove(history.size() - 1);
    history.add(
        new Entry(
            TICK,
            last.version(),
            SESSION,
            "tick",
            true,
            last.fireTime(),
            0,
            1,
            Outcome.LOST,
            "node lost",
            last.due(),
            last.claimedAt(),
            null,
            last.endedAt()));
    troubles.add(new Trouble("a", Trouble.Kind.KILLED, second(10), null));
    assertFinds("none is left before it has ended");
  }

  @Test
  void findsAFireThatWasSkippedAgainstItsPolicy() {
    Entry last = history.remove(history.size() - 1);
    history.add(
        new Entry(
            TICK,
            last.version(),
            SESSION,
            "tick",
            true,
            last.fireTime(),
            0,
            1,
            Outcome.SKIPPED,
            null,
            last.due(),
            last.claimedAt(),
            null,
            last.endedAt()));
    assertFinds("each fire comes to the right end");
  }

  @Test
  void findsAHandlerThatWasToldAnotherFire() {
    Run right = runs.remove(0);
    runs.add(
        new Run(
            "a",
            right.id(),
            right.version(),
            right.job(),
            right.fireTime().plusSeconds(1),
            1,
            0,
            right.begun(),
            right.ended(),
            right.end()));
    assertFinds("what the handler was told");
  }

  @Test
  void findsAnAttemptThatWasNotCounted() {
    Entry right = history.remove(0);
    history.add(
        new Entry(
            right.id(),
            right.version(),
            SESSION,
            right.job(),
            false,
            right.fireTime(),
            0,
            2,
            right.outcome(),
            null,
            right.due(),
            right.claimedAt(),
            null,
            right.endedAt()));
    assertFinds("attempts are counted");
  }

  @Test
  void findsAClaimThatWentOnForNoReason() {
    moves.replaceAll(
        move ->
            move.id().equals(WORK) && move.endsClaim()
                ? move(WORK, "work", false, 2, null, 1, SESSION, second(60))
                : move);
    assertFinds("no claim outlasts its run");
  }

  @Test
  void findsACheckpointThatAZombieHasWrittenOver() {
    marks.add(new Mark(WORK, 3, Mark.What.LEFT, 3));
    marks.add(new Mark(WORK, 5, Mark.What.FOUND, 1));
    assertFinds("finds the checkpoint");
  }

  @Test
  void findsACheckpointThatIsLost() {
    marks.add(new Mark(WORK, 1, Mark.What.LEFT, 1));
    marks.add(new Mark(WORK, 3, Mark.What.FOUND, 0));
    assertFinds("finds the checkpoint");
  }

  @Test
  void findsACheckpointFromTheFuture() {
    marks.add(new Mark(WORK, 1, Mark.What.FOUND, 3));
    assertFinds("finds the checkpoint");
  }

  @Test
  void findsAReplicaThatEndedByItself() {
    surprises.add("replica-1 has ended by itself");
    assertFinds("no replica ended by itself");
  }

  @Test
  void findsAnEndThatIsNotTheHandlers() {
    runs.remove(0);
    assertFinds("what the handler was told");
  }
}
