package dev.escapement.store;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

final class MemoryHolds implements Holds {

  private final MemoryTables tables;

  MemoryHolds(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public Set<String> strangers(Set<String> queues, Set<String> known, int window) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          return queues.stream()
              .flatMap(queue -> tables.lanes.firstDue(queue, now, window))
              .map(trigger -> trigger.job)
              .filter(job -> !known.contains(job))
              .collect(Collectors.toUnmodifiableSet());
        });
  }

  @Override
  public int park(String job, int limit) {
    return tables.atomically(
        () -> {
          if (tables.sessions.values().stream()
              .anyMatch(session -> session.isLive() && session.knows(job))) {
            return 0;
          }
          List<MemoryTrigger> inTheWay =
              tables
                  .lanes
                  .due(tables.now())
                  .filter(trigger -> trigger.job.equals(job))
                  .limit(limit)
                  .toList();
          inTheWay.forEach(trigger -> tables.change(trigger, MemoryTrigger::park));
          return inTheWay.size();
        });
  }

  @Override
  public int unpark(Set<String> jobs, int limit) {
    return tables.atomically(
        () -> {
          List<MemoryTrigger> parked =
              jobs.stream().flatMap(job -> tables.parked.in(job).stream()).limit(limit).toList();
          parked.forEach(trigger -> tables.change(trigger, MemoryTrigger::unpark));
          return parked.size();
        });
  }
}
