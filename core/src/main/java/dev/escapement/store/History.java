package dev.escapement.store;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ended attempts. Append-only but for {@link #purge} and {@link #trim}. */
public interface History {

  /** One execution: how a writer who lost the answer finds out whether it wrote. */
  Optional<ExecutionRecord> find(ExecutionId key);

  /** All executions of a trigger, oldest first. */
  List<ExecutionRecord> of(TriggerId trigger);

  /**
   * Executions, the newest first: in falling order of their ids.
   *
   * @param before where to go on; null to begin
   * @param limit how many at most
   */
  List<ExecutionRecord> list(ExecutionFilter filter, @Nullable ExecutionId before, int limit);

  /**
   * How many there are.
   *
   * @param limit counts no further
   */
  long count(ExecutionFilter filter, int limit);

  /**
   * Deletes old executions, a small batch at a time so that nothing else waits. A store that can
   * drop many at once, at no cost that grows with them, does so besides, and doesn't count them.
   *
   * @param age those claimed longer ago than that
   * @param limit how many at most
   * @return how many were deleted; fewer than the limit if none is left
   */
  int purge(Duration age, int limit);

  /**
   * Deletes the oldest executions of a job, beyond the newest ones, in the order of their ids.
   *
   * @param keep how many of the newest stay, at least 1
   * @param limit how many to delete at most, so that nothing else waits
   * @return how many were deleted; fewer than the limit if none is left beyond those that stay
   */
  int trim(String job, int keep, int limit);
}
