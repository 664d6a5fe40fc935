package dev.escapement.store;

import java.time.Instant;
import java.util.List;

/** The movement: claim, complete, take over. */
public interface Claims {

  /**
   * Claims due triggers: SCHEDULED, without hold, {@code due <= now}, of a queue and a job that the
   * request names; highest priority first, then the oldest due, unless the demand is for those that
   * have {@link ClaimRequest.Demand#waited}. Each becomes RUNNING, owned by the request's session,
   * its version raised, its attempt by one. Claims nothing unless the session is LIVE.
   *
   * <p>Two sessions never get the same (trigger, version). A row that another transaction holds is
   * passed over, not waited for.
   *
   * <p>A standing trigger of a job in {@link ClaimRequest#spawning} isn't claimed. It stays as it
   * is, takes up the demand like a claim, and is in {@link ClaimResult#spawners}.
   */
  ClaimResult claim(ClaimRequest request);

  /**
   * Moves a RUNNING trigger to a later fire, because the fires before it were missed and are not
   * run. Its version stays.
   *
   * @param due when that fire was due
   * @param missed how many fires that are; added to what the trigger has
   * @return false if the guard isn't held any more
   */
  boolean advance(Guard guard, Instant fireTime, Instant due, long missed);

  /**
   * Ends claims: for each whose guard is held, what {@link Completion#next()} says and one
   * execution row, both or neither. The completions may carry different owners, also ones that are
   * DEAD: as long as nobody has taken a trigger over, its holder may end it. Locks rows in order of
   * their ids. An instant of an {@link Ending} that lies after the store's now is recorded as now:
   * it was reckoned by a node.
   *
   * <p>A row that another transaction holds is passed over, so that the others needn't wait for it;
   * it is in {@link Ended#busy}.
   *
   * <p>What was asked of a trigger while it ran is honoured in the same step; see {@link Requests}.
   */
  Ended complete(List<Completion> completions);

  /**
   * Like {@link #complete}, for one claim whose row was passed over for long: waits for the row as
   * long as a quarter of a second, among all others who want it. A row that one transaction after
   * the other holds may never be free when somebody only looks in.
   *
   * @return busy if another transaction holds the row all that time
   */
  Ended completeInTurn(Completion completion);

  /**
   * Like {@link #complete}, for claims of sessions that are not LIVE. What it passes over it
   * doesn't say: whoever takes over looks again anyway.
   */
  Ended takeOver(List<Completion> completions);

  /**
   * RUNNING triggers that {@code self} owns, or whose owner isn't a LIVE session.
   *
   * @param limit how many at most; the rest will be seen at a later look
   */
  List<RunningTrigger> running(SessionId self, int limit);
}
