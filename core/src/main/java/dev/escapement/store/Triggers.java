package dev.escapement.store;

import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enqueuing and reading triggers. */
public interface Triggers {

  /**
   * Inserts triggers, all or none. One whose (job, key) is live already is not inserted, and its
   * {@link OnConflict} says what happens to the live one instead; a standing one is kept in each
   * case. A second one of the same pair within the list meets the first. Two lists with the same
   * pairs in another order don't wait for each other in a circle.
   *
   * <p>REPLACE makes payload, headers, fire time, due and place those of the new one, and forgets
   * attempts and checkpoint; RESCHEDULE changes due alone. The version grows, the state stays. Of a
   * RUNNING one both ask to run AGAIN (see {@link Requests}), REPLACE with the new payload and
   * headers and at once in the new place; the version stays.
   *
   * @return one answer for each, in the same order
   * @throws dev.escapement.DuplicateKeyException if one that says FAIL finds its key taken; nothing
   *     was changed then
   * @throws StoreException if an id is in use already; nothing was changed then
   */
  List<Enqueued> enqueue(List<NewTrigger> triggers);

  /** A live trigger by its id. */
  Optional<TriggerRecord> find(TriggerId id);

  /** The live ones among triggers of those names, in no order. */
  List<TriggerRecord> find(List<TriggerName> names);

  /** A live trigger by its job and key. */
  Optional<TriggerRecord> find(String job, String key);

  /**
   * Live triggers in the order of due, those that are never due last, then of their ids.
   *
   * @param after where to go on; null to begin
   * @param limit how many at most
   */
  List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit);

  /**
   * How many there are.
   *
   * @param limit counts no further
   */
  long count(TriggerFilter filter, int limit);

  /**
   * Changes standing triggers, each by itself, those whose version is still the one that was seen.
   *
   * <p>A SCHEDULED or PAUSED one gets what the amendment says, and its version grows. With a new
   * aim it begins a new fire, no attempt counted yet; what it has missed stays counted. A RUNNING
   * one gets schedule, placement and payload; version and aim stay, for its holder knows nothing of
   * it. One that gets another schedule and no new aim is stale, until it is aimed. Locks rows in
   * order of their ids.
   *
   * @return those that were changed
   */
  Set<TriggerId> amend(List<Amendment> amendments);

  /**
   * Standing triggers that are stale and don't run.
   *
   * @param limit how many at most
   */
  List<TriggerRecord> stale(int limit);

  /**
   * Fires a standing trigger that doesn't run itself: in one step its last fire, aim and {@code
   * missed} become what the spawn says, its version grows, it isn't stale any more, and the
   * children are inserted. A child whose (parent, fire time) is live already is left out.
   *
   * @return false if the parent isn't SCHEDULED without hold in that version; nothing changed then
   */
  boolean spawn(Spawn spawn);

  /**
   * SCHEDULED becomes PAUSED, its version grows.
   *
   * @param version the version that the caller saw
   * @return false if the trigger isn't SCHEDULED in that version
   */
  boolean pause(TriggerId id, long version, Next.Pause pause);

  /**
   * Deletes a standing trigger that isn't RUNNING.
   *
   * @param version the version that the caller saw
   * @return false if there is no such trigger in that version, or it is RUNNING
   */
  boolean delete(TriggerId id, long version);
}
