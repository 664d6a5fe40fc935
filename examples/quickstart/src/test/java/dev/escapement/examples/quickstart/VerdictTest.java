package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.examples.quickstart.Story.Act;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final String TOKENS = "No claim ran twice; fencing tokens only grow";
  private static final String FIRES = "Each fire time was fired by exactly one replica";
  private static final String GAPS = "No fire time was passed over in silence";
  private static final String EARLY = "Nothing ran before it was due";
  private static final String DONE = "Each one-time job was done exactly once";
  private static final String RETRY = "The flaky job failed twice, then succeeded";
  private static final String TAKEOVER = "Another replica took the killed one's job over";
  private static final String HISTORY = "The history agrees with the ledger";

  private final Story story = new Story();

  @Test
  void holdsIfAllIsWell() {
    assertBroken();
  }

  @Test
  void seesOneClaimRunByTwo() {
    story.runs.add(
        story.run(Story.fire(story.sunOverhead, Jobs.SUN_OVERHEAD, 5), "r3", Outcome.SUCCEEDED));

    assertBroken(TOKENS, FIRES);
  }

  @Test
  void seesAFireClaimedTwice() {
    story.happens(
        new Act(story.progress, Jobs.PROGRESS, 1, 13, 5_000, 5_000), "r1", Outcome.SUCCEEDED);

    assertBroken(FIRES);
  }

  @Test
  void seesAFireTimeOfTwoTriggers() {
    story.happens(
        new Act(story.sunTimes, Jobs.PROGRESS, 1, 3, 5_000, 5_000), "r1", Outcome.SUCCEEDED);

    assertBroken(FIRES, DONE);
  }

  @Test
  void forgivesAFireThatTheKilledReplicaBegan() {
    story.forget(story.sunOverhead, 5_000);
    story.happens(Story.fire(story.sunOverhead, Jobs.SUN_OVERHEAD, 5), "r2", Outcome.LOST);
    story.happens(
        new Act(story.sunOverhead, Jobs.SUN_OVERHEAD, 2, 13, 5_000, 5_000),
        "r1",
        Outcome.SUCCEEDED);

    assertBroken();
  }

  @Test
  void doesNotForgiveAFireThatALivingReplicaLost() {
    story.forget(story.sunOverhead, 5_000);
    story.happens(Story.fire(story.sunOverhead, Jobs.SUN_OVERHEAD, 5), "r3", Outcome.LOST);
    story.happens(
        new Act(story.sunOverhead, Jobs.SUN_OVERHEAD, 2, 13, 5_000, 5_000),
        "r1",
        Outcome.SUCCEEDED);

    assertBroken(FIRES, HISTORY);
  }

  @Test
  void seesAFireThatNobodyFired() {
    story.forget(story.sunOverhead, 2_000);

    assertBroken(GAPS);
  }

  @Test
  void acceptsTheLatestOfSeveralFiresThatHadPassed() {
    story.forget(story.sunOverhead, 2_000);
    story.forget(story.sunOverhead, 3_000);
    story.happens(
        new Act(story.sunOverhead, Jobs.SUN_OVERHEAD, 1, 13, 1, 3_000, 2_000),
        "r1",
        Outcome.SUCCEEDED);

    assertBroken();
  }

  @Test
  void acceptsAFireThatHadToWaitForTheRunBeforeIt() {
    story.forget(story.sunOverhead, 3_000);
    story.happens(
        new Act(story.sunOverhead, Jobs.SUN_OVERHEAD, 1, 13, 3_000, 3_900),
        "r1",
        Outcome.SUCCEEDED);

    assertBroken();
  }

  @Test
  void seesMoreFiresMissingThanWereCounted() {
    story.forget(story.sunOverhead, 2_000);
    story.forget(story.sunOverhead, 3_000);
    story.forget(story.sunOverhead, 4_000);
    story.happens(
        new Act(story.sunOverhead, Jobs.SUN_OVERHEAD, 1, 13, 1, 4_000, 2_000),
        "r1",
        Outcome.SUCCEEDED);

    assertBroken(GAPS);
  }

  @Test
  void seesARecurringJobThatStopped() {
    for (int second = 2; second < 6; second++) {
      story.forget(story.progress, 1_000 * second);
    }

    assertBroken(GAPS);
  }

  @Test
  void seesARunBeforeItsTime() {
    story.forget(story.sunTimes, 1_500);
    Act act = new Act(story.sunTimes, "sun-times", 1, 1, 1_500, 1_500);
    Run run = story.run(act, "r3", Outcome.SUCCEEDED);
    story.history.add(story.execution(act, Outcome.SUCCEEDED));
    story.runs.add(
        new Run(
            run.id(),
            run.replica(),
            run.attempt(),
            Story.at(1_499),
            run.endedAt(),
            run.result(),
            run.failure()));

    assertBroken(EARLY);
  }

  @Test
  void seesAJobThatWasNeverDone() {
    story.forget(story.sunTimes, 1_500);

    assertBroken(DONE);
  }

  @Test
  void seesAJobDoneTwice() {
    story.happens(
        new Act(story.sunTimes, "sun-times", 2, 3, 1_500, 1_500), "r1", Outcome.SUCCEEDED);

    assertBroken(DONE);
  }

  @Test
  void seesAWrongResult() {
    story.runs.replaceAll(
        run ->
            run.trigger().equals(story.sunTimes)
                ? new Run(
                    run.id(),
                    run.replica(),
                    run.attempt(),
                    run.recordedAt(),
                    run.endedAt(),
                    "something else",
                    null)
                : run);

    assertBroken(DONE);
  }

  @Test
  void seesARetryTooMany() {
    story.forget(story.flaky, 0);
    for (int attempt = 1; attempt <= 4; attempt++) {
      story.happens(
          new Act(story.flaky, "flaky", attempt, 2L * attempt, 0, 300 * attempt),
          "r1",
          attempt < 4 ? Outcome.FAILED : Outcome.SUCCEEDED);
    }

    assertBroken(RETRY);
  }

  @Test
  void seesThatNobodyTookOver() {
    story.forget(story.almanac, 1_000);
    story.happens(new Act(story.almanac, "almanac", 1, 1, 1_000, 1_000), "r2", Outcome.LOST);

    assertBroken(DONE, TAKEOVER);
  }

  @Test
  void seesATakeoverThatTookTooLong() {
    story.forget(story.almanac, 1_000);
    story.happens(new Act(story.almanac, "almanac", 1, 1, 1_000, 1_000), "r2", Outcome.LOST);
    story.happens(new Act(story.almanac, "almanac", 2, 3, 1_000, 7_600), "r1", Outcome.SUCCEEDED);

    assertBroken(TAKEOVER);
  }

  @Test
  void seesARunThatTheHistoryDoesNotKnow() {
    story.history.removeIf(execution -> execution.key().trigger().equals(story.sunTimes));

    assertBroken(HISTORY);
  }

  @Test
  void seesARunThatTheLedgerDoesNotKnow() {
    story.history.add(
        story.execution(Story.fire(story.progress, Jobs.PROGRESS, 6), Outcome.SUCCEEDED));

    assertBroken(HISTORY);
  }

  @Test
  void seesThatTheHistoryTellsAnotherEnd() {
    story.history.removeIf(execution -> execution.key().trigger().equals(story.sunTimes));
    story.history.add(
        story.execution(new Act(story.sunTimes, "sun-times", 1, 1, 1_500, 1_500), Outcome.FAILED));

    assertBroken(HISTORY);
  }

  private void assertBroken(String... promises) {
    assertThat(story.verdict().checks())
        .filteredOn(check -> !check.holds())
        .extracting(Verdict.Check::promise)
        .containsExactly(promises);
  }
}
