package dev.escapement.store;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A live trigger as the store holds it.
 *
 * @param id its identity
 * @param kind one-time or standing
 * @param job the job's name
 * @param key unique with the job; null for none
 * @param queue the queue it waits in
 * @param priority its priority within the queue
 * @param state never a final one
 * @param holds why it may not run, if it may not
 * @param fireTime what the schedule says; null if it never fires again
 * @param due when to run next; null for never
 * @param version grows with each claim and each end of one
 * @param attempt how many attempts were claimed for the present fire
 * @param lost how many of them ended with the death of their node
 * @param owner the session that holds the claim, while RUNNING
 * @param claimedAt when it was claimed, while RUNNING
 * @param reason why it is PAUSED, if a rule and not a person did it
 * @param schedule the schedule that a standing trigger follows, in text; null for a one-time one
 * @param lastFire the latest fire time of a standing trigger that is done with; null for none
 * @param missed how many fires right before {@code fireTime} are not run
 * @param stale whether the schedule was changed and the trigger not aimed anew, so that {@code
 *     fireTime} may follow the one before
 * @param parent the standing trigger that spawned it; null for none
 * @param requests what is asked of it, while RUNNING
 * @param payload the written payload; empty for none
 * @param headers the written headers; null for none
 */
public record TriggerRecord(
    TriggerId id,
    TriggerKind kind,
    String job,
    @Nullable String key,
    String queue,
    Priority priority,
    TriggerState state,
    Set<Hold> holds,
    @Nullable Instant fireTime,
    @Nullable Instant due,
    long version,
    int attempt,
    int lost,
    @Nullable SessionId owner,
    @Nullable Instant claimedAt,
    @Nullable String reason,
    @Nullable String schedule,
    @Nullable Instant lastFire,
    long missed,
    boolean stale,
    @Nullable TriggerId parent,
    Set<RequestKind> requests,
    byte[] payload,
    @Nullable String headers) {

  /** What it is called; null if it has no key. */
  public @Nullable TriggerName name() {
    return key == null ? null : new TriggerName(job, key);
  }
}
