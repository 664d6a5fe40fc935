package dev.escapement.store;

import dev.escapement.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trigger that a session holds.
 *
 * @param guard what every write by the holder must carry
 * @param kind one-time or standing
 * @param job the job's name
 * @param key unique with the job; null for none
 * @param queue the queue it waited in
 * @param priority its priority
 * @param fireTime what the schedule says
 * @param due when it was due
 * @param claimedAt the store's clock at the claim
 * @param attempt which attempt this is, from 1
 * @param lost how many earlier attempts ended with the death of their node
 * @param schedule the schedule that a standing trigger follows, in text; null for a one-time one
 * @param missed how many fires right before this one were not run
 * @param stale whether the fire time may follow another schedule than that one
 * @param payload the written payload; empty for none
 * @param headers the written headers; null for none
 */
public record Claim(
    Guard guard,
    TriggerKind kind,
    String job,
    @Nullable String key,
    String queue,
    Priority priority,
    Instant fireTime,
    Instant due,
    Instant claimedAt,
    int attempt,
    int lost,
    @Nullable String schedule,
    long missed,
    boolean stale,
    byte[] payload,
    @Nullable String headers) {

  /**
   * The same claim, moved as {@link Claims#advance} moves its trigger.
   *
   * @param later the fire time
   * @param laterDue when that fire was due
   * @param notRun how many fires before it are not run
   */
  public Claim at(Instant later, Instant laterDue, long notRun) {
    return new Claim(
        guard,
        kind,
        job,
        key,
        queue,
        priority,
        later,
        laterDue,
        claimedAt,
        attempt,
        lost,
        schedule,
        missed + notRun,
        stale,
        payload,
        headers);
  }
}
