package dev.escapement.store;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of triggers by whoever doesn't hold them.
 *
 * <p>A trigger that doesn't run is changed at once, and its version grows. While one is RUNNING
 * only its holder's end may raise the version; so the request is written beside it, and whatever
 * ends the claim honours it in the same step:
 *
 * <ul>
 *   <li>CANCEL: what would run again ({@link Next.Retry}, {@link Next.Release}, {@link
 *       Next.Recover}, and {@link Next.Pause} of a one-time trigger) doesn't: the outcome becomes
 *       CANCELLED, a one-time trigger goes, a standing one's fire is over as after {@link
 *       Request.Cancel}. Any other end stands.
 *   <li>RESCHEDULE: what would run again for the same fire (the same, {@link Next.Pause} always)
 *       has another due.
 *   <li>AGAIN: whatever the end, also the final one of a one-time trigger: SCHEDULED for a new
 *       fire, at the requested due, with the requested payload and its headers if there is one,
 *       attempts and missed fires forgotten; so is {@code lost}, if the completion ends the fire
 *       ({@link Next.Remove}, {@link Next.Fire}); else it stays, and grows with {@link
 *       Next.Recover}. The fire that ends is the last fire of a standing trigger. With CANCEL, the
 *       outcome is as for CANCEL.
 *   <li>PAUSE: what doesn't go is PAUSED then, without a reason unless the end has one.
 * </ul>
 *
 * <p>After an end nothing is asked any more. A CANCEL that is asked takes back what was asked
 * before; what is asked after it stands beside it. Of two dues, the later request's counts.
 */
public interface Requests {

  /**
   * Asks something of triggers, of each by itself; locks rows in order of their ids. Raises the
   * counter of requests ({@link ClaimResult#requests()}) if a CANCEL or PAUSE was asked of a
   * RUNNING one, or a PAUSE taken back.
   *
   * <p>A waiting trigger that is cancelled leaves an execution row with outcome CANCELLED, attempt
   * 0, the session {@link SessionId#NONE}, no node, claimed and ended now.
   *
   * @return an answer for each that is live
   */
  Map<TriggerId, Answer> put(Collection<TriggerId> ids, Request request);

  /** Which RUNNING triggers of a session are asked to CANCEL or PAUSE. */
  List<Asked> of(SessionId session);

  /**
   * What was asked of a RUNNING trigger.
   *
   * @param guard which claim
   * @param kinds CANCEL, PAUSE, or both
   */
  record Asked(Guard guard, Set<RequestKind> kinds) {}

  /**
   * What came of a request.
   *
   * @param result what happened
   * @param before the state that the trigger was in
   * @param job its job
   * @param key its key; null for none
   */
  record Answer(Result result, TriggerState before, String job, @Nullable String key) {

    /** What happened. */
    public enum Result {
      /** It is as was asked, now or already. */
      DONE,
      /** It runs; the request is honoured when the run ends. */
      REQUESTED,
      /** It isn't in a state, or has no fire, for which that could be asked. */
      REFUSED
    }
  }
}
