package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * How triggers are enqueued on PostgreSQL: write, then look for what was in the way of the rest.
 */
final class PostgresEnqueue {

  /** How often an enqueue may find a key taken, and then find that its holder has gone. */
  private static final int ROUNDS = 10;

  private static final Comparator<NewTrigger> KEY_ORDER =
      Comparator.comparing(NewTrigger::key, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(NewTrigger::job);

  private final PostgresEnqueueSql sql;

  PostgresEnqueue(Tables tables) {
    this.sql = new PostgresEnqueueSql(tables);
  }

  /** Whether these need no transaction: nothing is half done after any of the statements. */
  boolean isOneStatement(List<NewTrigger> triggers) {
    return triggers.size() == 1 || triggers.stream().allMatch(trigger -> trigger.key() == null);
  }

  /** One row that nothing stands in the way of, which is what most enqueuings are. */
  boolean isPlain(List<NewTrigger> triggers) {
    return triggers.size() == 1
        && triggers.get(0).key() == null
        && triggers.get(0).kind() == TriggerKind.ONE_TIME;
  }

  List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    Map<UUID, Enqueued> answers = new HashMap<>();
    for (List<NewTrigger> run : runs(triggers)) {
      enqueue(handle, run, answers);
    }
    return triggers.stream()
        .map(trigger -> Objects.requireNonNull(answers.get(trigger.id().value())))
        .toList();
  }

  /**
   * What one statement can do at once: what has the same policy, and if that changes rows, no row
   * twice. In order of the keys, so that two lists don't wait for each other in a circle. Most
   * lists are one run.
   */
  private static List<List<NewTrigger>> runs(List<NewTrigger> triggers) {
    List<List<NewTrigger>> runs = new ArrayList<>();
    NewTrigger last = null;
    for (NewTrigger next : triggers.stream().sorted(KEY_ORDER).toList()) {
      boolean goesOn =
          last != null && policy(last) == policy(next) && !(changes(next) && isSameKey(last, next));
      if (!goesOn) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(next);
      last = next;
    }
    return runs;
  }

  private static OnConflict policy(NewTrigger trigger) {
    return trigger.key() == null || trigger.kind() == TriggerKind.STANDING
        ? OnConflict.KEEP
        : trigger.onConflict();
  }

  private static boolean changes(NewTrigger trigger) {
    OnConflict policy = policy(trigger);
    return policy == OnConflict.REPLACE || policy == OnConflict.RESCHEDULE;
  }

  private static boolean isSameKey(NewTrigger one, NewTrigger other) {
    return KEY_ORDER.compare(one, other) == 0;
  }

