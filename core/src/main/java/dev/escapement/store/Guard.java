package dev.escapement.store;

import dev.escapement.TriggerId;

/**
 * What a holder of a claim proves with every write that it still holds it.
 *
 * @param id the trigger
 * @param version its version since the claim; the fencing token
 * @param owner the session that claimed it
 */
public record Guard(TriggerId id, long version, SessionId owner) {}
