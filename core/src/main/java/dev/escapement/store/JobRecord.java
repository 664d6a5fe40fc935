package dev.escapement.store;

import dev.escapement.Priority;
import dev.escapement.policy.JobPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as the cluster knows it.
 *
 * @param name the job's name
 * @param inForce the declaration that the job's row has taken over; null if no session ever
 *     declared the job
 * @param current the declaration that is current now; null if no LIVE session declares the job.
 *     Where it differs from {@code inForce}, {@link Jobs#settle} makes them the same
 * @param override the schedule that a person put in the place of the declared one; null for none
 * @param paused whether a person took the job out of service
 * @param sessions how many LIVE sessions have a handler for it
 * @param firstSeen when the declaration in force was first seen; null if there is none
 */
public record JobRecord(
    String name,
    @Nullable JobDeclaration inForce,
    @Nullable JobDeclaration current,
    @Nullable String override,
    boolean paused,
    int sessions,
    @Nullable Instant firstSeen) {

  /** The queue of its triggers unless a request says otherwise. */
  public String queue() {
    return inForce == null ? JobPolicy.DEFAULT_QUEUE : inForce.queue();
  }

  /** The priority of its triggers unless a request says otherwise. */
  public Priority priority() {
    return inForce == null ? Priority.NORMAL : inForce.priority();
  }
}
