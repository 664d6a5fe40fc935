package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.PayloadException;
import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.schedule.Schedule;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Failure;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a trigger whose claim ends, and why. Pure: no clock, no store. */
final class Verdict {

  /** How long a payload that this node can't read is left to others. */
  static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  private static final Duration UNAIMED_PAUSE = Duration.ofSeconds(2);

  private Verdict() {}

  /**
   * The end of a run whose handler was called.
   *
   * @param thrown what the handler threw; null if it returned
   * @param random evenly distributed in [0, 1), for the jitter of a retry
   */
  static Completion of(Run run, Job<?> job, @Nullable Throwable thrown, double random) {
    Run.Stop stop = run.stopped();
    if (stop == Run.Stop.TIMEOUT) {
      Failure failure = timedOut(job, thrown);
      return failed(run, job, Outcome.TIMED_OUT, failure, random);
    }
    if (stop != null) {
      return new Completion(
          run.guard(), seen(run, Outcome.RELEASED, interrupted(stop), false), release(run));
    }
    if (thrown != null) {
      return failed(run, job, Outcome.FAILED, Failure.of(thrown), random);
    }
    return new Completion(run.guard(), seen(run, Outcome.SUCCEEDED, null, false), after(run));
  }

  /** The end of a claim whose payload can't be read here. */
  static Completion unreadable(Run run, Job<?> job, PayloadException reason, double random) {
    Failure failure = Failure.of(reason);
    UnreadablePayload answer = job.policy().unreadable();
    if (answer == UnreadablePayload.RELEASE) {
      return new Completion(
          run.guard(),
          Ending.unseen(Outcome.RELEASED, failure, false),
          new Next.Release(Due.in(UNREADABLE_PAUSE)));
    }
    boolean again =
        answer == UnreadablePayload.RETRY && job.policy().retry().allowsAfter(run.attempt());
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.FAILED, failure, !again),
        again ? retry(run.claim(), job.policy(), random) : after(run));
  }

  /** The end of a claim that this node doesn't start. */
  static Completion unstarted(Run run) {
    return new Completion(
        run.guard(), new Ending(Outcome.RELEASED, null, null, null, false), release());
  }

  /** The end of a run that ignores its interrupt while the scheduler stops. */
  static Completion abandoned(Run run) {
    Failure failure =
        Failure.because(
            "stopping",
            "The run outlasted the stop grace and ignored its interrupt; it may go on.");
    return new Completion(
        run.guard(),
        new Ending(Outcome.RELEASED, run.startedAt(), null, failure, false),
        release(run));
  }

  /** The end of a claim whose fire time couldn't be written; not tried again at once. */
  static Completion unaimed(Run run) {
    return new Completion(
        run.guard(),
        new Ending(Outcome.RELEASED, null, null, null, false),
        new Next.Release(Due.in(UNAIMED_PAUSE)));
  }

  /** The end of a claim of this session that nothing in memory holds. */
  static Completion unheld(RunningTrigger trigger) {
    return new Completion(
        trigger.guard(), new Ending(Outcome.RELEASED, null, null, null, false), release());
  }

  /** The end of a standing trigger's claim whose schedule this node can't read. */
  static Completion unreadableSchedule(Run run, UnreadableScheduleException reason) {
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.RELEASED, Failure.of(reason), false),
        new Next.Release(Due.in(UNREADABLE_PAUSE)));
  }

  /** The end of a standing trigger's claim whose schedule was switched off, or deleted. */
  static Completion disabled(Run run) {
    String reason = "Its schedule has been switched off.";
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.SKIPPED, Failure.because("switched off", reason), false),
        Next.fireAt(null));
  }

  /** The end of a standing trigger's claim that stands for missed fires, none of which runs. */
  static Completion dropped(Run run, Fires.DropAll missed, Next.Fire next) {
    String reason =
        "%d fires from %s to %s were missed; none of them is run."
            .formatted(missed.notRun(), run.fireTime(), missed.latest());
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.SKIPPED, Failure.because("missed", reason), false),
        next);
  }

  /** The end of a standing trigger's claim whose schedule throws when it is asked for its fires. */
  static Completion brokenSchedule(Run run, Schedule schedule, Throwable thrown) {
    Failure failure = Failure.of(thrown);
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.FAILED, failure, true),
        new Next.Pause(threw(schedule, run.fireTime(), failure)));
  }

  /** The end of a claim that came upon a fault of the engine's: put aside, for people to see. */
  static Completion broken(Run run, Throwable thrown) {
    Failure failure = Failure.of(thrown);
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.FAILED, failure, true),
        new Next.Pause("The engine failed: " + failure.type() + ": " + failure.message()));
  }

  /** The end of a claim whose session is dead. */
  static Completion lost(RunningTrigger trigger, int quarantineAfter) {
    int deaths = trigger.lost() + 1;
    String who = "The session " + trigger.guard().owner() + " died while it held the claim";
    if (deaths < quarantineAfter) {
      return new Completion(
          trigger.guard(),
          Ending.unseen(Outcome.LOST, Failure.because("node lost", who + "."), false),
          new Next.Recover());
    }
    String reason = who + ", and it was number " + deaths + ": the trigger is quarantined.";
    boolean standing = trigger.kind() == TriggerKind.STANDING;
    return new Completion(
        trigger.guard(),
        Ending.unseen(Outcome.FAILED, Failure.because("quarantined", reason), !standing),
        standing ? new Next.Pause(reason) : Next.REMOVE);
  }

  private static Completion failed(
      Run run, Job<?> job, Outcome outcome, Failure failure, double random) {
    boolean again = job.policy().retry().allowsAfter(run.attempt());
    Next next = again ? retry(run.claim(), job.policy(), random) : after(run);
    return new Completion(run.guard(), seen(run, outcome, failure, !again), next);
  }

  private static Next retry(Claim claim, JobPolicy policy, double random) {
    return new Next.Retry(Due.in(policy.retry().delayAfter(claim.attempt(), random)));
  }

  private static Next release() {
    return new Next.Release(null);
  }

  /** A fire that had begun isn't a missed one when it begins again. */
  private static Next release(Run begun) {
    return begun.claim().kind() == TriggerKind.STANDING ? new Next.Release(Due.now()) : release();
  }

  /** What follows a trigger's last attempt. */
  private static Next after(Run run) {
    if (run.claim().kind() == TriggerKind.ONE_TIME) {
      return Next.REMOVE;
    }
    Fires fires = run.fires();
    if (fires == null) {
      return new Next.Pause("Its schedule is unknown to the node that ran it.");
    }
    try {
      return fires.after(run.fireTime(), run.claim().claimedAt(), run.endedNotBefore());
    } catch (FaultyScheduleException e) {
      return new Next.Pause("Its schedule, " + e.getMessage() + ".");
    } catch (RuntimeException | Error e) {
      return new Next.Pause(threw(fires.schedule(), run.fireTime(), Failure.of(e)));
    }
  }

  private static String threw(Schedule schedule, Instant fireTime, Failure failure) {
    return "Its schedule, "
        + schedule.getClass().getName()
        + ", threw for the fire after "
        + fireTime
        + ": "
        + failure.type()
        + ": "
        + failure.message();
  }

  private static Ending seen(
      Run run, Outcome outcome, @Nullable Failure failure, boolean keepPayload) {
    return new Ending(outcome, run.startedAt(), run.endedAt(), failure, keepPayload);
  }

  private static Failure timedOut(Job<?> job, @Nullable Throwable thrown) {
    String limit =
        "The run took longer than its timeout, "
            + job.policy().timeout().map(Duration::toString).orElse("none")
            + ", and was interrupted";
    return thrown == null
        ? Failure.because("timeout", limit + "; the handler then returned.")
        : new Failure("timeout", limit + "; the handler then threw.", Failure.of(thrown).trace());
  }

  private static Failure interrupted(Run.Stop stop) {
    return switch (stop) {
      case STOPPING ->
          Failure.because("stopping", "The run outlasted the stop grace and was interrupted.");
      case LEASE_LOST ->
          Failure.because("lease lost", "The node couldn't beat, and the run was interrupted.");
      case SESSION_DEAD ->
          Failure.because("session dead", "The session was declared dead while the job ran.");
      case TIMEOUT -> throw new IllegalArgumentException("a timeout is no release");
    };
  }
}
