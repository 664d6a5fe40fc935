package dev.escapement.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a claim.
 *
 * @param claims what was won
 * @param spawners due standing triggers of the jobs that spawn
 * @param now the store's clock
 * @param nextDue the earliest due after {@code now} of a trigger without hold in the queues asked
 *     about, whatever its job; null if there is none
 * @param epoch grows whenever a session opens, is declared dead or closes, and whenever a person
 *     decides something about a job or a queue
 * @param requests grows whenever something is asked of a RUNNING trigger that its holder should
 *     hear; see {@link Requests#of}
 */
public record ClaimResult(
    List<Claim> claims,
    List<Spawner> spawners,
    Instant now,
    @Nullable Instant nextDue,
    long epoch,
    long requests) {}
