package dev.escapement.store;

import dev.escapement.Progress;
import dev.escapement.TriggerId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class MemoryCheckpoints implements Checkpoints {

  /** What runs of one fire have left. */
  record Row(Instant fireTime, byte @Nullable [] checkpoint, @Nullable Progress progress) {}

  private final MemoryTables tables;

  MemoryCheckpoints(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<Set<RequestKind>> keep(Guard guard, Instant fireTime, byte[] checkpoint) {
    return tables.atomically(
        () -> {
          MemoryTrigger trigger = tables.held(guard);
          if (trigger == null) {
            return Optional.empty();
          }
          Row row = row(trigger.id, fireTime);
          tables.checkpoints.put(trigger.id, new Row(row.fireTime(), checkpoint, row.progress()));
          return Optional.of(trigger.asked.kinds());
        });
  }

  /** What there is of that fire; a row of another fire counts for nothing. */
  private Row row(TriggerId id, Instant fireTime) {
    Instant micros = fireTime.truncatedTo(ChronoUnit.MICROS);
    Row row = tables.checkpoints.get(id);
    return row == null || !row.fireTime().equals(micros) ? new Row(micros, null, null) : row;
  }

  @Override
  public Optional<byte[]> find(TriggerId trigger, Instant fireTime) {
    return tables.atomically(() -> Optional.ofNullable(row(trigger, fireTime).checkpoint()));
  }

  @Override
  public void report(List<Report> reports) {
    tables.atomically(
        () -> {
          Instant now = tables.now();
          for (Report report : reports) {
            MemoryTrigger trigger = tables.held(report.guard());
            if (trigger != null) {
              Row row = row(trigger.id, report.fireTime());
              Progress progress =
                  new Progress(report.done(), report.total(), report.message(), now);
              tables.checkpoints.put(
                  trigger.id, new Row(row.fireTime(), row.checkpoint(), progress));
            }
          }
        });
  }

  @Override
  public Optional<Progress> progress(TriggerId trigger) {
    return tables.atomically(
        () -> Optional.ofNullable(tables.checkpoints.get(trigger)).map(Row::progress));
  }

  @Override
  public int purge(int limit) {
    return tables.atomically(
        () -> {
          List<TriggerId> over =
              tables.checkpoints.entrySet().stream()
                  .filter(entry -> isOver(entry.getKey(), entry.getValue()))
                  .map(Map.Entry::getKey)
                  .limit(limit)
                  .toList();
          over.forEach(tables.checkpoints::remove);
          return over.size();
        });
  }

  private boolean isOver(TriggerId id, Row row) {
    MemoryTrigger trigger = tables.trigger(id);
    return trigger == null || !trigger.fires(row.fireTime());
  }
}
