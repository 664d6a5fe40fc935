package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A history that may be in partitions: whoever purges it tends them first. */
final class PartitionedHistory implements History {

  private final History rows;
  private final PartitionUpkeep upkeep;

  PartitionedHistory(History rows, PartitionUpkeep upkeep) {
    this.rows = rows;
    this.upkeep = upkeep;
  }

  @Override
  public int purge(Duration age, int limit) {
    upkeep.tend(age);
    return upkeep.isDropPending() ? 0 : rows.purge(age, limit);
  }

  @Override
  public int trim(String job, int keep, int limit) {
    return rows.trim(job, keep, limit);
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionId key) {
    return rows.find(key);
  }

  @Override
  public List<ExecutionRecord> of(TriggerId trigger) {
    return rows.of(trigger);
  }

  @Override
  public List<ExecutionRecord> list(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    return rows.list(filter, before, limit);
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    return rows.count(filter, limit);
  }
}
