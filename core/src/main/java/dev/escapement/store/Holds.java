package dev.escapement.store;

import java.util.Set;

/**
 * What can't run must not stand in the way of what can: a trigger with a hold is out of the claim's
 * sight.
 */
public interface Holds {

  /**
   * The jobs, of those not in {@code known}, that stand in the way: they are among the first due
   * triggers of the queues.
   *
   * @param window how many of the first due triggers of each queue and priority to look at, at
   *     least; a store that can look further at no more cost does
   */
  Set<String> strangers(Set<String> queues, Set<String> known, int window);

  /**
   * Gives due triggers of a job a hold: JOB_PAUSED if the job is paused, else NO_HANDLER unless a
   * LIVE session knows the job. Locks the job's row first and looks again, as {@link Sessions#open}
   * and {@link Jobs#pause} do: either the parker sees the change, or the {@link #unpark} that
   * follows the change sees the parked triggers.
   *
   * @param limit how many at most
   * @return how many were parked
   */
  int park(String job, int limit);

  /**
   * Takes the hold NO_HANDLER from triggers of these jobs, and JOB_PAUSED from triggers of those of
   * them that aren't paused.
   *
   * @param limit how many at most
   * @return how many lost a hold
   */
  int unpark(Set<String> jobs, int limit);
}
