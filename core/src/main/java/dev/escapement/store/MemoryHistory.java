package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class MemoryHistory implements History {

  private final MemoryTables tables;

  MemoryHistory(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionKey key) {
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
  public List<ExecutionRecord> page(@Nullable ExecutionKey after, int limit) {
    return tables.atomically(
        () -> {
          Map<ExecutionKey, ExecutionRecord> rest =
              after == null ? tables.executions : tables.executions.tailMap(after, false);
          return rest.values().stream().limit(limit).toList();
        });
  }

  @Override
  public int purge(Duration age, int limit) {
    return tables.atomically(
        () -> {
          Instant horizon = tables.now().minus(age);
          List<ExecutionKey> old =
              tables.executions.keySet().stream()
                  .takeWhile(key -> key.claimedAt().isBefore(horizon))
                  .limit(limit)
                  .toList();
          old.forEach(tables.executions::remove);
          return old.size();
        });
  }
}
