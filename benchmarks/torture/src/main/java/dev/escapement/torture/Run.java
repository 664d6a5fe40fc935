package dev.escapement.torture;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, as the replica that made it has noted it.
 *
 * @param replica which process
 * @param id the trigger
 * @param version the version that the claim gave it
 * @param job the job's name
 * @param fireTime which fire
 * @param attempt which attempt
 * @param missed how many fires before this one it was told were not run
 * @param begun when the ledger heard that it began
 * @param ended when the ledger heard that it ended; null if it never did
 * @param end how it ended; null if it never did
 */
record Run(
    String replica,
    UUID id,
    long version,
    String job,
    Instant fireTime,
    int attempt,
    long missed,
    Instant begun,
    @Nullable Instant ended,
    @Nullable End end) {

  /** How a handler comes to its end. */
  enum End {
    RETURNED,
    THREW
  }

  /** The same, ended. */
  Run ended(Instant when, End how) {
    return new Run(replica, id, version, job, fireTime, attempt, missed, begun, when, how);
  }

  Claimed claimed() {
    return new Claimed(id, version);
  }
}
