package dev.escapement.engine;

import dev.escapement.store.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Keeps nodes that sleep to the same instant from all asking at once. Rendezvous hashing (Thaler
 * and Ravishankar, 1998) ranks the live sessions for each instant: the first asks at once, each
 * further one a little later, and finds that there is nothing left. Only an optimisation: no rank
 * may be wrong, and a first that is busy or gone costs the others milliseconds.
 */
final class Herd {

  private static final Duration STEP = Duration.ofMillis(3);
  private static final int LAST_RANK = 10;

  private volatile List<SessionId> live = List.of();

  void members(List<SessionId> sessions) {
    live = List.copyOf(sessions);
  }

  /** How long this session waits beyond an instant. */
  Duration delay(SessionId self, Instant due) {
    long instant = due.getEpochSecond() * 1_000_000_000L + due.getNano();
    long own = weight(self, instant);
    int rank = 0;
    for (SessionId other : live) {
      if (!other.equals(self) && weight(other, instant) > own) {
        rank++;
      }
    }
    return STEP.multipliedBy(Math.min(rank, LAST_RANK));
  }

  /**
   * Whether this session is the one that does what is to be done for a name, by one node. Between
   * two looks at who lives, two may think so, or none.
   */
  boolean isFirst(SessionId self, String name) {
    long hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = mix(hash ^ name.charAt(i));
    }
    long own = weight(self, hash);
    for (SessionId other : live) {
      if (!other.equals(self) && weight(other, hash) > own) {
        return false;
      }
    }
    return true;
  }

  private static long weight(SessionId session, long instant) {
    UUID id = session.value();
    return mix(id.getMostSignificantBits() ^ mix(id.getLeastSignificantBits() ^ mix(instant)));
  }

  /** The finaliser of MurmurHash3, 64 bits. */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
