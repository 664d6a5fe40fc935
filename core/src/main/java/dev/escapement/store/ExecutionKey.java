package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Instant;

/**
 * The identity of an execution, and the order of history.
 *
 * @param claimedAt the store's clock at the claim
 * @param trigger the trigger
 * @param version its version since the claim
 */
public record ExecutionKey(Instant claimedAt, TriggerId trigger, long version) {}
