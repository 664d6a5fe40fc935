package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.PayloadCodec;
import dev.escapement.Priority;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Guard;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Values that tests of the engine begin with. */
final class Given {

  static final String QUEUE = "default";

  static final Settings.Timing TIMING =
      new Settings.Timing(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20));

  private Given() {}

  static Settings settings(
      String node, int workers, Executor executor, List<TransitionListener> listeners) {
    return settings(node, serving(workers), executor, listeners);
  }

  static Settings settings(
      String node, Serving serving, Executor executor, List<TransitionListener> listeners) {
    return new Settings(
        new Settings.Identity(node, ""),
        TIMING,
        new Settings.Workers(serving, Settings.Workers.Threads.OWN, executor),
        new Settings.Limits(65_536, 3, Duration.ofDays(14), OptionalInt.empty()),
        Settings.GroupCommit.DEFAULT,
        new Settings.Hooks(PayloadCodec.json(), listeners, List.of(), List.of(), false));
  }

  /** Only {@link #QUEUE}. */
  static Serving serving(int workers) {
    return new Serving(Set.of(QUEUE), workers, Map.of(), List.of(), Duration.ofMinutes(1));
  }

  /** The same, with so many executions of each job kept. */
  static Settings keeping(Settings settings, OptionalInt historyPerJob) {
    Settings.Limits limits = settings.limits();
    return new Settings(
        settings.identity(),
        settings.timing(),
        settings.workers(),
        new Settings.Limits(
            limits.payloadBytes(), limits.quarantineAfter(), limits.history(), historyPerJob),
        settings.groupCommit(),
        settings.hooks());
  }

  static Session session(HandClock clock) {
    return new Session(SessionId.next(), TIMING, clock, clock.getAsLong());
  }

  static SessionRecord sessionRow(SessionId id, boolean live, long beat) {
    return new SessionRecord(
        id, "node", "", live, beat, Set.of(QUEUE), new NodeLoad(1, 0), HandClock.NOON);
  }

  /** Asked for now, claimed at {@link HandClock#NOON}. */
  static Run run(Session session, HandClock clock, TriggerKind kind, int attempt) {
    return run(session, clock, kind, attempt, HandClock.NOON);
  }

  static Run run(
      Session session, HandClock clock, TriggerKind kind, int attempt, Instant fireTime) {
    Claim claim =
        new Claim(
            new Guard(TriggerId.next(), 7, session.id()),
            kind,
            "job",
            null,
            QUEUE,
            Priority.NORMAL,
            fireTime,
            fireTime,
            HandClock.NOON,
            attempt,
            0,
            null,
            0,
            false,
            new byte[0],
            null);
    return new Run(claim, session, clock, clock.getAsLong(), clock.getAsLong());
  }

  /** A SCHEDULED row of a declared job that recurs. */
  static TriggerRecord standing(@Nullable Instant lastFire, @Nullable Instant due, int attempt) {
    return new TriggerRecord(
        TriggerId.next(),
        TriggerKind.STANDING,
        "job",
        TriggerKind.STANDING_KEY,
        QUEUE,
        Priority.NORMAL,
        TriggerState.SCHEDULED,
        Set.of(),
        due,
        due,
        3,
        attempt,
        0,
        null,
        null,
        null,
        "-",
        lastFire,
        0,
        false,
        null,
        Set.of(),
        new byte[0],
        null);
  }

  static NewTrigger oneTime(String job, Due due) {
    return oneTime(job, null, due, new byte[0]);
  }

  static NewTrigger oneTime(String job, @Nullable String key, Due due, byte[] payload) {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        job,
        key,
        NewTrigger.Placement.OF_JOB,
        due,
        null,
        payload,
        OnConflict.KEEP);
  }
}