  /**
   * Writes, then looks for what stood in the way of those that weren't written. Where that has gone
   * in between, tries again.
   */
  private void enqueue(Handle handle, List<NewTrigger> run, Map<UUID, Enqueued> answers) {
    List<NewTrigger> rest = run;
    for (int round = 0; !rest.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new TransientStoreException(
            "Could not enqueue: the keys of " + rest.size() + " triggers come and go.", null);
      }
      write(handle, rest, answers);
      rest = unanswered(rest, answers);
      if (!rest.isEmpty()) {
        findKept(handle, rest, answers);
        rest = unanswered(rest, answers);
      }
    }
  }

  private static List<NewTrigger> unanswered(
      List<NewTrigger> triggers, Map<UUID, Enqueued> answers) {
    return triggers.stream().filter(trigger -> !answers.containsKey(trigger.id().value())).toList();
  }

  private void write(Handle handle, List<NewTrigger> triggers, Map<UUID, Enqueued> answers) {
    if (isPlain(triggers)) {
      writeOne(handle, triggers.get(0), answers);
    } else {
      writeAll(handle, triggers, answers);
    }
  }

  private void writeOne(Handle handle, NewTrigger trigger, Map<UUID, Enqueued> answers) {
    Priority priority = trigger.placement().priority();
    UUID id = trigger.id().value();
    handle
        .createUpdate(sql.plain)
        .bind("id", id)
        .bind("dueAt", at(trigger.due()))
        .bind("dueIn", in(trigger.due()))
        .bind("priority", priority == null ? null : Codes.of(priority))
        .bind("job", trigger.job())
        .bind("queue", trigger.placement().queue())
        .bind("payload", trigger.payload())
        .bind("headers", trigger.headers())
        .execute();
    answers.put(id, new Enqueued(trigger.id(), Enqueued.Result.CREATED));
  }

  private void writeAll(Handle handle, List<NewTrigger> triggers, Map<UUID, Enqueued> answers) {
    OnConflict policy = policy(triggers.get(0));
    Map<TriggerName, UUID> given = new HashMap<>();
    if (changes(triggers.get(0))) {
      triggers.forEach(trigger -> given.put(name(trigger), trigger.id().value()));
    }
    bind(handle.createQuery(statement(policy)), triggers)
        .map(
            (row, context) -> {
              UUID id = Values.uuid(row, "id");
              UUID asked =
                  given.getOrDefault(
                      new TriggerName(row.getString("job"), row.getString("job_key")), id);
              Enqueued.Result result =
                  id.equals(asked)
                      ? Enqueued.Result.CREATED
                      : changed(policy, Codes.state(row.getInt("state")));
              return answers.put(asked, new Enqueued(new TriggerId(id), result));
            })
        .list();
  }

  private static TriggerName name(NewTrigger trigger) {
    return new TriggerName(trigger.job(), Objects.requireNonNull(trigger.key()));
  }

  private String statement(OnConflict policy) {
    return switch (policy) {
      case KEEP, FAIL -> sql.keep;
      case REPLACE -> sql.replace;
      case RESCHEDULE -> sql.reschedule;
    };
  }

  private static Enqueued.Result changed(OnConflict policy, TriggerState state) {
    if (state == TriggerState.RUNNING) {
      return Enqueued.Result.AGAIN;
    }
    return policy == OnConflict.REPLACE ? Enqueued.Result.REPLACED : Enqueued.Result.RESCHEDULED;
  }

  private static Query bind(Query query, List<NewTrigger> triggers) {
    return query
        .bind("ids", uuids(triggers, trigger -> trigger.id().value()))
        .bind("kinds", ints(triggers, trigger -> Codes.of(trigger.kind())))
        .bind("jobs", texts(triggers, NewTrigger::job))
        .bind("keys", texts(triggers, NewTrigger::key))
        .bind("queues", texts(triggers, trigger -> trigger.placement().queue()))
        .bind(
            "priorities",
            ints(
                triggers,
                trigger -> {
                  Priority priority = trigger.placement().priority();
                  return priority == null ? null : Codes.of(priority);
                }))
        .bind("dueAt", instants(triggers, trigger -> at(trigger.due())))
        .bind("dueIn", texts(triggers, trigger -> in(trigger.due())))
        .bind(
            "schedules",
            texts(
                triggers,
                trigger -> {
                  NewTrigger.Standing standing = trigger.standing();
                  return standing == null ? null : standing.schedule();
                }))
        .bind(
            "fireTimes",
            instants(
                triggers,
                trigger -> {
                  NewTrigger.Standing standing = trigger.standing();
                  return standing == null ? null : standing.fireTime();
                }))
        .bind("payloads", bytes(triggers, NewTrigger::payload))
        .bind("headers", texts(triggers, NewTrigger::headers));
  }

  private void findKept(Handle handle, List<NewTrigger> triggers, Map<UUID, Enqueued> answers) {
    Map<UUID, Enqueued> kept = new HashMap<>();
    handle
        .createQuery(sql.live)
        .bind("ids", uuids(triggers, trigger -> trigger.id().value()))
        .bind("jobs", texts(triggers, NewTrigger::job))
        .bind("keys", texts(triggers, NewTrigger::key))
        .map(
            (row, context) ->
                kept.put(
                    Values.uuid(row, "given"),
                    new Enqueued(
                        new TriggerId(Values.uuid(row, "kept")),
                        Codes.state(row.getInt("state")) == TriggerState.RUNNING
                            ? Enqueued.Result.KEPT_RUNNING
                            : Enqueued.Result.KEPT)))
        .list();
    for (NewTrigger trigger : triggers) {
      Enqueued live = kept.get(trigger.id().value());
      if (live != null && policy(trigger) == OnConflict.FAIL) {
        throw new DuplicateKeyException(trigger.job(), name(trigger).key(), live.id());
      }
    }
    answers.putAll(kept);
  }
}
