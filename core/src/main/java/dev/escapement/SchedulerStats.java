package dev.escapement;

import java.util.Map;

/**
 * What a node has done since it was built, and does now.
 *
 * @param node its name
 * @param trusted whether it has a session that it trusts, and so may start runs; false before it
 *     starts, after it is closed, and while its heartbeats fail for most of a lease
 * @param workers how many handlers it may run at once
 * @param claimed triggers that it has claimed
 * @param outcomes how claims ended that it ended, its own and those it took over
 * @param fenced ends that it couldn't write, because another had taken the trigger over
 * @param unconfirmed ends of which it can't know whether they were written, because the answer was
 *     lost and the job keeps no history
 * @param missed fires that it didn't run because nobody had fired them in time
 * @param overlapped fires that it didn't run because they came during the run of an earlier one
 * @param abandoned runs that ignored the interrupt at their timeout for so long that they were
 *     given up, and their workers replaced
 * @param sessions how many sessions it has opened; more than one says that it was declared dead
 * @param running handlers that run now
 * @param wedged abandoned runs that still haven't returned
 * @param buffered claims that wait for a worker now
 */
public record SchedulerStats(
    String node,
    boolean trusted,
    int workers,
    long claimed,
    Map<Outcome, Long> outcomes,
    long fenced,
    long unconfirmed,
    long missed,
    long overlapped,
    long abandoned,
    long sessions,
    int running,
    int wedged,
    int buffered) {

  /** How many claims ended so. */
  public long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }
}
