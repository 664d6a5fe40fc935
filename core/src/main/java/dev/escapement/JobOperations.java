package dev.escapement;

import dev.escapement.schedule.Schedule;
import java.util.List;
import java.util.Optional;

/**
 * The jobs as the cluster knows them, and what people decide about them. A decision is kept in the
 * store, outranks what the code declares, survives deployments, and takes effect on all nodes
 * within about a second. Thread-safe; each method throws a {@link
 * dev.escapement.store.StoreException} if the store fails.
 */
public interface JobOperations {

  /** All jobs that were ever declared and not deleted, by name. */
  List<JobStatus> all();

  /** One of them. */
  Optional<JobStatus> find(String job);

  /**
   * Takes a job out of service: none of its triggers is started any more. What runs goes on.
   *
   * @throws UnknownJobException if the cluster doesn't know the job
   */
  void pause(String job);

  /**
   * Puts a paused job back in service. Fires that passed in the meantime are missed ones, and its
   * {@linkplain dev.escapement.policy.Misfire misfire policy} says what becomes of them.
   *
   * @throws UnknownJobException if the cluster doesn't know the job
   */
  void resume(String job);

  /**
   * Puts a schedule in the place of the declared one, until {@link #dropOverride}. It counts from
   * now on; a fire that is due already still runs. {@code Schedules.disabled()} stops the job's
   * fires.
   *
   * @throws UnknownJobException if the cluster doesn't know the job
   * @throws InvalidRequestException if the job doesn't recur, or the schedule has no text form, or
   *     is another one that never fires
   */
  void overrideSchedule(String job, Schedule schedule);

  /**
   * Goes back to the declared schedule.
   *
   * @throws UnknownJobException if the cluster doesn't know the job
   */
  void dropOverride(String job);

  /**
   * Deletes a job that was removed from the code, with all its triggers. Its history stays. Many
   * triggers go in batches: if this fails on the way, the job and the rest are still there, and it
   * may be called again.
   *
   * @throws UnknownJobException if the cluster doesn't know the job
   * @throws JobInUseException if a live node has a handler for it, or one of its triggers runs
   */
  void delete(String job);
}
