package dev.escapement.store;

import dev.escapement.Priority;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Up to which due a node has claimed each (queue, priority). A store may begin there instead of
 * walking what earlier claims left behind (dead rows of an index). Only a hint about speed: a
 * trigger that becomes due before it, or is committed late, is found when the node begins anew:
 * after ten times as long as that takes, and after ten poll intervals at most.
 *
 * @param dues the due of the last trigger claimed; one that is due at the same instant must still
 *     be found
 */
public record Position(Map<Lane, Instant> dues) {

  /**
   * One stretch of the claim index.
   *
   * @param queue the queue
   * @param priority the priority
   */
  public record Lane(String queue, Priority priority) {}

  /** From the oldest due on. */
  public static final Position START = new Position(Map.of());

  /** This position after those claims. */
  public Position after(List<Claim> claims) {
    if (claims.isEmpty()) {
      return this;
    }
    Map<Lane, Instant> later = new HashMap<>(dues);
    for (Claim claim : claims) {
      later.merge(
          new Lane(claim.queue(), claim.priority()), claim.due(), (a, b) -> a.isAfter(b) ? a : b);
    }
    return new Position(Map.copyOf(later));
  }
}
