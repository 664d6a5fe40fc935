package dev.escapement.store;

import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.JobPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class MemoryTriggers implements Triggers {

  private final MemoryTables tables;

  MemoryTriggers(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    return tables.atomically(
        () -> {
          refuseUsedIds(triggers);
          Instant now = tables.now();
          List<Enqueued> answers = new ArrayList<>(triggers.size());
          for (NewTrigger trigger : triggers) {
            answers.add(enqueue(trigger, now));
          }
          return List.copyOf(answers);
        });
  }

  private void refuseUsedIds(List<NewTrigger> triggers) {
    Set<TriggerId> seen = new HashSet<>();
    for (NewTrigger trigger : triggers) {
      if (!seen.add(trigger.id()) || tables.trigger(trigger.id()) != null) {
        throw new StoreException(
            "The trigger id " + trigger.id() + " is in use; make a new one for each request.",
            null);
      }
    }
  }

  private Enqueued enqueue(NewTrigger made, Instant now) {
    MemoryTrigger live = made.key() == null ? null : tables.trigger(made.job(), made.key());
    if (live != null) {
      return new Enqueued(live.id, Enqueued.Result.KEPT);
    }
    tables.insert(new MemoryTrigger(made, lane(made), now));
    return new Enqueued(made.id(), Enqueued.Result.CREATED);
  }

  private Position.Lane lane(NewTrigger made) {
    JobDeclaration job =
        tables.jobs.getOrDefault(
            made.job(), new JobDeclaration(made.job(), JobPolicy.DEFAULT_QUEUE, Priority.NORMAL));
    NewTrigger.Placement asked = made.placement();
    return new Position.Lane(
        asked.queue() == null ? job.queue() : asked.queue(),
        asked.priority() == null ? job.priority() : asked.priority());
  }

  @Override
  public Optional<TriggerRecord> find(TriggerId id) {
    return tables.atomically(() -> found(tables.trigger(id)));
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return tables.atomically(() -> found(tables.trigger(job, key)));
  }

  private static Optional<TriggerRecord> found(@Nullable MemoryTrigger trigger) {
    return Optional.ofNullable(trigger).map(MemoryTrigger::toRecord);
  }

  @Override
  public boolean resume(TriggerId id, long version) {
    return tables.atomically(
        () -> {
          MemoryTrigger trigger = tables.trigger(id);
          if (trigger == null
              || trigger.state() != TriggerState.PAUSED
              || trigger.version() != version) {
            return false;
          }
          tables.change(trigger, MemoryTrigger::resume);
          return true;
        });
  }
}
