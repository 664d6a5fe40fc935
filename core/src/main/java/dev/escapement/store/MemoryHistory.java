package dev.escapement.store;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class MemoryHistory implements History {

  private final MemoryTables tables;

  MemoryHistory(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionId key) {
    return tables.atomically(() -> Optional.ofNullable(tables.executions.get(key)));
  }

  @Override
  public List<ExecutionRecord> of(TriggerId trigger) {
    return tables.atomically(
        () ->
            tables.executions.values().stream()
                .filter(execution -> execution.key().trigger().equals(trigger))
                .toList());
  }

  @Override
  public List<ExecutionRecord> list(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    return tables.atomically(
        () ->
            (before == null ? tables.executions : tables.executions.headMap(before, false))
                .descendingMap().values().stream()
                    .filter(execution -> isMeant(filter, execution))
                    .limit(limit)
                    .toList());
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    return tables.atomically(
        () ->
            tables.executions.values().stream()
                .filter(execution -> isMeant(filter, execution))
                .limit(limit)
                .count());
  }

  private static boolean isMeant(ExecutionFilter filter, ExecutionRecord execution) {
    Instant claimedAt = execution.key().claimedAt();
    return filter.job().map(execution.job()::equals).orElse(true)
        && filter.key().map(key -> key.equals(execution.jobKey())).orElse(true)
        && filter.outcome().map(outcome -> outcome == execution.outcome()).orElse(true)
        && filter.from().map(from -> !claimedAt.isBefore(from)).orElse(true)
        && filter.until().map(claimedAt::isBefore).orElse(true);
  }

  @Override
  public int purge(Duration age, int limit) {
    return tables.atomically(
        () -> {
          Instant horizon = tables.now().minus(age);
          List<ExecutionId> old =
              tables.executions.keySet().stream()
                  .takeWhile(key -> key.claimedAt().isBefore(horizon))
                  .limit(limit)
                  .toList();
          old.forEach(tables.executions::remove);
          return old.size();
        });
  }

  @Override
  public int trim(String job, int keep, int limit) {
    return tables.atomically(
        () -> {
          List<ExecutionId> ofJob =
              tables.executions.values().stream()
                  .filter(execution -> execution.job().equals(job))
                  .map(ExecutionRecord::key)
                  .toList();
          List<ExecutionId> beyond =
              ofJob.stream().limit(Math.min(limit, Math.max(0, ofJob.size() - keep))).toList();
          beyond.forEach(tables.executions::remove);
          return beyond.size();
        });
  }
}
