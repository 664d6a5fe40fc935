package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Fleet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;

/** Enqueues jobs for now at a rate, a handful at a time, as the requests of many clients come. */
final class Feed {

  private static final Duration STEP = Duration.ofMillis(10);

  private Feed() {}

  /**
   * Feeds for so long. Jobs that couldn't be enqueued in time are due when they should have been:
   * who is slow to take them isn't faster for it.
   *
   * @return how many
   */
  static long at(double jobsPerSecond, Duration time, Fleet fleet) throws Exception {
    Instant begin = Instant.now();
    long fed = 0;
    for (Duration at = STEP; at.compareTo(time) <= 0; at = at.plus(STEP)) {
      Instant now = begin.plus(at);
      Wait.pass(Duration.between(Instant.now(), now));
      long owed = (long) (jobsPerSecond * at.toNanos() / 1e9) - fed;
      if (owed > 0) {
        fleet.enqueue(Collections.nCopies((int) owed, now));
        fed += owed;
      }
    }
    return fed;
  }
}
