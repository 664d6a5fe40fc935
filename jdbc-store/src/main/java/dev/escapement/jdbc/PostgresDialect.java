package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.booleans;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Failure;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.Spawn;
import dev.escapement.store.Spawner;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 13 or newer: each step of the movement is one statement. */
final class PostgresDialect implements Dialect {

  /** Sets our advisory locks apart from the application's. */
  private static final int LOCK_SPACE = 0x65736361;

  private final PostgresSql sql;
  private final PostgresJobSql jobSql;
  private final PostgresEnqueue enqueue;
  private final PostgresStanding standing;

  PostgresDialect(Tables tables) {
    this.sql = new PostgresSql(tables);
    this.jobSql = new PostgresJobSql(tables);
    this.enqueue = new PostgresEnqueue(sql);
    this.standing = new PostgresStanding(sql);
  }

  @Override
  public ClaimResult claim(Database database, ClaimRequest request) {
    return database.write(
        "claim triggers",
        handle ->
            claimOf(handle, request)
                .bind("session", request.session().value())
                .bind("queues", texts(request.demands(), Demand::queue))
                .bind("limits", ints(request.demands(), Demand::limit))
                .bind("high", since(request, Priority.HIGH))
                .bind("normal", since(request, Priority.NORMAL))
                .bind("low", since(request, Priority.LOW))
                .bind("known", texts(request.jobs()))
                .scanResultSet((rows, context) -> claimed(rows.get(), context)));
  }

  private Query claimOf(Handle handle, ClaimRequest request) {
    return request.spawning().isEmpty()
        ? handle.createQuery(sql.claim)
        : handle.createQuery(sql.claimSpawning).bind("spawning", texts(request.spawning()));
  }

  private static Argument since(ClaimRequest request, Priority priority) {
    Map<Position.Lane, Instant> dues = request.position().dues();
    return instants(
        request.demands(),
        demand -> dues.getOrDefault(new Position.Lane(demand.queue(), priority), Due.EARLIEST));
  }

  private static ClaimResult claimed(ResultSet rows, StatementContext context) throws SQLException {
    List<Claim> claims = new ArrayList<>();
    List<Spawner> spawners = new ArrayList<>();
    Instant now = null;
    Instant nextDue = null;
    long epoch = 0;
    while (rows.next()) {
      if (now == null) {
        now = Values.instant(rows, "now");
        nextDue = Values.instant(rows, "next_due");
        epoch = rows.getLong("epoch");
      }
      if (rows.getBoolean("spawns")) {
        spawners.add(new Spawner(Rows.trigger(rows, context), rows.getInt("children")));
      } else if (rows.getObject("id") != null) {
        claims.add(Rows.claim(rows, context));
      }
    }
    return new ClaimResult(
        claims,
        spawners,
        Objects.requireNonNull(now, "the row of control is missing"),
        nextDue,
        epoch);
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
                .bind("fireAt", instants(all, end -> at(fireTime(end.next()))))
                .bind("fireIn", texts(all, end -> in(fireTime(end.next()))))
                .bind("missed", longs(all, end -> missed(end.next())))
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

  private static @Nullable Due fireTime(Next next) {
    return next instanceof Next.Fire fire ? fire.fireTime() : null;
  }

  private static long missed(Next next) {
    return next instanceof Next.Fire fire ? fire.missed() : 0;
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

  @Override
  public List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
    return enqueue.enqueue(database, triggers);
  }

  @Override
  public List<TriggerRecord> find(Database database, List<TriggerName> names) {
    return database.read(
        "find triggers",
        handle ->
            handle
                .createQuery(sql.names)
                .bind("jobs", texts(names, TriggerName::job))
                .bind("keys", texts(names, TriggerName::key))
                .map(Rows::trigger)
                .list());
  }

  @Override
  public Set<TriggerId> amend(Database database, List<Amendment> amendments) {
    return database.write("amend triggers", handle -> standing.amend(handle, amendments));
  }

  @Override
  public boolean spawn(Database database, Spawn spawn) {
    return database.write("spawn triggers", handle -> standing.spawn(handle, spawn));
  }

  @Override
  public Set<String> strangers(
      Database database, Set<String> queues, Set<String> known, int window) {
    return database.read(
        "look for unknown jobs",
        handle ->
            handle
                .createQuery(jobSql.strangers)
                .bind("queues", texts(queues))
                .bind("known", texts(known))
                .bind("window", window)
                .mapTo(String.class)
                .set());
  }

  @Override
  public void addJob(Handle handle, String job) {
    handle.createUpdate(jobSql.addJob).bind("job", job).execute();
  }

  @Override
  public int park(Handle handle, String job, Hold hold, int limit) {
    return handle
        .createUpdate(jobSql.park)
        .bind("job", job)
        .bind("hold", hold.bit())
        .bind("limit", limit)
        .execute();
  }

  @Override
  public int unpark(Database database, Set<String> jobs, int limit) {
    return database.write(
        "unpark triggers",
        handle ->
            handle
                .createUpdate(jobSql.unpark)
                .bind("jobs", texts(jobs))
                .bind("limit", limit)
                .execute());
  }

  @Override
  public void declare(Handle handle, List<JobDeclaration> jobs) {
    handle.createUpdate(jobSql.declare).bind("jobs", texts(jobs, JobDeclaration::job)).execute();
    handle
        .createUpdate(jobSql.see)
        .bind("jobs", texts(jobs, JobDeclaration::job))
        .bind("hashes", texts(jobs, JobDeclaration::hash))
        .bind("queues", texts(jobs, JobDeclaration::queue))
        .bind("priorities", ints(jobs, job -> Codes.of(job.priority())))
        .bind("schedules", texts(jobs, JobDeclaration::schedule))
        .execute();
  }

  @Override
  public void lockJobs(Handle handle, Collection<String> jobs) {
    handle.createQuery(jobSql.lockJobs).bind("jobs", texts(jobs)).mapTo(String.class).list();
  }

  @Override
  public void settle(Handle handle, Collection<String> jobs) {
    handle.createUpdate(jobSql.settle).bind("jobs", texts(jobs)).execute();
    handle
        .createUpdate(jobSql.move)
        .bind("jobs", texts(jobs))
        .bind("standing", TriggerKind.STANDING_KEY)
        .execute();
  }

  @Override
  public boolean deleteTriggers(Handle handle, String job, int limit) {
    int running =
        handle
            .createQuery(jobSql.deleteTriggers)
            .bind("job", job)
            .bind("limit", limit)
            .mapTo(Integer.class)
            .one();
    return running == 0;
  }

  @Override
  public void lockSchema(Handle handle, Tables tables, Duration patience) {
    limit(handle, Duration.ZERO);
    handle
        .createQuery("SELECT 1 FROM pg_advisory_xact_lock(:space, :tables)")
        .bind("space", LOCK_SPACE)
        .bind("tables", tables.qualified().hashCode())
        .mapTo(Integer.class)
        .one();
    limit(handle, patience);
  }

  /** For the transaction, whatever limits the application has set for its calls; 0 is none. */
  private static void limit(Handle handle, Duration lock) {
    handle
        .createQuery(
            "SELECT set_config('statement_timeout', '0', TRUE), set_config('lock_timeout', :lock,"
                + " TRUE)")
        .bind("lock", Long.toString(lock.toMillis()))
        .mapTo(String.class)
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
