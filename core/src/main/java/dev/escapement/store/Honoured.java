package dev.escapement.store;

import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a claim comes to, given what was asked of the trigger meanwhile: the rules of
 * {@link Requests}, for a store that applies them in Java.
 *
 * @param outcome what the execution row says
 * @param cancelled whether a request made it CANCELLED; then there is an execution row in each case
 * @param fate which way the trigger takes
 * @param state the state that it takes; null if it goes
 * @param reason why it is PAUSED, if a rule and not a person did it
 * @param turned whether a request made it end otherwise than the completion says
 */
public record Honoured(
    Outcome outcome,
    boolean cancelled,
    Fate fate,
    @Nullable TriggerState state,
    @Nullable String reason,
    boolean turned) {

  /** Which way a trigger takes when its claim ends. */
  public enum Fate {
    /** What the completion says, but for the state. */
    AS_SAID,
    /** The same, at the requested due. */
    RESCHEDULED,
    /** This fire is over: a one-time trigger goes, a standing one waits to be aimed. */
    OVER,
    /** A new fire at the requested due, with the requested payload if there is one. */
    AGAIN
  }

  /**
   * Applies the rules.
   *
   * @param next what the completion says becomes of the trigger
   * @param outcome how the completion says that the claim ended
   * @param asked what is asked of the trigger
   */
  public static Honoured of(Next next, Outcome outcome, Set<RequestKind> asked, TriggerKind kind) {
    boolean cancelled = asked.contains(RequestKind.CANCEL) && isCancellable(next, kind);
    Fate fate = fate(next, asked, cancelled);
    TriggerState state = state(next, asked, kind, fate);
    boolean paused = state == TriggerState.PAUSED;
    return new Honoured(
        cancelled ? Outcome.CANCELLED : outcome,
        cancelled,
        fate,
        state,
        paused && next instanceof Next.Pause pause ? pause.reason() : null,
        cancelled || fate != Fate.AS_SAID || (paused && !(next instanceof Next.Pause)));
  }

  private static Fate fate(Next next, Set<RequestKind> asked, boolean cancelled) {
    if (asked.contains(RequestKind.AGAIN)) {
      return Fate.AGAIN;
    }
    if (cancelled) {
      return Fate.OVER;
    }
    return asked.contains(RequestKind.RESCHEDULE) && isForTheSameFire(next)
        ? Fate.RESCHEDULED
        : Fate.AS_SAID;
  }

  private static @Nullable TriggerState state(
      Next next, Set<RequestKind> asked, TriggerKind kind, Fate fate) {
    if (fate == Fate.OVER && kind == TriggerKind.ONE_TIME) {
      return null;
    }
    boolean said = fate == Fate.AS_SAID || fate == Fate.RESCHEDULED;
    if (said && next instanceof Next.Remove) {
      return null;
    }
    return asked.contains(RequestKind.PAUSE) || (said && next instanceof Next.Pause)
        ? TriggerState.PAUSED
        : TriggerState.SCHEDULED;
  }

  private static boolean isCancellable(Next next, TriggerKind kind) {
    return next instanceof Next.Pause ? kind == TriggerKind.ONE_TIME : isForTheSameFire(next);
  }

  private static boolean isForTheSameFire(Next next) {
    return !(next instanceof Next.Remove || next instanceof Next.Fire);
  }
}
