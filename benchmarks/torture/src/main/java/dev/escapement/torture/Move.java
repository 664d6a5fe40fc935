package dev.escapement.torture;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of a trigger's row, as the database itself has noted it in the transaction that made it.
 *
 * @param seq grows; the changes of one row are in its order
 * @param at when
 * @param id the trigger
 * @param job its job
 * @param standing whether it belongs to a schedule
 * @param parent what spawned it, if anything did
 * @param was the state before; null for a new row
 * @param is the state after; null for a row that is gone
 * @param version the version after; that before for a row that is gone
 * @param owner who owns the row, or did before a change that ended that
 * @param fireTime the fire that the row is about
 * @param missed how many fires right before that one were not run
 * @param payload what was enqueued
 */
record Move(
    long seq,
    Instant at,
    UUID id,
    String job,
    boolean standing,
    @Nullable UUID parent,
    @Nullable Integer was,
    @Nullable Integer is,
    long version,
    @Nullable UUID owner,
    @Nullable Instant fireTime,
    long missed,
    String payload) {

  private static final int RUNNING = 2;

  boolean isBirth() {
    return was == null;
  }

  boolean isClaim() {
    return is != null && is == RUNNING && (was == null || was != RUNNING);
  }

  boolean endsClaim() {
    return was != null && was == RUNNING && (is == null || is != RUNNING);
  }

  Claimed claimed() {
    return new Claimed(id, version);
  }
}
