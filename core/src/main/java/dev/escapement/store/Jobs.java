package dev.escapement.store;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs as the cluster knows them: what nodes declare, and what people decide.
 *
 * <p>Of the declarations of a job the one with the latest {@code first seen} among those of LIVE
 * sessions is current, so that a new version wins from its first node on, an old one that restarts
 * changes nothing, and a rollback is complete when the last node of the new version has gone. A
 * declaration keeps its first seen for ever, and one that is seen for the first time is later than
 * all that the job has, whatever the clock says.
 *
 * <p>Each method but {@link #all} and {@link #settle} raises the epoch if it changed what is said
 * of a job; a deletion does so when the job has gone.
 */
public interface Jobs {

  /** All jobs, by name. */
  List<JobRecord> all();

  /**
   * Puts the current declarations of these jobs in force: from now on they say where the jobs'
   * triggers wait. A declared standing trigger moves to the queue and priority, whatever its state:
   * they are no part of the guard. A job that no LIVE session declares stays as it is. Locks the
   * rows of the jobs first, in order of their names.
   */
  void settle(Set<String> jobs);

  /**
   * Puts a schedule in the place of the declared one, or takes it away again.
   *
   * @param schedule in text; null for the declared one
   * @return false if there is no such job
   */
  boolean override(String job, @Nullable String schedule);

  /**
   * Takes a job out of service or puts it back. Locks the job's row, as {@link Holds#park} does:
   * whoever parks sees either the old or the new state, and {@link Holds#unpark} after this sees
   * what was parked before it.
   *
   * @return false if there is no such job
   */
  boolean pause(String job, boolean paused);

  /**
   * Deletes triggers of a job and, when none is left, the job with its declarations; executions
   * stay. A job may have more triggers than a call has time for, so the caller repeats it while the
   * answer is MORE. Locks the job's row, then triggers in order of their ids.
   *
   * @param limit how many triggers at most
   * @return what happened; nothing is deleted unless it is DELETED or MORE
   */
  Deletion delete(String job, int limit);

  /** What a deletion came to. */
  enum Deletion {
    /** It is gone. */
    DELETED,
    /** As many triggers as were asked for are gone; some are left, and so is the job. */
    MORE,
    /** There is no such job. */
    UNKNOWN,
    /** A LIVE session has a handler for it, and would declare it again. */
    LIVE,
    /** One of its triggers is RUNNING. */
    RUNNING
  }
}
