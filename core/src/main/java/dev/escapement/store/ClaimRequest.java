package dev.escapement.store;

import dev.escapement.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
   * How much of a queue is wanted. Several demands may be about one queue; a trigger that two of
   * them name is claimed once, and takes up both or either.
   *
   * @param queue the queue
   * @param limit how many triggers at most; 0 only asks for the next due
   * @param waited only those that have waited; null for all that is due
   */
  public record Demand(String queue, int limit, @Nullable Waited waited) {

    /** All that is due. */
    public Demand(String queue, int limit) {
      this(queue, limit, null);
    }
  }

  /**
   * Those of one priority that have waited, the oldest due first: what would starve behind the
   * priorities above it.
   *
   * @param priority their priority
   * @param least for how long they have been due, at least; not negative
   */
  public record Waited(Priority priority, Duration least) {}
}
