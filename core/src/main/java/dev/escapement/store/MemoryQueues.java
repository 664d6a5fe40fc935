package dev.escapement.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.Set;

final class MemoryQueues implements Queues {

  private final MemoryTables tables;

  MemoryQueues(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return tables.atomically(
        () -> {
          boolean changes =
              paused ? tables.pausedQueues.add(queue) : tables.pausedQueues.remove(queue);
          if (changes) {
            tables.epoch++;
          }
          return changes;
        });
  }

  @Override
  public Set<String> paused() {
    return tables.atomically(() -> Set.copyOf(tables.pausedQueues));
  }

  @Override
  public Depth depth(String queue, int cap) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          return new Depth(
              tables.lanes.due(queue, now).limit(cap + 1L).count(),
              tables
                  .lanes
                  .firstDue(queue, now, 1)
                  .map(MemoryTrigger::due)
                  .min(Comparator.naturalOrder())
                  .orElse(null),
              now);
        });
  }
}
