package dev.escapement.store;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class MemoryTriggers implements Triggers {

  private static final Comparator<TriggerPlace> PLACES =
      Comparator.comparing(
              TriggerPlace::due, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
          .thenComparing(TriggerPlace::id);

  private final MemoryTables tables;

  MemoryTriggers(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    return tables.atomically(
        () -> {
          refuseUsedIds(triggers);
          refuseTakenKeys(triggers);
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

  private void refuseTakenKeys(List<NewTrigger> triggers) {
    Map<TriggerName, TriggerId> earlier = new HashMap<>();
    for (NewTrigger made : triggers) {
      if (made.key() != null) {
        MemoryTrigger live = tables.trigger(made.job(), made.key());
        TriggerId first = live == null ? made.id() : live.id;
        TriggerId taken = earlier.putIfAbsent(new TriggerName(made.job(), made.key()), first);
        if (made.onConflict() == OnConflict.FAIL && (live != null || taken != null)) {
          throw new DuplicateKeyException(made.job(), made.key(), taken == null ? first : taken);
        }
      }
    }
  }

  private Enqueued enqueue(NewTrigger made, Instant now) {
    MemoryTrigger live = made.key() == null ? null : tables.trigger(made.job(), made.key());
    if (live != null) {
      return new Enqueued(live.id, meet(live, made, now));
    }
    tables.insert(new MemoryTrigger(made, lane(made), now));
    return new Enqueued(made.id(), Enqueued.Result.CREATED);
  }

  private Enqueued.Result meet(MemoryTrigger live, NewTrigger made, Instant now) {
    boolean runs = live.state() == TriggerState.RUNNING;
    if (live.kind == TriggerKind.STANDING || made.onConflict() == OnConflict.KEEP) {
      return runs ? Enqueued.Result.KEPT_RUNNING : Enqueued.Result.KEPT;
    }
    Instant due = made.due().resolve(now);
    if (made.onConflict() == OnConflict.RESCHEDULE) {
      if (runs) {
        live.asked.again(due);
        return Enqueued.Result.AGAIN;
      }
      tables.change(live, row -> row.reschedule(due));
      return Enqueued.Result.RESCHEDULED;
    }
    if (runs) {
      live.asked.again(due, made.payload(), made.headers());
      tables.change(live, row -> row.move(lane(made)));
      return Enqueued.Result.AGAIN;
    }
    tables.change(live, row -> row.replace(made, lane(made), due));
    tables.checkpoints.remove(live.id);
    return Enqueued.Result.REPLACED;
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
  public List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    return tables.atomically(
        () ->
            tables
                .triggers()
                .filter(trigger -> isMeant(filter, trigger))
                .filter(trigger -> after == null || PLACES.compare(trigger.place(), after) > 0)
                .sorted(Comparator.comparing(MemoryTrigger::place, PLACES))
                .limit(limit)
                .map(MemoryTrigger::toRecord)
                .toList());
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    return tables.atomically(
        () -> tables.triggers().filter(trigger -> isMeant(filter, trigger)).limit(limit).count());
  }

  private static boolean isMeant(TriggerFilter filter, MemoryTrigger trigger) {
    Instant due = trigger.due();
    return filter.job().map(trigger.job::equals).orElse(true)
        && filter.key().map(key -> key.equals(trigger.key)).orElse(true)
        && filter.queue().map(trigger.lane().queue()::equals).orElse(true)
        && filter.state().map(state -> state == trigger.state()).orElse(true)
        && filter.dueFrom().map(from -> due != null && !due.isBefore(from)).orElse(true)
        && filter.dueUntil().map(until -> due != null && due.isBefore(until)).orElse(true);
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
