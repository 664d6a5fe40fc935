package dev.escapement.store;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import java.util.List;
import java.util.Optional;

/** Enqueuing and reading triggers. */
public interface Triggers {

  /**
   * Inserts triggers, all or none. A trigger whose (job, key) is live already is not inserted: the
   * live one is kept as it is. So is a second one of the same pair within the list. Two lists with
   * the same pairs in another order don't wait for each other in a circle.
   *
   * @return one answer for each, in the same order
   * @throws StoreException if an id is in use already; nothing was inserted then
   */
  List<Enqueued> enqueue(List<NewTrigger> triggers);

  /** A live trigger by its id. */
  Optional<TriggerRecord> find(TriggerId id);

  /** A live trigger by its job and key. */
  Optional<TriggerRecord> find(String job, String key);

  /**
   * PAUSED becomes SCHEDULED, its version grows, its attempts are forgotten. Due stays.
   *
   * @param version the version that the caller saw
   * @return false if the trigger isn't PAUSED in that version
   */
  boolean resume(TriggerId id, long version);
}
