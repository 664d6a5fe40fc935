package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Position.Lane;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.SessionId;
import dev.escapement.store.Spawn;
import dev.escapement.store.Spawner;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * H2: each step of the movement is a transaction, which looks with {@code FOR UPDATE} and then
 * writes a batch.
 */
final class H2Dialect implements Dialect {

  private static final List<Priority> HIGHEST_FIRST =
      List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);

  private final Tables tables;
  private final H2Sql sql;
  private final H2Checkpoints checkpoints;
  private final H2Retention retention;
  private final H2Enqueue enqueue;
  private final H2Endings endings;
  private final H2Standing standing;
  private final H2Requests requests;
  private final H2Jobs jobs;
  private final String held;

  H2Dialect(Tables tables) {
    this.tables = tables;
    this.checkpoints = new H2Checkpoints(tables);
    this.retention = new H2Retention(tables);
    this.sql = new H2Sql(tables);
    this.enqueue = new H2Enqueue(sql);
    this.endings = new H2Endings(sql);
    this.standing = new H2Standing(sql);
    this.requests = new H2Requests(tables);
    this.jobs = new H2Jobs(sql);
    this.held = tables.in(JdbcClaims.HELD);
  }

  @Override
  public ClaimResult claim(Database database, ClaimRequest request) {
    return database.transact("claim triggers", handle -> claim(handle, request));
  }

  private ClaimResult claim(Handle handle, ClaimRequest request) {
    Situation situation = situation(handle, request.session());
    List<Claim> claims = new ArrayList<>();
    Map<TriggerId, Spawner> spawners = new LinkedHashMap<>();
    if (situation.live()) {
      for (Demand demand : request.demands()) {
        for (TriggerRecord candidate : candidates(handle, request, demand, situation.now())) {
          if (candidate.kind() == TriggerKind.STANDING
              && request.spawning().contains(candidate.job())) {
            spawners.put(candidate.id(), spawner(handle, candidate));
          } else {
            claims.add(claim(candidate, request.session(), situation.now()));
          }
        }
      }
      claims.sort(Comparator.comparing(claim -> claim.guard().id()));
      claims = write(handle, claims);
    }
    return new ClaimResult(
        claims,
        List.copyOf(spawners.values()),
        situation.now(),
        nextDue(handle, request.demands()),
        situation.epoch(),
        situation.requests());
  }

  private Spawner spawner(Handle handle, TriggerRecord trigger) {
    int children =
        handle
            .createQuery(sql.children)
            .bind("parent", trigger.id().value())
            .mapTo(Integer.class)
            .one();
    return new Spawner(trigger, children);
  }

  /** The claim that is to be made of a row that isn't claimed yet. */
  private static Claim claim(TriggerRecord row, SessionId owner, Instant now) {
    return new Claim(
        new Guard(row.id(), row.version() + 1, owner),
        row.kind(),
        row.job(),
        row.key(),
        row.queue(),
        row.priority(),
        Objects.requireNonNull(row.fireTime()),
        Objects.requireNonNull(row.due()),
        now,
        row.attempt() + 1,
        row.lost(),
        row.schedule(),
        row.missed(),
        row.stale(),
        row.payload(),
        row.headers());
  }

  private record Situation(Instant now, long epoch, long requests, boolean live) {}

  private Situation situation(Handle handle, SessionId session) {
    return handle
        .createQuery(sql.situation)
        .bind("session", session.value())
        .map(
            (row, context) ->
                new Situation(
                    Objects.requireNonNull(Values.instant(row, "now")),
                    row.getLong("epoch"),
                    row.getLong("requests"),
                    row.getBoolean("live")))
        .one();
  }

  /** One that an earlier demand named too is won once: its version is gone at the second update. */
  private List<TriggerRecord> candidates(
      Handle handle, ClaimRequest request, Demand demand, Instant now) {
    Waited waited = demand.waited();
    List<Priority> lanes = waited == null ? HIGHEST_FIRST : List.of(waited.priority());
    Instant until = waited == null ? now : now.minus(waited.least());
    List<TriggerRecord> candidates = new ArrayList<>();
    for (Priority priority : lanes) {
      int wanted = demand.limit() - candidates.size();
      if (wanted == 0) {
        break;
      }
      Lane lane = new Lane(demand.queue(), priority);
      handle
          .createQuery(sql.candidates)
          .bind("queue", demand.queue())
          .bind("priority", Codes.of(priority))
          .bind("since", request.position().dues().getOrDefault(lane, Due.EARLIEST))
          .bind("until", until)
          .bind("known", Values.texts(request.jobs()))
          .bind("limit", wanted)
          .map(Rows::trigger)
          .forEach(candidates::add);
    }
    return candidates;
  }

  private List<Claim> write(Handle handle, List<Claim> candidates) {
    if (candidates.isEmpty()) {
      return candidates;
    }
    PreparedBatch batch = handle.prepareBatch(sql.claim);
    for (Claim candidate : candidates) {
      Guard guard = candidate.guard();
      batch
          .bind("session", guard.owner().value())
          .bind("id", guard.id().value())
          .bind("version", guard.version() - 1)
          .add();
    }
    int[] written = batch.execute();
    List<Claim> won = new ArrayList<>();
    for (int i = 0; i < written.length; i++) {
      if (written[i] == 1) {
        won.add(candidates.get(i));
      }
    }
    return won;
  }

  private @Nullable Instant nextDue(Handle handle, List<Demand> demands) {
    Instant earliest = null;
    for (Demand demand : demands) {
      for (Priority priority : HIGHEST_FIRST) {
        Instant due =
            handle
                .createQuery(sql.nextDue)
                .bind("queue", demand.queue())
                .bind("priority", Codes.of(priority))
                .mapTo(Instant.class)
                .findOne()
                .orElse(null);
        if (due != null && (earliest == null || due.isBefore(earliest))) {
          earliest = due;
        }
      }
    }
    return earliest;
  }

  @Override
  public Ended complete(
      Database database,
      List<Completion> completions,
      BiFunction<Handle, Ended, Ended> afterwards) {
    return database.transact(
        "complete triggers", handle -> endings.write(handle, sql.free, completions), afterwards);
  }

  @Override
  public Query held(Handle handle) {
    return handle.createQuery(held);
  }

  @Override
  public Ended completeInTurn(Database database, Completion completion) {
    return database.transact(
        "complete a trigger in its turn",
        handle -> endings.write(handle, sql.inTurn, List.of(completion)));
  }

  @Override
  public Ended complete(Handle handle, List<Completion> completions) {
    return endings.write(handle, sql.waiting, completions);
  }

  @Override
  public Ended takeOver(Database database, List<Completion> completions) {
    return database.transact(
        "take triggers over", handle -> endings.write(handle, sql.orphaned, completions));
  }

  @Override
  public List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
    return database.transact("enqueue", handle -> enqueue.enqueue(handle, triggers));
  }

  @Override
  public List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    return enqueue.enqueueAmongOthers(handle, triggers);
  }

  @Override
  public boolean enqueuesAtOnce() {
    return false;
  }

  @Override
  public Optional<Integer> keep(
      Database database, Guard guard, Instant fireTime, byte[] checkpoint) {
    return database.transact(
        "keep a checkpoint", handle -> checkpoints.keep(handle, guard, fireTime, checkpoint));
  }

  @Override
  public void report(Database database, Collection<Checkpoints.Report> reports) {
    database.transact("report progress", handle -> checkpoints.report(handle, reports));
  }

  @Override
  public Lists lists(Database database) {
    return new H2Lists(database, tables);
  }

  @Override
  public String claimOrder() {
    return "t.state, t.hold, t.queue, t.priority, t.due";
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
    return database.transact("ask for something", handle -> requests.put(handle, ids, request));
  }

  @Override
  public List<TriggerRecord> find(Database database, List<TriggerName> names) {
    return database.read(
        "find triggers",
        handle -> {
          List<TriggerRecord> found = new ArrayList<>();
          for (TriggerName name : names) {
            handle
                .createQuery(sql.name)
                .bind("job", name.job())
                .bind("key", name.key())
                .map(Rows::trigger)
                .forEach(found::add);
          }
          return found;
        });
  }

  @Override
  public Set<TriggerId> amend(Database database, List<Amendment> amendments) {
    return database.transact("amend triggers", handle -> standing.amend(handle, amendments));
  }

  @Override
  public boolean spawn(Database database, Spawn spawn) {
    return database.transact("spawn triggers", handle -> standing.spawn(handle, spawn));
  }

  @Override
  public Set<String> strangers(
      Database database, Set<String> queues, Set<String> known, int window) {
    return database.read(
        "look for unknown jobs", handle -> jobs.strangers(handle, queues, known, window));
  }

  @Override
  public void addJob(Handle handle, String job) {
    jobs.add(handle, job);
  }

  @Override
  public int park(Handle handle, String job, Hold hold, int limit) {
    return jobs.park(handle, job, hold, limit);
  }

  @Override
  public int unpark(Database database, Set<String> of, int limit) {
    return database.transact("unpark triggers", handle -> jobs.unpark(handle, of, limit));
  }

  @Override
  public void declare(Handle handle, List<JobDeclaration> declarations) {
    jobs.declare(handle, declarations);
  }

  @Override
  public void lockJobs(Handle handle, Collection<String> names) {
    jobs.lock(handle, names);
  }

  @Override
  public void settle(Handle handle, Collection<String> names) {
    jobs.settle(handle, names);
  }

  @Override
  public boolean deleteTriggers(Handle handle, String job, int limit) {
    return jobs.deleteTriggers(handle, job, limit);
  }

  /**
   * H2 changes a table by copying it. Those who do so at once wait for each other's locks until
   * these time out; it ends well, but takes its time.
   */
  @Override
  public <T> T inTurn(Supplier<T> migration) {
    synchronized (H2Dialect.class) {
      return migration.get();
    }
  }

  /**
   * Nothing to lock: H2 commits with each statement, and each can be run again. It waits for locks
   * as long as its URL says, and those who come later don't queue behind it.
   */
  @Override
  public void lockSchema(Handle handle, Tables tables, Duration patience) {}

  @Override
  public boolean schemaExists(Handle handle, String schema) {
    return handle
            .createQuery(
                "SELECT count(*) FROM information_schema.schemata WHERE schema_name = UPPER(:name)")
            .bind("name", schema)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  @Override
  public boolean tableExists(Handle handle, Tables tables, String table) {
    return handle
            .createQuery(
                """
                SELECT count(*)
                FROM information_schema.tables
                WHERE table_name = UPPER(:name)
                  AND table_schema = COALESCE(UPPER(CAST(:schema AS VARCHAR)), CURRENT_SCHEMA)
                """)
            .bind("name", tables.prefix() + table)
            .bind("schema", tables.schema())
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  @Override
  public String folder() {
    return "h2";
  }

  @Override
  public SchemaPolicy defaultPolicy() {
    return SchemaPolicy.APPLY;
  }
}
