package dev.escapement;

import java.util.List;
import java.util.Optional;

/**
 * The history: ended attempts, kept for as long as the scheduler's {@code historyRetention} says.
 * Thread-safe; each method throws a {@link dev.escapement.store.StoreException} if the store fails.
 */
public interface ExecutionOperations {

  /** One execution. */
  Optional<Execution> find(ExecutionId id);

  /** All executions of a trigger, the oldest first. */
  List<Execution> of(TriggerId trigger);

  /**
   * Lists executions, the latest claimed first.
   *
   * @param limit how many at most, 1 to 1,000
   */
  default Page<Execution> list(ExecutionFilter filter, int limit) {
    return list(filter, limit, "");
  }

  /**
   * The rest of a list.
   *
   * @param limit how many at most, 1 to 1,000
   * @param from {@link Page#next()} of the page before; empty to begin
   * @throws InvalidRequestException if that is something else
   */
  Page<Execution> list(ExecutionFilter filter, int limit, String from);

  /** How many there are. */
  Count count(ExecutionFilter filter);

  /**
   * Runs a FAILED trigger again from its last execution, with the payload that this keeps: a new
   * one-time trigger, due now, with the job's queue and priority and, unless it was a fire of a
   * recurring trigger, the same key. The execution stays as it is.
   *
   * @return KEPT or KEPT_RUNNING if a live trigger bears the key by now
   * @throws InvalidRequestException if there is no such execution, or it keeps no payload because
   *     its trigger went on, or ended otherwise
   */
  Enqueued rerun(ExecutionId id);

  /**
   * Runs a trigger again from one of its executions, whatever its outcome, with another payload.
   *
   * @throws InvalidRequestException if there is no such execution, or it is of another job
   */
  <T> Enqueued rerun(ExecutionId id, JobType<T> type, T payload);
}
