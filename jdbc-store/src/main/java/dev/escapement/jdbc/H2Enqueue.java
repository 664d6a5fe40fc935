package dev.escapement.jdbc;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * How triggers are enqueued on H2, which can't skip a conflict: look who is there, and insert the
 * rest. Where another was faster, the transaction begins anew.
 */
final class H2Enqueue {

  private static final int TRIES = 10;
  private static final String BEFORE = "escapement_before_enqueue";

  /** So that two lists of the same keys wait for each other instead of in a circle. */
  private static final Comparator<NewTrigger> KEY_ORDER =
      Comparator.comparing(NewTrigger::job)
          .thenComparing(NewTrigger::key, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final H2Sql sql;

  H2Enqueue(H2Sql sql) {
    this.sql = sql;
  }

  /** A live trigger that bears a key. */
  private record Live(TriggerId id, TriggerKind kind, TriggerState state) {}

  /**
   * In a transaction of the application's, which can't begin anew: where another was faster, only
   * this is taken back and done again.
   */
  List<Enqueued> enqueueAmongOthers(Handle handle, List<NewTrigger> triggers) {
    for (int tries = 1; ; tries++) {
      handle.savepoint(BEFORE);
      try {
        List<Enqueued> answers = enqueue(handle, triggers);
        handle.releaseSavepoint(BEFORE);
        return answers;
      } catch (UnableToExecuteStatementException e) {
        if (tries == TRIES || !SqlErrors.isTaken(e)) {
          throw e;
        }
        handle.rollbackToSavepoint(BEFORE);
      }
    }
  }

  List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    Instant now = Values.now(handle);
    Map<TriggerName, Live> live = live(handle, triggers);
    Map<TriggerId, Enqueued> answers = new HashMap<>();
    List<NewTrigger> fresh = new ArrayList<>();
    Map<String, Placement> declared = placements(handle, triggers);
    for (NewTrigger trigger : triggers.stream().sorted(KEY_ORDER).toList()) {
      TriggerName name = name(trigger);
      Live before = name == null ? null : live.get(name);
      if (before == null) {
        fresh.add(trigger);
        answers.put(trigger.id(), new Enqueued(trigger.id(), Enqueued.Result.CREATED));
        if (name != null) {
          live.put(name, new Live(trigger.id(), trigger.kind(), TriggerState.SCHEDULED));
        }
      } else {
        if (changes(trigger, before)) {
          insert(handle, fresh, declared, now);
          fresh.clear();
        }
        answers.put(
            trigger.id(), new Enqueued(before.id(), meet(handle, trigger, before, declared, now)));
      }
    }
    insert(handle, fresh, declared, now);
    return triggers.stream()
        .map(trigger -> Objects.requireNonNull(answers.get(trigger.id())))
        .toList();
  }

  private static @Nullable TriggerName name(NewTrigger trigger) {
    return trigger.key() == null ? null : new TriggerName(trigger.job(), trigger.key());
  }

  /** Those that bear the keys; what may be changed is locked, in order of the ids. */
  private Map<TriggerName, Live> live(Handle handle, List<NewTrigger> triggers) {
    Map<TriggerName, Live> live = new HashMap<>();
    Map<TriggerId, TriggerName> toLock = new TreeMap<>();
    for (NewTrigger trigger : triggers) {
      TriggerName name = name(trigger);
      if (name == null) {
        continue;
      }
      Live found =
          live.containsKey(name)
              ? live.get(name)
              : bearer(
                  handle.createQuery(sql.liveKey).bind("job", name.job()).bind("key", name.key()));
      if (found != null) {
        live.put(name, found);
        if (changes(trigger, found)) {
          toLock.put(found.id(), name);
        }
      }
    }
    toLock.forEach(
        (id, name) -> {
          Live locked = bearer(handle.createQuery(sql.lockKey).bind("id", id.value()));
          if (locked == null) {
            live.remove(name);
          } else {
            live.put(name, locked);
          }
        });
    return live;
  }

  private static @Nullable Live bearer(Query query) {
    return query
        .map(
            (row, context) ->
                new Live(
                    new TriggerId(Values.uuid(row, "id")),
                    Codes.kind(row.getInt("kind")),
                    Codes.state(row.getInt("state"))))
        .findOne()
        .orElse(null);
  }

