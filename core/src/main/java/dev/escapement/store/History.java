package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ended attempts. Append-only but for {@link #purge}. */
public interface History {

  /** One execution: how a writer who lost the answer finds out whether it wrote. */
  Optional<ExecutionRecord> find(ExecutionKey key);

  /** All executions of a trigger, oldest first. */
  List<ExecutionRecord> of(TriggerId trigger);

  /**
   * Executions in the order of their keys.
   *
   * @param after where to go on; null to begin
   * @param limit how many at most
   */
  List<ExecutionRecord> page(@Nullable ExecutionKey after, int limit);

  /**
   * Deletes old executions, a small batch at a time so that nothing else waits.
   *
   * @param age those claimed longer ago than that
   * @param limit how many at most
   * @return how many were deleted
   */
  int purge(Duration age, int limit);
}
