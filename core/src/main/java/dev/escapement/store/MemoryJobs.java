package dev.escapement.store;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

final class MemoryJobs implements Jobs {

  private final MemoryTables tables;

  MemoryJobs(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public List<JobRecord> all() {
    return tables.atomically(
        () -> {
          List<MemorySession> live = tables.liveSessions();
          return tables.jobs.values().stream().map(job -> job.toRecord(live)).toList();
        });
  }

  @Override
  public void settle(Set<String> jobs) {
    tables.atomically(() -> jobs.forEach(tables::settle));
  }

  @Override
  public boolean override(String job, @Nullable String schedule) {
    return decide(job, row -> row.override(schedule));
  }

  @Override
  public boolean pause(String job, boolean paused) {
    return decide(job, row -> row.pause(paused));
  }

  private boolean decide(String job, Predicate<MemoryJob> decision) {
    return tables.atomically(
        () -> {
          MemoryJob row = tables.jobs.get(job);
          if (row == null) {
            return false;
          }
          if (decision.test(row)) {
            tables.epoch++;
          }
          return true;
        });
  }

  @Override
  public Deletion delete(String job, int limit) {
    return tables.atomically(
        () -> {
          if (!tables.jobs.containsKey(job)) {
            return Deletion.UNKNOWN;
          }
          if (tables.liveSessions().stream().anyMatch(session -> session.knows(job))) {
            return Deletion.LIVE;
          }
          List<MemoryTrigger> triggers = tables.triggersOf(job);
          if (triggers.stream().anyMatch(trigger -> trigger.owner() != null)) {
            return Deletion.RUNNING;
          }
          triggers.stream().limit(limit).forEach(tables::remove);
          if (triggers.size() > limit) {
            return Deletion.MORE;
          }
          tables.jobs.remove(job);
          tables.epoch++;
          return Deletion.DELETED;
        });
  }
}
