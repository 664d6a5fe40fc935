package dev.escapement.store;

import java.util.List;
import java.util.Set;

/**
 * What a session asks for.
 *
 * @param session who asks
 * @param demands how much of which queue
 * @param jobs the jobs that it has handlers for; triggers of others are passed over, however many
 * @param spawning those of them whose standing triggers don't run themselves
 * @param position where the last claim stopped, {@link Position#START} to begin anew
 */
public record ClaimRequest(
    SessionId session,
    List<Demand> demands,
    Set<String> jobs,
    Set<String> spawning,
    Position position) {

  /**
   * How much of a queue is wanted.
   *
   * @param queue the queue
   * @param limit how many triggers at most; 0 only asks for the next due
   */
  public record Demand(String queue, int limit) {}
}
