package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three minutes that might have been, from 12:00:30 to 12:03:30. */
class CrontabPromisesTest {

  private static final String INSTALLED = "Each line became one recurring trigger";
  private static final String ONCE = "Each fire in the window ran exactly once";
  private static final String TWICE = "No fire ran twice, in the window or out of it";
  private static final String SAID = "Nothing ran at a time that its line doesn't say";
  private static final String EARLY = "Nothing ran before it was due";
  private static final String HISTORY = "The history agrees with the ledger";

  private static final SessionId SESSION = SessionId.next();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TriggerId everyMinute = TriggerId.next();
  private final TriggerId everyOther = TriggerId.next();
  private final Map<TriggerId, CrontabLine> triggers = new HashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<ExecutionRecord> history = new ArrayList<>();
  private int token;
  private Crontab crontab = new Crontab("", "", List.of());

  @BeforeEach
  void allIsWell() throws InputException {
    crontab = CrontabReader.parse("crontab", "* * * * * one\n*/2 * * * * two\n");
    triggers.put(everyMinute, crontab.lines().get(0));
    triggers.put(everyOther, crontab.lines().get(1));
    runs(everyMinute, 1, SECOND);
    runs(everyMinute, 2, SECOND);
    runs(everyMinute, 3, SECOND);
    runs(everyOther, 2, SECOND);
  }

  @Test
  void holdIfAllIsWell() {
    assertBroken();
  }

  @Test
  void seeALineWithoutTrigger() {
    triggers.remove(everyOther);

    assertBroken(INSTALLED, ONCE, SAID);
  }

  @Test
  void seeAFireThatNobodyRan() {
    forget(everyMinute, 2);

    assertBroken(ONCE);
  }

  @Test
  void seeAFireThatTwoRan() {
    runs(everyMinute, 2, SECOND);

    assertBroken(ONCE, TWICE);
  }

  @Test
  void seeAFireThatTwoRanBehindTheWindow() {
    runs(everyMinute, 4, SECOND);
    runs(everyMinute, 4, SECOND);

    assertBroken(TWICE);
  }

  @Test
  void allowARunBehindTheWindow() {
    runs(everyMinute, 4, SECOND);

    assertBroken();
  }

  @Test
  void seeARunAtATimeThatTheLineDoesNotSay() {
    runs(everyOther, 3, SECOND);

    assertBroken(SAID);
  }

  @Test
  void allowThatAFirePassesDuringARun() {
    forget(everyMinute, 1);
    forget(everyMinute, 2);
    runs(everyMinute, 1, Duration.ofSeconds(90));

    assertBroken();
  }

  @Test
  void doNotAllowItAfterTheRun() {
    forget(everyMinute, 1);
    forget(everyMinute, 2);
    runs(everyMinute, 1, Duration.ofSeconds(50));

    assertBroken(ONCE);
  }

  @Test
  void seeARunBeforeItsTime() {
    forget(everyMinute, 2);
    runs(everyMinute, 2, SECOND, minute(2).minusMillis(1));

    assertBroken(EARLY);
  }

  @Test
  void seeARunThatTheHistoryDoesNotKnow() {
    history.remove(0);

    assertBroken(HISTORY);
  }

  @Test
  void seeARunThatTheLedgerDoesNotKnow() {
    runs(everyMinute, 4, SECOND);
    runs.remove(runs.size() - 1);

    assertBroken(HISTORY);
  }

  @Test
  void seeThatTheHistoryTellsAnotherEnd() {
    history.set(0, execution(everyMinute, 1, 1, Outcome.FAILED));

    assertBroken(HISTORY);
  }

  private static Instant minute(int minute) {
    return Instant.parse("2026-11-21T12:00:00Z").plus(Duration.ofMinutes(minute));
  }

  private void runs(TriggerId trigger, int minute, Duration length) {
    runs(trigger, minute, length, minute(minute).plusMillis(4));
  }

  private void runs(TriggerId trigger, int minute, Duration length, Instant started) {
    token++;
    Run.Times times = new Run.Times(minute(minute), minute(minute), started);
    runs.add(
        new Run(
            token,
            "r1",
            new Run.Attempt(trigger, CrontabJobs.RUN_LINE.name(), 1, token, times),
            started,
            started.plus(length),
            "done",
            null));
    history.add(execution(trigger, minute, token, Outcome.SUCCEEDED));
  }

  private static ExecutionRecord execution(
      TriggerId trigger, int minute, long token, Outcome outcome) {
    Instant time = minute(minute);
    @Nullable Failure failure = outcome == Outcome.FAILED ? Failure.because("no", "no") : null;
    return new ExecutionRecord(
        new ExecutionId(time, trigger, token),
        SESSION,
        "node",
        TriggerKind.STANDING,
        CrontabJobs.RUN_LINE.name(),
        "line",
        1,
        time,
        0,
        time,
        time,
        time,
        outcome,
        failure,
        null,
        null);
  }

  /** As if a fire had never been. */
  private void forget(TriggerId trigger, int minute) {
    runs.removeIf(run -> run.trigger().equals(trigger) && run.fireTime().equals(minute(minute)));
    history.removeIf(
        execution ->
            execution.key().trigger().equals(trigger)
                && execution.fireTime().equals(minute(minute)));
  }

  private void assertBroken(String... promises) {
    CrontabWindow window = new CrontabWindow(minute(0).plusSeconds(30), minute(3).plusSeconds(30));
    CrontabEvidence evidence = new CrontabEvidence(crontab, triggers, runs, history, window);
    assertThat(CrontabPromises.judge(evidence).checks())
        .filteredOn(check -> !check.holds())
        .extracting(Verdict.Check::promise)
        .containsExactly(promises);
  }
}
