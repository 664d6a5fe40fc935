package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TransientStoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** How triggers are enqueued on PostgreSQL: what doesn't conflict at once, then the rest. */
final class PostgresEnqueue {

  /** How often an enqueue may find a key taken, and then find that its holder has gone. */
  private static final int ROUNDS = 10;

  private final PostgresSql sql;

  PostgresEnqueue(PostgresSql sql) {
    this.sql = sql;
  }

  List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
    boolean oneStatement =
        triggers.size() == 1 || triggers.stream().allMatch(trigger -> trigger.key() == null);
    return oneStatement
        ? database.write("enqueue", handle -> enqueue(handle, triggers))
        : database.transact("enqueue", handle -> enqueue(handle, triggers));
  }

  /**
   * Inserts what doesn't conflict, then looks for what the rest conflicted with. Whose conflict has
   * gone in between is tried again.
   */
  private List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    Map<UUID, Enqueued> answers = new HashMap<>();
    List<NewTrigger> rest = triggers;
    for (int round = 0; !rest.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new TransientStoreException(
            "Could not enqueue: the keys of " + rest.size() + " triggers come and go.", null);
      }
      for (UUID id : insert(handle, rest)) {
        answers.put(id, new Enqueued(new TriggerId(id), Enqueued.Result.CREATED));
      }
      rest = unanswered(rest, answers);
      if (!rest.isEmpty()) {
        answers.putAll(kept(handle, rest));
        rest = unanswered(rest, answers);
      }
    }
    return triggers.stream()
        .map(trigger -> Objects.requireNonNull(answers.get(trigger.id().value())))
        .toList();
  }

  private static List<NewTrigger> unanswered(
      List<NewTrigger> triggers, Map<UUID, Enqueued> answers) {
    return triggers.stream().filter(trigger -> !answers.containsKey(trigger.id().value())).toList();
  }

  private List<UUID> insert(Handle handle, List<NewTrigger> triggers) {
    return handle
        .createQuery(sql.enqueue)
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
        .mapTo(UUID.class)
        .list();
  }

  private Map<UUID, Enqueued> kept(Handle handle, List<NewTrigger> triggers) {
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
                    new Enqueued(new TriggerId(Values.uuid(row, "kept")), Enqueued.Result.KEPT)))
        .list();
    return kept;
  }
}
