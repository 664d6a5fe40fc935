package dev.escapement.store;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A trigger to be.
 *
 * @param id made by the caller, never used before
 * @param kind one-time or standing
 * @param job the job's name
 * @param key unique with the job among live triggers; null for none
 * @param placement where it waits; null parts are filled in from the job's declaration, then with
 *     the defaults
 * @param due when, resolved on the store's clock; the fire time is the same, unless {@code
 *     standing} says otherwise
 * @param standing what a standing trigger has besides; null for a one-time one
 * @param payload the written payload; empty for none. Not copied
 * @param headers the headers as {@link dev.escapement.Headers} writes them; null for none
 * @param onConflict what to do if its key is taken; KEEP if it has none
 */
public record NewTrigger(
    TriggerId id,
    TriggerKind kind,
    String job,
    @Nullable String key,
    Placement placement,
    Due due,
    @Nullable Standing standing,
    byte[] payload,
    @Nullable String headers,
    OnConflict onConflict) {

  /** One without headers. */
  public NewTrigger(
      TriggerId id,
      TriggerKind kind,
      String job,
      @Nullable String key,
      Placement placement,
      Due due,
      @Nullable Standing standing,
      byte[] payload,
      OnConflict onConflict) {
    this(id, kind, job, key, placement, due, standing, payload, null, onConflict);
  }

  /**
   * A standing trigger to be.
   *
   * @param first what it waits for, not {@link Aim#NEVER}
   */
  public static NewTrigger standing(
      TriggerName name, Placement placement, String schedule, Aim first, byte[] payload) {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.STANDING,
        name.job(),
        name.key(),
        placement,
        Due.at(Objects.requireNonNull(first.due())),
        new Standing(schedule, Objects.requireNonNull(first.fireTime())),
        payload,
        OnConflict.KEEP);
  }

  /**
   * What only a standing trigger has.
   *
   * @param schedule the schedule that it follows, in text
   * @param fireTime the first fire time; due is later if the schedule has jitter
   */
  public record Standing(String schedule, Instant fireTime) {}

  /**
   * Where a trigger waits.
   *
   * @param queue the queue; null for the job's
   * @param priority the priority; null for the job's
   */
  public record Placement(@Nullable String queue, @Nullable Priority priority) {
    /** As the job's declaration says. */
    public static final Placement OF_JOB = new Placement(null, null);
  }
}
