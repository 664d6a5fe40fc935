package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.PayloadException;
import dev.escapement.policy.Retry;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.schedule.Schedule;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a trigger whose claim ends, and why. Pure: no clock, no store. */
final class Verdict {

  /** How long a payload that this node can't read is left to others. */
  static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  /**
   * What the reason begins with for which a trigger is put aside that came upon a fault of ours.
   */
  static final String ENGINE_FAILED = "The engine failed: ";

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
    Run.Wish wish = run.wished();
    if (stop == Run.Stop.TIMEOUT) {
      // What a handler throws when it is interrupted says nothing about the next attempt.
      return failed(run, job, Outcome.TIMED_OUT, timedOut(job, thrown), null, random);
    }
    if (stop == Run.Stop.CANCELLED) {
      return end(run, job, Outcome.CANCELLED, cancelled(thrown), false, after(run));
    }
    if (stop != null) {
      return end(run, job, Outcome.RELEASED, interrupted(stop), false, release(Due.now()));
    }
    if (run.hasYielded()) {
      return end(run, job, Outcome.YIELDED, null, false, release(Due.now()));
    }
    if (thrown != null) {
      return failed(run, job, Outcome.FAILED, Failure.of(thrown), thrown, random);
    }
    if (wish instanceof Run.Wish.Snooze snooze) {
      return end(run, job, Outcome.YIELDED, null, false, release(Due.in(snooze.delay())));
    }
    if (wish instanceof Run.Wish.RetryIn) {
      Failure asked = Failure.because("asked", "The handler asked to be called again.");
      return failed(run, job, Outcome.FAILED, asked, null, random);
    }
    return succeeded(run, job, null);
  }

  /** The end of a run whose handler returned and asks for nothing else. */
  static Completion succeeded(Run run, Job<?> job, byte @Nullable [] result) {
    Ending ending =
        new Ending(
            Outcome.SUCCEEDED,
            run.startedAt(),
            run.endedAt(),
            null,
            false,
            result,
            job.policy().history().records(Outcome.SUCCEEDED, true));
    return new Completion(run.guard(), ending, after(run));
  }

  /** Whether a run whose handler returned has succeeded. */
  static boolean hasSucceeded(Run run) {
    return run.stopped() == null && run.wished() == null && !run.hasYielded();
  }

  /** The end of a run that ignores the interrupt at its timeout, and may go on. */
  static Completion overrun(Run run, Job<?> job, Duration abandonedAfter, double random) {
    Failure failure =
        Failure.because(
            "timeout",
            timeout(job)
                + ", interrupted, and abandoned "
                + abandonedAfter
                + " later because it went on.");
    return failed(run, job, Outcome.TIMED_OUT, failure, null, random);
  }

  /** The end of a claim that comes too late to be of use. */
  static Completion tooLate(Run run, Job<?> job, Duration lateness) {
    String reason =
        "It would have started %s after it was due, and at most %s is allowed."
            .formatted(
                lateness.truncatedTo(ChronoUnit.MILLIS),
                job.policy().maxLateness().map(Duration::toString).orElse(""));
    return new Completion(
        run.guard(),
        new Ending(
            Outcome.SKIPPED,
            null,
            null,
            Failure.because("too late", reason),
            false,
            null,
            job.policy().history().records(Outcome.SKIPPED, true)),
        after(run));
  }

  /** The end of a run whose transaction couldn't be begun; not tried again at once. */
  static Completion notBegun(Run run, Throwable reason) {
    return new Completion(
        run.guard(),
        Ending.unseen(Outcome.RELEASED, Failure.of(reason), false),
        new Next.Release(Due.in(UNAIMED_PAUSE)));
  }

  /** The end of a run of which nobody knows whether its transaction was committed: if it wasn't. */
  static Completion uncommitted(Run run, Throwable reason) {
    return new Completion(
        run.guard(),
        new Ending(
            Outcome.RELEASED,
            run.startedAt(),
            run.endedAt(),
            Failure.of(reason),
            false,
            null,
            true),
        release(Due.in(UNAIMED_PAUSE)));
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
    if (answer == UnreadablePayload.RETRY) {
      Completion failed = failed(run, job, Outcome.FAILED, failure, reason, random);
      return new Completion(failed.guard(), failed.ending().unstarted(), failed.next());
    }
    return new Completion(run.guard(), Ending.unseen(Outcome.FAILED, failure, true), after(run));
  }

  /** The end of a claim that this node doesn't start. */
  static Completion unstarted(Run run) {
    return new Completion(
        run.guard(), new Ending(Outcome.RELEASED, null, null, null, false, null, true), release());
  }

  /** The end of a run that ignores its interrupt while the scheduler stops. */
  static Completion abandoned(Run run) {
    Failure failure =
        Failure.because(
            "stopping",
            "The run outlasted the stop grace and ignored its interrupt; it may go on.");
    return new Completion(
        run.guard(),
        new Ending(Outcome.RELEASED, run.startedAt(), null, failure, false, null, true),
        release(Due.now()));
  }

  /** The end of a claim about which the store was in the way; not tried again at once. */
  static Completion unaimed(Run run) {
    return new Completion(
        run.guard(),
        new Ending(Outcome.RELEASED, null, null, null, false, null, true),
        new Next.Release(Due.in(UNAIMED_PAUSE)));
  }

  /** The end of a claim of this session that nothing in memory holds. */
  static Completion unheld(RunningTrigger trigger) {
    return new Completion(
        trigger.guard(),
        new Ending(Outcome.RELEASED, null, null, null, false, null, true),
        release());
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
        new Next.Pause(ENGINE_FAILED + failure.type() + ": " + failure.message()));
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
      Run run,
      Job<?> job,
      Outcome outcome,
      Failure failure,
      @Nullable Throwable thrown,
      double random) {
    Optional<Duration> wait = wait(run, job.policy().retry(), thrown, random);
    Next next = wait.<Next>map(delay -> new Next.Retry(Due.in(delay))).orElseGet(() -> after(run));
    return end(run, job, outcome, failure, wait.isEmpty(), next);
  }

  /** How long until the next attempt; empty if there is none. */
  private static Optional<Duration> wait(
      Run run, Retry retry, @Nullable Throwable thrown, double random) {
    Duration passed = Duration.between(run.fireTime(), run.endedNotBefore());
    Duration age = passed.isNegative() ? Duration.ZERO : passed;
    if (run.wished() instanceof Run.Wish.RetryIn asked) {
      boolean allowed = retry.allows(run.attempt(), age.plus(asked.delay()), thrown);
      return allowed ? Optional.of(asked.delay()) : Optional.empty();
    }
    return retry.next(run.attempt(), age, thrown, random);
  }

  private static Completion end(
      Run run,
      Job<?> job,
      Outcome outcome,
      @Nullable Failure failure,
      boolean keepPayload,
      Next next) {
    boolean last = !(next instanceof Next.Retry || next instanceof Next.Release);
    Ending ending =
        new Ending(
            outcome,
            run.startedAt(),
            run.endedAt(),
            failure,
            keepPayload,
            null,
            outcome == Outcome.CANCELLED || job.policy().history().records(outcome, last));
    return new Completion(run.guard(), ending, next);
  }

  private static Next release() {
    return new Next.Release(null);
  }

  /** What had begun isn't late when it begins again. */
  private static Next release(Due due) {
    return new Next.Release(due);
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

  private static Failure timedOut(Job<?> job, @Nullable Throwable thrown) {
    String limit = timeout(job) + ", and was interrupted";
    return thrown == null
        ? Failure.because("timeout", limit + "; the handler then returned.")
        : new Failure("timeout", limit + "; the handler then threw.", Failure.of(thrown).trace());
  }

  private static String timeout(Job<?> job) {
    return "The run took longer than its timeout, "
        + job.policy().timeout().map(Duration::toString).orElse("none");
  }

  private static Failure cancelled(@Nullable Throwable thrown) {
    String how = "The run was called off";
    return thrown == null || thrown instanceof Yield
        ? Failure.because("cancelled", how + ".")
        : new Failure("cancelled", how + "; the handler then threw.", Failure.of(thrown).trace());
  }

  private static Failure interrupted(Run.Stop stop) {
    return switch (stop) {
      case STOPPING ->
          Failure.because("stopping", "The run outlasted the stop grace and was interrupted.");
      case LEASE_LOST ->
          Failure.because("lease lost", "The node couldn't beat, and the run was interrupted.");
      case SESSION_DEAD ->
          Failure.because("session dead", "The session was declared dead while the job ran.");
      case TIMEOUT, CANCELLED -> throw new IllegalArgumentException(stop + " is no release");
    };
  }
}
