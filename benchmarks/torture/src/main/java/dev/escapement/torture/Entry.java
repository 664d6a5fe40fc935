package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the library's history.
 *
 * @param id the trigger
 * @param version the version that the claim gave it
 * @param session who held the claim
 * @param job its job
 * @param standing whether it belongs to a schedule
 * @param fireTime which fire
 * @param missed how many fires right before it were not run
 * @param attempt which attempt; 0 for an end without a claim
 * @param outcome how it ended
 * @param failure what kind of failure; null for none
 * @param due when it was due
 * @param claimedAt when it was claimed
 * @param startedAt when its handler was called; null if it wasn't
 * @param endedAt when it ended
 */
record Entry(
    UUID id,
    long version,
    UUID session,
    String job,
    boolean standing,
    Instant fireTime,
    long missed,
    int attempt,
    Outcome outcome,
    @Nullable String failure,
    Instant due,
    Instant claimedAt,
    @Nullable Instant startedAt,
    Instant endedAt) {

  Claimed claimed() {
    return new Claimed(id, version);
  }
}
