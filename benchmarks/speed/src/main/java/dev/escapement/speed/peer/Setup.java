package dev.escapement.speed.peer;

import dev.escapement.speed.measure.Database;

/**
 * What a peer is given.
 *
 * @param database an empty one
 * @param work what every job does
 * @param tuning how to set up the replicas
 * @param padding how many characters each payload has besides its due
 * @param prioritized whether jobs that are enqueued in bulk have several priorities in turn
 */
public record Setup(Database database, Work work, Tuning tuning, int padding, boolean prioritized) {

  /** How many priorities there are. */
  private static final int STEPS = 3;

  /** With one priority for all. */
  public Setup(Database database, Work work, Tuning tuning, int padding) {
    this(database, work, tuning, padding, false);
  }

  /**
   * The priority of one of many jobs: 0 for low, 1 for the usual one, 2 for high.
   *
   * @param index which of them
   */
  int step(int index) {
    return prioritized ? index % STEPS : 1;
  }
}
