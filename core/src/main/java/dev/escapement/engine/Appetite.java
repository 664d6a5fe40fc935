package dev.escapement.engine;

import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one queue asks the store for, so that no priority starves. A claim that returned all that it
 * asked for shows that there is more than can be run, and the lowest priority in it, that those
 * below are not reached. Of the slots that follow, every tenth is then theirs: the priorities that
 * are not reached take turns, each for what has been due for longer than the ageing, the oldest
 * first. A priority that doesn't take its turn isn't offered another for one poll interval; the
 * slot goes to the others at once. Not thread-safe.
 *
 * <p>Nine of ten are sure for those above however much has aged below, and the tenth isn't simply
 * for the oldest: under a lasting flood the flood itself is old.
 */
final class Appetite {

  /** Of so many slots one is for those that waited. */
  static final int SLOTS_PER_TURN = 10;

  private static final List<Priority> HIGHEST_FIRST =
      Arrays.stream(Priority.values()).sorted(Comparator.reverseOrder()).toList();

  private final String queue;
  private final Duration ageing;
  private final long patience;

  private final Set<Priority> starved = EnumSet.noneOf(Priority.class);
  private final Map<Priority, Long> passedUntil = new EnumMap<>(Priority.class);
  private Priority lastTurn = Priority.NORMAL;
  private int sinceTurn;

  private int plain;
  private final Map<Priority, Integer> aged = new EnumMap<>(Priority.class);

  /**
   * @param patience nanoseconds for which a turn isn't offered again that nobody took
   */
  Appetite(String queue, Duration ageing, long patience) {
    this.queue = queue;
    this.ageing = ageing;
    this.patience = patience;
  }

  String queue() {
    return queue;
  }

  /** How many were asked for at last. */
  int asked() {
    return plain + aged.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * What to ask for.
   *
   * @param slots how many there is room for
   */
  List<Demand> demands(int slots, long now) {
    plain = slots;
    aged.clear();
    for (int turns = turns(slots, now); turns > 0; turns--) {
      lastTurn = next(offered(now));
      aged.merge(lastTurn, 1, Integer::sum);
      plain--;
    }
    List<Demand> demands = new ArrayList<>();
    demands.add(new Demand(queue, plain));
    aged.forEach(
        (priority, limit) -> demands.add(new Demand(queue, limit, new Waited(priority, ageing))));
    return demands;
  }

  private int turns(int slots, long now) {
    if (offered(now).isEmpty()) {
      return 0;
    }
    sinceTurn += slots;
    int turns = Math.min(slots, sinceTurn / SLOTS_PER_TURN);
    sinceTurn -= turns * SLOTS_PER_TURN;
    return turns;
  }

  private Set<Priority> offered(long now) {
    Set<Priority> offered = EnumSet.copyOf(starved);
    offered.removeIf(
        priority -> {
          Long until = passedUntil.get(priority);
          return until != null && now - until < 0;
        });
    return offered;
  }

  private Priority next(Set<Priority> offered) {
    return offered.stream()
        .filter(priority -> priority.compareTo(lastTurn) > 0)
        .findFirst()
        .orElseGet(() -> offered.iterator().next());
  }

  /**
   * What came.
   *
   * @param won how many of each priority
   * @return whether there may be more
   */
  boolean answered(Map<Priority, Integer> won, long now) {
    int all = won.values().stream().mapToInt(Integer::intValue).sum();
    passTurns(won, now);
    boolean more = asked() > 0 && all >= plain;
    if (!more || plain > 0) {
      starved.clear();
    }
    if (more && plain > 0) {
      starved.addAll(notReached(won));
    }
    return more;
  }

  /** What one priority doesn't take is another's, if another waits. */
  private void passTurns(Map<Priority, Integer> won, long now) {
    int untaken = 0;
    for (Map.Entry<Priority, Integer> offer : aged.entrySet()) {
      int left = offer.getValue() - won.getOrDefault(offer.getKey(), 0);
      if (left > 0) {
        untaken += left;
        passedUntil.put(offer.getKey(), now + patience);
      }
    }
    if (!offered(now).isEmpty()) {
      sinceTurn += untaken * (SLOTS_PER_TURN - 1); // the slot itself will be counted again
    }
  }

  private Set<Priority> notReached(Map<Priority, Integer> won) {
    Set<Priority> below = EnumSet.allOf(Priority.class);
    int taken = 0;
    for (Priority priority : HIGHEST_FIRST) {
      below.remove(priority);
      taken += Math.max(0, won.getOrDefault(priority, 0) - aged.getOrDefault(priority, 0));
      if (taken >= plain) {
        break;
      }
    }
    return below;
  }
}
