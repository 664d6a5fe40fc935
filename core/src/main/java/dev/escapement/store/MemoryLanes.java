package dev.escapement.store;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The claim index: what waits without hold, one lane for each (queue, priority), oldest first. */
final class MemoryLanes {

  private static final List<Priority> HIGHEST_FIRST =
      Arrays.stream(Priority.values()).sorted(Comparator.reverseOrder()).toList();

  private static final TriggerId LAST_ID = new TriggerId(new UUID(-1, -1));

  private static final Comparator<Place> OLDEST_FIRST =
      Comparator.comparing(Place::due).thenComparing(Place::id);

  private record Place(Instant due, TriggerId id) {
    static @Nullable Place of(MemoryTrigger trigger) {
      Instant due = trigger.candidateFrom();
      return due == null ? null : new Place(due, trigger.id);
    }

    /** Behind all that is due then, before all that is due later. */
    static Place endOf(Instant due) {
      return new Place(due, LAST_ID);
    }
  }

  private final Map<Position.Lane, TreeMap<Place, MemoryTrigger>> lanes = new HashMap<>();

  void add(MemoryTrigger trigger) {
    Place place = Place.of(trigger);
    if (place != null) {
      lanes.computeIfAbsent(trigger.lane(), any -> new TreeMap<>(OLDEST_FIRST)).put(place, trigger);
    }
  }

  void remove(MemoryTrigger trigger) {
    Place place = Place.of(trigger);
    if (place != null) {
      lanes.computeIfPresent(
          trigger.lane(),
          (any, lane) -> {
            lane.remove(place);
            return lane.isEmpty() ? null : lane;
          });
    }
  }

  /** What is due in any queue. */
  Stream<MemoryTrigger> due(Instant now) {
    return lanes.keySet().stream().flatMap(lane -> due(lane, now));
  }

  /** What is due in a queue, highest priority first, then the oldest. */
  Stream<MemoryTrigger> due(String queue, Instant now) {
    return lanesOf(queue).flatMap(lane -> due(lane, now));
  }

  /** What is due in a queue in one priority, the oldest first. */
  Stream<MemoryTrigger> due(String queue, Priority priority, Instant now) {
    return due(new Position.Lane(queue, priority), now);
  }

  /** The first few that are due in each priority of a queue. */
  Stream<MemoryTrigger> firstDue(String queue, Instant now, int each) {
    return lanesOf(queue).flatMap(lane -> due(lane, now).limit(each));
  }

  private Stream<MemoryTrigger> due(Position.Lane lane, Instant now) {
    TreeMap<Place, MemoryTrigger> waiting = lanes.get(lane);
    return waiting == null
        ? Stream.empty()
        : waiting.headMap(Place.endOf(now), true).values().stream();
  }

  Optional<Instant> nextDue(String queue, Instant now) {
    return lanesOf(queue)
        .map(lanes::get)
        .filter(Objects::nonNull)
        .map(waiting -> waiting.higherKey(Place.endOf(now)))
        .filter(Objects::nonNull)
        .map(Place::due)
        .min(Comparator.naturalOrder());
  }

  private static Stream<Position.Lane> lanesOf(String queue) {
    return HIGHEST_FIRST.stream().map(priority -> new Position.Lane(queue, priority));
  }
}
