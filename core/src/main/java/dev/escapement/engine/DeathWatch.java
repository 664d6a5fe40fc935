package dev.escapement.engine;

import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which sessions have died, from looks at their beats alone: the same beat in at least three
 * looks, over one whole lease of this node's nanoTime. Confined to the audit's thread.
 */
final class DeathWatch {

  private final long lease;
  private Map<SessionId, Sighting> sightings = new HashMap<>();

  private record Sighting(long beat, long since, int looks) {
    Sighting again() {
      return new Sighting(beat, since, looks + 1);
    }
  }

  DeathWatch(Settings.Timing timing) {
    this.lease = timing.lease().toNanos();
  }

  /**
   * One look.
   *
   * @param seen all sessions
   * @param askedAt nanoTime before they were read
   * @param answeredAt nanoTime after: a beat may have come until then
   * @return those that are LIVE by their row and dead by their beat
   */
  List<SessionRecord> look(
      List<SessionRecord> seen, SessionId self, long askedAt, long answeredAt) {
    Map<SessionId, Sighting> present = new HashMap<>();
    List<SessionRecord> dead = new ArrayList<>();
    for (SessionRecord session : seen) {
      if (!session.live() || session.id().equals(self)) {
        continue;
      }
      Sighting before = sightings.get(session.id());
      Sighting sighting =
          before != null && before.beat() == session.beat()
              ? before.again()
              : new Sighting(session.beat(), answeredAt, 1);
      present.put(session.id(), sighting);
      if (sighting.looks() >= Settings.Timing.LOOKS && askedAt - sighting.since() >= lease) {
        dead.add(session);
      }
    }
    sightings = present;
    return dead;
  }

  /** Begins anew, because this node's own beats weren't good: the silence may be its own. */
  void forget() {
    sightings = new HashMap<>();
  }
}
