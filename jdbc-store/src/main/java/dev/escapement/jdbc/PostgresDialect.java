package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.booleans;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Failure;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 13 or newer: each step of the movement is one statement. */
final class PostgresDialect implements Dialect {

  /** How often an enqueue may find a key taken, and then find that its holder has gone. */
  private static final int ENQUEUE_ROUNDS = 10;

  /** Sets our advisory locks apart from the application's. */
  private static final int LOCK_SPACE = 0x65736361;

  private final PostgresSql sql;

  PostgresDialect(Tables tables) {
    this.sql = new PostgresSql(tables);
  }

  @Override
  public ClaimResult claim(Database database, ClaimRequest request) {
    return database.write(
        "claim triggers",
        handle ->
            handle
                .createQuery(sql.claim)
                .bind("session", request.session().value())
                .bind("queues", texts(request.demands(), Demand::queue))
                .bind("limits", ints(request.demands(), Demand::limit))
                .bind("high", since(request, Priority.HIGH))
                .bind("normal", since(request, Priority.NORMAL))
                .bind("low", since(request, Priority.LOW))
                .bind("known", texts(request.jobs()))
                .scanResultSet((rows, context) -> claimed(rows.get(), context)));
  }

  private static Argument since(ClaimRequest request, Priority priority) {
    Map<Position.Lane, Instant> dues = request.position().dues();
    return instants(
        request.demands(),
        demand -> dues.getOrDefault(new Position.Lane(demand.queue(), priority), Due.EARLIEST));
  }

  private static ClaimResult claimed(ResultSet rows, StatementContext context) throws SQLException {
    List<Claim> claims = new ArrayList<>();
    Instant now = null;
    Instant nextDue = null;
    long epoch = 0;
    while (rows.next()) {
      if (now == null) {
        now = Values.instant(rows, "now");
        nextDue = Values.instant(rows, "next_due");
        epoch = rows.getLong("epoch");
      }
      if (rows.getObject("id") != null) {
        claims.add(Rows.claim(rows, context));
      }
    }
    return new ClaimResult(
        claims, Objects.requireNonNull(now, "the row of control is missing"), nextDue, epoch);
  }

  @Override
  public Set<TriggerId> complete(Database database, List<Completion> completions) {
    return end(database, "complete triggers", sql.complete, completions);
  }

  @Override
  public Set<TriggerId> takeOver(Database database, List<Completion> completions) {
    return end(database, "take triggers over", sql.takeOver, completions);
  }

  private static Set<TriggerId> end(
      Database database, String what, String statement, List<Completion> all) {
    return database.write(
        what,
        handle ->
            handle
                .createQuery(statement)
                .bind("ids", uuids(all, end -> end.guard().id().value()))
                .bind("versions", longs(all, end -> end.guard().version()))
                .bind("owners", uuids(all, end -> end.guard().owner().value()))
                .bind("next", texts(all, end -> word(end.next())))
                .bind("dueAt", instants(all, end -> at(due(end.next()))))
                .bind("dueIn", texts(all, end -> in(due(end.next()))))
                .bind("reasons", texts(all, end -> reason(end.next())))
                .bind("outcomes", ints(all, end -> Codes.of(end.ending().outcome())))
                .bind("started", instants(all, end -> end.ending().startedAt()))
                .bind("ended", instants(all, end -> end.ending().endedAt()))
                .bind("types", failures(all, Failure::type))
                .bind("messages", failures(all, Failure::message))
                .bind("traces", failures(all, Failure::trace))
                .bind("keep", booleans(all, end -> end.ending().keepPayload()))
                .mapTo(UUID.class)
                .map(TriggerId::new)
                .set());
  }

  private static String word(Next next) {
    if (next instanceof Next.Remove) {
      return "remove";
    } else if (next instanceof Next.Retry) {
      return "retry";
    } else if (next instanceof Next.Recover) {
      return "recover";
    } else if (next instanceof Next.Release) {
      return "release";
    } else if (next instanceof Next.Fire) {
      return "fire";
    }
    return "pause";
  }

  private static @Nullable Due due(Next next) {
    if (next instanceof Next.Retry retry) {
      return retry.due();
    } else if (next instanceof Next.Release release) {
      return release.due();
    } else if (next instanceof Next.Fire fire) {
      return fire.due();
    }
    return null;
  }

  private static @Nullable String reason(Next next) {
    return next instanceof Next.Pause pause ? pause.reason() : null;
  }

  private static Argument failures(List<Completion> all, Function<Failure, String> part) {
    return texts(
        all,
        end -> {
          Failure failure = end.ending().failure();
          return failure == null ? null : part.apply(failure);
        });
  }

  private static @Nullable Instant at(@Nullable Due due) {
    return due instanceof Due.At at ? at.instant() : null;
  }

  /** ISO-8601, which PostgreSQL reads as an interval. */
  private static @Nullable String in(@Nullable Due due) {
    return due instanceof Due.In in ? in.delay().toString() : null;
  }

  @Override
  public List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
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
      if (round == ENQUEUE_ROUNDS) {
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

  @Override
  public Set<String> strangers(
      Database database, Set<String> queues, Set<String> known, int window) {
    return database.read(
        "look for unknown jobs",
        handle ->
            handle
                .createQuery(sql.strangers)
                .bind("queues", texts(queues))
                .bind("known", texts(known))
                .bind("window", window)
                .mapTo(String.class)
                .set());
  }

  @Override
  public void lockJob(Handle handle, String job) {
    handle.createUpdate(sql.addJob).bind("job", job).execute();
    handle.createQuery(sql.lockJob).bind("job", job).mapTo(String.class).one();
  }

  @Override
  public int park(Handle handle, String job, int limit) {
    return handle.createUpdate(sql.park).bind("job", job).bind("limit", limit).execute();
  }

  @Override
  public int unpark(Database database, Set<String> jobs, int limit) {
    return database.write(
        "unpark triggers",
        handle ->
            handle
                .createUpdate(sql.unpark)
                .bind("jobs", texts(jobs))
                .bind("limit", limit)
                .execute());
  }

  @Override
  public void declare(Handle handle, List<JobDeclaration> jobs) {
    handle
        .createUpdate(sql.declare)
        .bind("names", texts(jobs, JobDeclaration::job))
        .bind("queues", texts(jobs, JobDeclaration::queue))
        .bind("priorities", ints(jobs, job -> Codes.of(job.priority())))
        .execute();
    handle
        .createUpdate(sql.move)
        .bind("names", texts(jobs, JobDeclaration::job))
        .bind("queues", texts(jobs, JobDeclaration::queue))
        .bind("priorities", ints(jobs, job -> Codes.of(job.priority())))
        .bind("standing", TriggerKind.STANDING_KEY)
        .execute();
  }

  @Override
  public void lockSchema(Handle handle, Tables tables) {
    handle
        .createQuery("SELECT 1 FROM pg_advisory_xact_lock(:space, :tables)")
        .bind("space", LOCK_SPACE)
        .bind("tables", tables.qualified().hashCode())
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public boolean schemaExists(Handle handle, String schema) {
    return handle
        .createQuery("SELECT to_regnamespace(:schema) IS NOT NULL")
        .bind("schema", schema)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public boolean tableExists(Handle handle, Tables tables, String table) {
    return handle
        .createQuery("SELECT to_regclass(:table) IS NOT NULL")
        .bind("table", tables.qualified() + table)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public String folder() {
    return "postgresql";
  }

  @Override
  public SchemaPolicy defaultPolicy() {
    return SchemaPolicy.VALIDATE;
  }
}
