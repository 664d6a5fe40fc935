package dev.escapement.store;

import java.time.Instant;
import java.util.EnumSet;
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
          MemoryJob row = tables.job(job);
          if (!row.isPaused()
              && tables.liveSessions().stream().anyMatch(session -> session.knows(job))) {
            return 0;
          }
          Hold hold = row.isPaused() ? Hold.JOB_PAUSED : Hold.NO_HANDLER;
          List<MemoryTrigger> inTheWay =
              tables
                  .lanes
                  .due(tables.now())
                  .filter(trigger -> trigger.job.equals(job))
                  .limit(limit)
                  .toList();
          inTheWay.forEach(trigger -> tables.change(trigger, held -> held.hold(hold)));
          return inTheWay.size();
        });
  }

  @Override
  public int unpark(Set<String> jobs, int limit) {
    return tables.atomically(
        () -> {
          List<MemoryTrigger> freed =
              jobs.stream()
                  .flatMap(job -> tables.parked.in(job).stream())
                  .filter(trigger -> !endedHolds(trigger).isEmpty())
                  .limit(limit)
                  .toList();
          freed.forEach(trigger -> tables.change(trigger, row -> row.free(endedHolds(row))));
          return freed.size();
        });
  }

  private Set<Hold> endedHolds(MemoryTrigger trigger) {
    Set<Hold> ended = EnumSet.of(Hold.NO_HANDLER);
    if (!tables.job(trigger.job).isPaused()) {
      ended.add(Hold.JOB_PAUSED);
    }
    ended.retainAll(trigger.holds());
    return ended;
  }
}
