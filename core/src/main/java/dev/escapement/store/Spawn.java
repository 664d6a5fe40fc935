package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fire of a standing trigger that doesn't run itself: it moves on, and one-time triggers run
 * its fires.
 *
 * @param parent the standing trigger
 * @param version the version that the caller saw
 * @param lastFire the latest fire time that is done with; null for none
 * @param next what the standing trigger waits for now
 * @param missed how many fires right before the next one are not run
 * @param children what runs, at most one for each fire time
 */
public record Spawn(
    TriggerId parent,
    long version,
    @Nullable Instant lastFire,
    Aim next,
    long missed,
    List<Child> children) {

  /**
   * A one-time trigger to be, with the job, queue, priority, payload and headers of its parent, and
   * no key.
   *
   * @param id made by the caller, never used before
   * @param fireTime the fire that it runs
   * @param due when to run it
   * @param missed how many fires right before it are not run
   */
  public record Child(TriggerId id, Instant fireTime, Instant due, long missed) {}
}