  private static boolean changes(NewTrigger trigger, Live live) {
    return live.kind() == TriggerKind.ONE_TIME
        && trigger.kind() == TriggerKind.ONE_TIME
        && (trigger.onConflict() == OnConflict.REPLACE
            || trigger.onConflict() == OnConflict.RESCHEDULE);
  }

  private Enqueued.Result meet(
      Handle handle, NewTrigger trigger, Live live, Map<String, Placement> declared, Instant now) {
    if (trigger.onConflict() == OnConflict.FAIL) {
      throw new DuplicateKeyException(
          trigger.job(), Objects.requireNonNull(trigger.key()), live.id());
    }
    boolean runs = live.state() == TriggerState.RUNNING;
    if (!changes(trigger, live)) {
      return runs ? Enqueued.Result.KEPT_RUNNING : Enqueued.Result.KEPT;
    }
    UUID id = live.id().value();
    Instant due = trigger.due().resolve(now);
    if (trigger.onConflict() == OnConflict.RESCHEDULE) {
      handle
          .createUpdate(runs ? sql.rescheduleRunning : sql.reschedule)
          .bind("id", id)
          .bind("due", due)
          .execute();
      return runs ? Enqueued.Result.AGAIN : Enqueued.Result.RESCHEDULED;
    }
    handle
        .createUpdate(runs ? sql.replaceRunning : sql.replace)
        .bind("id", id)
        .bind("due", due)
        .bind("payload", trigger.payload())
        .bind("headers", trigger.headers())
        .bind("queue", queue(trigger, declared))
        .bind("priority", priority(trigger, declared))
        .execute();
    if (runs) {
      return Enqueued.Result.AGAIN;
    }
    handle.createUpdate(sql.forget).bind("trigger", id).execute();
    return Enqueued.Result.REPLACED;
  }

  private static String queue(NewTrigger trigger, Map<String, Placement> declared) {
    Placement ofJob = declared.getOrDefault(trigger.job(), Placement.OF_JOB);
    return first(trigger.placement().queue(), ofJob.queue(), JobPolicy.DEFAULT_QUEUE);
  }

  private static int priority(NewTrigger trigger, Map<String, Placement> declared) {
    Placement ofJob = declared.getOrDefault(trigger.job(), Placement.OF_JOB);
    return Codes.of(first(trigger.placement().priority(), ofJob.priority(), Priority.NORMAL));
  }

  private void insert(
      Handle handle, List<NewTrigger> triggers, Map<String, Placement> declared, Instant now) {
    if (triggers.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(sql.insert);
    for (NewTrigger trigger : triggers) {
      NewTrigger.Standing standing = trigger.standing();
      Instant due = trigger.due().resolve(now);
      batch
          .bind("id", trigger.id().value())
          .bind("kind", Codes.of(trigger.kind()))
          .bind("job", trigger.job())
          .bind("key", trigger.key())
          .bind("queue", queue(trigger, declared))
          .bind("priority", priority(trigger, declared))
          .bind("fireTime", standing == null ? due : standing.fireTime())
          .bind("due", due)
          .bind("schedule", standing == null ? null : standing.schedule())
          .bind("payload", trigger.payload())
          .bind("headers", trigger.headers())
          .add();
    }
    batch.execute();
  }

  private Map<String, Placement> placements(Handle handle, List<NewTrigger> triggers) {
    Set<String> jobs = new LinkedHashSet<>();
    triggers.forEach(trigger -> jobs.add(trigger.job()));
    Map<String, Placement> placements = new HashMap<>();
    handle
        .createQuery(sql.placement)
        .bind("jobs", Values.texts(jobs))
        .map(
            (row, context) -> {
              int priority = row.getInt("priority");
              return placements.put(
                  row.getString("name"),
                  new Placement(
                      row.getString("queue"), row.wasNull() ? null : Codes.priority(priority)));
            })
        .list();
    return placements;
  }

  private static <T> T first(@Nullable T asked, @Nullable T declared, T otherwise) {
    return asked != null ? asked : declared != null ? declared : otherwise;
  }
}
