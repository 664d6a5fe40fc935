package dev.escapement.store;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
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
    MemoryJob known = tables.jobs.get(made.job());
    Position.Lane job = (known == null ? new MemoryJob(made.job()) : known).lane();
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

  @Override
  public List<TriggerRecord> find(List<TriggerName> names) {
    return tables.atomically(
        () ->
            names.stream()
                .distinct()
                .flatMap(name -> found(tables.trigger(name.job(), name.key())).stream())
                .toList());
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

  @Override
  public Set<TriggerId> amend(List<Amendment> amendments) {
    return tables.atomically(
        () -> {
          Set<TriggerId> amended = new HashSet<>();
          for (Amendment amendment : amendments) {
            MemoryTrigger trigger = standing(amendment.id(), amendment.version());
            if (trigger != null) {
              tables.change(trigger, row -> row.amend(amendment));
              amended.add(trigger.id);
            }
          }
          return Set.copyOf(amended);
        });
  }

  private @Nullable MemoryTrigger standing(TriggerId id, long version) {
    MemoryTrigger trigger = tables.trigger(id);
    return trigger != null && trigger.kind == TriggerKind.STANDING && trigger.version() == version
        ? trigger
        : null;
  }

  @Override
  public List<TriggerRecord> stale(int limit) {
    return tables.atomically(
        () ->
            tables
                .triggers()
                .filter(MemoryTrigger::isStale)
                .limit(limit)
                .map(MemoryTrigger::toRecord)
                .toList());
  }

  @Override
  public boolean spawn(Spawn spawn) {
    return tables.atomically(
        () -> {
          MemoryTrigger parent = standing(spawn.parent(), spawn.version());
          if (parent == null || !parent.mayRun()) {
            return false;
          }
          for (Spawn.Child child : spawn.children()) {
            boolean live =
                tables.children.in(parent.id).stream().anyMatch(row -> row.fires(child.fireTime()));
            if (!live) {
              tables.insert(parent.spawn(child));
            }
          }
          tables.change(parent, row -> row.spawned(spawn));
          return true;
        });
  }

  @Override
  public boolean pause(TriggerId id, long version, Next.Pause pause) {
    return tables.atomically(
        () -> {
          MemoryTrigger trigger = tables.trigger(id);
          if (trigger == null
              || trigger.state() != TriggerState.SCHEDULED
              || trigger.version() != version) {
            return false;
          }
          tables.change(trigger, row -> row.pause(pause.reason()));
          return true;
        });
  }

  @Override
  public boolean delete(TriggerId id, long version) {
    return tables.atomically(
        () -> {
          MemoryTrigger trigger = standing(id, version);
          if (trigger == null || trigger.state() == TriggerState.RUNNING) {
            return false;
          }
          tables.remove(trigger);
          return true;
        });
  }
}
