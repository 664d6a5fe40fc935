package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.texts;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.Spawn;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** PostgreSQL 13 or newer: each step of the movement is one statement. */
final class PostgresDialect implements Dialect {

  /** Sets our advisory locks apart from the application's. */
  static final int LOCK_SPACE = 0x65736361;

  private final Tables tables;
  private final PostgresSql sql;
  private final PostgresCheckpoints checkpoints;
  private final PostgresRetention retention;
  private final PostgresJobSql jobSql;
  private final PostgresEnqueue enqueue;
  private final PostgresStanding standing;
  private final PostgresRequests requests;
  private final PostgresClaims claims;
  private final ClaimTurns turns = new ClaimTurns(System::nanoTime);
  private final PostgresEndings endings;
  private final Planned held;

  PostgresDialect(Tables tables) {
    this.tables = tables;
    this.checkpoints = new PostgresCheckpoints(tables);
    this.retention = new PostgresRetention(tables);
    this.sql = new PostgresSql(tables);
    this.jobSql = new PostgresJobSql(tables);
    this.enqueue = new PostgresEnqueue(tables);
    this.standing = new PostgresStanding(sql);
    this.requests = new PostgresRequests(tables);
    this.claims = new PostgresClaims(sql);
    this.endings = new PostgresEndings(tables);
    this.held = new Planned(tables.in(JdbcClaims.HELD));
  }

  @Override
  public ClaimResult claim(Database database, ClaimRequest request) {
    return turns.take(
        PostgresClaims.wantedInTurn(request),
        inTurn ->
            database.prepared(
                way ->
                    way.write("claim triggers", handle -> claims.claim(handle, request, inTurn))));
  }

  @Override
  public Ended complete(
      Database database,
      List<Completion> completions,
      BiFunction<Handle, Ended, Ended> afterwards) {
    return database.prepared(way -> endings.complete(way, completions, afterwards));
  }

  @Override
  public Query held(Handle handle) {
    return held.query(handle);
  }

  @Override
  public Ended completeInTurn(Database database, Completion completion) {
    return endings.completeInTurn(database, completion);
  }

  @Override
  public Ended complete(Handle handle, List<Completion> completions) {
    return endings.complete(handle, completions);
  }

  @Override
  public Ended takeOver(Database database, List<Completion> completions) {
    return endings.takeOver(database, completions);
  }

  @Override
  public List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
    if (enqueue.isPlain(triggers)) {
      return database.prepared(way -> way.write("enqueue", handle -> enqueue(handle, triggers)));
    }
    return enqueue.isOneStatement(triggers)
        ? database.write("enqueue", handle -> enqueue(handle, triggers))
        : database.transact("enqueue", handle -> enqueue(handle, triggers));
  }

  @Override
  public List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    return enqueue.enqueue(handle, triggers);
  }

  @Override
  public Database wayToEnqueue(Database database, List<NewTrigger> triggers) {
    return enqueue.isPlain(triggers) ? database.asGiven() : database;
  }

  @Override
  public boolean enqueuesAtOnce() {
    return true;
  }

  @Override
  public Optional<Integer> keep(
      Database database, Guard guard, Instant fireTime, byte[] checkpoint) {
    return database.write(
        "keep a checkpoint", handle -> checkpoints.keep(handle, guard, fireTime, checkpoint));
  }

  @Override
  public void report(Database database, Collection<Checkpoints.Report> reports) {
    database.write("report progress", handle -> checkpoints.report(handle, reports));
  }

  @Override
  public Lists lists(Database database) {
    return new PostgresLists(database, tables);
  }

  /** No column that the index hasn't, or the rows would have to be fetched. */
  @Override
  public String claimOrder() {
    return "t.due";
  }

  @Override
  public int purge(Database database, Duration age, int limit) {
    return retention.purge(database, age, limit);
  }

  @Override
  public int trim(Database database, String job, int keep, int limit) {
    return retention.trim(database, job, keep, limit);
  }

  @Override
  public Map<TriggerId, Requests.Answer> put(
      Database database, Collection<TriggerId> ids, Request request) {
    return database.write("ask for something", handle -> requests.put(handle, ids, request));
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

  /** Whether nobody else migrates these tables or tends them; keeps it so for the transaction. */
  boolean tryLockSchema(Handle handle, Tables tables) {
    return handle
        .createQuery("SELECT pg_try_advisory_xact_lock(:space, :tables)")
        .bind("space", LOCK_SPACE)
        .bind("tables", tables.qualified().hashCode())
        .mapTo(Boolean.class)
        .one();
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
