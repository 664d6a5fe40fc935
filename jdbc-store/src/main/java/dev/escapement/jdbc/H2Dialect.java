package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Guard;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Position.Lane;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * H2: each step of the movement is a transaction, which looks with {@code FOR UPDATE} and then
 * writes a batch.
 */
final class H2Dialect implements Dialect {

  private static final List<Priority> HIGHEST_FIRST =
      List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);

  private final H2Sql sql;
  private final H2Enqueue enqueue;
  private final H2Endings endings;

  H2Dialect(Tables tables) {
    this.sql = new H2Sql(tables);
    this.enqueue = new H2Enqueue(sql);
    this.endings = new H2Endings(sql);
  }

  @Override
  public ClaimResult claim(Database database, ClaimRequest request) {
    return database.transact("claim triggers", handle -> claim(handle, request));
  }

  private ClaimResult claim(Handle handle, ClaimRequest request) {
    Situation situation = situation(handle, request.session());
    List<Claim> claims = new ArrayList<>();
    if (situation.live()) {
      for (Demand demand : request.demands()) {
        claims.addAll(candidates(handle, request, demand, situation.now()));
      }
      claims.sort(Comparator.comparing(claim -> claim.guard().id()));
      claims = write(handle, claims);
    }
    return new ClaimResult(
        claims, situation.now(), nextDue(handle, request.demands()), situation.epoch());
  }

  private record Situation(Instant now, long epoch, boolean live) {}

  private Situation situation(Handle handle, SessionId session) {
    return handle
        .createQuery(sql.situation)
        .bind("session", session.value())
        .map(
            (row, context) ->
                new Situation(
                    Objects.requireNonNull(Values.instant(row, "now")),
                    row.getLong("epoch"),
                    row.getBoolean("live")))
        .one();
  }

  private List<Claim> candidates(Handle handle, ClaimRequest request, Demand demand, Instant now) {
    List<Claim> candidates = new ArrayList<>();
    for (Priority priority : HIGHEST_FIRST) {
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
          .bind("known", Values.texts(request.jobs()))
          .bind("limit", wanted)
          .map((row, context) -> Rows.candidate(row, request.session(), now))
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
  public Set<TriggerId> complete(Database database, List<Completion> completions) {
    return database.transact(
        "complete triggers", handle -> endings.write(handle, sql.held, completions));
  }

  @Override
  public Set<TriggerId> takeOver(Database database, List<Completion> completions) {
    return database.transact(
        "take triggers over", handle -> endings.write(handle, sql.orphaned, completions));
  }

  @Override
  public List<Enqueued> enqueue(Database database, List<NewTrigger> triggers) {
    return database.transact("enqueue", handle -> enqueue.enqueue(handle, triggers));
  }

  @Override
  public Set<String> strangers(
      Database database, Set<String> queues, Set<String> known, int window) {
    return database.read(
        "look for unknown jobs",
        handle -> {
          Set<String> strangers = new HashSet<>();
          for (String queue : queues) {
            for (Priority priority : HIGHEST_FIRST) {
              handle
                  .createQuery(sql.strangers)
                  .bind("queue", queue)
                  .bind("priority", Codes.of(priority))
                  .bind("window", window)
                  .mapTo(String.class)
                  .forEach(strangers::add);
            }
          }
          strangers.removeAll(known);
          return strangers;
        });
  }

  @Override
  public void lockJob(Handle handle, String job) {
    handle.createUpdate(sql.addJob).bind("job", job).execute();
    handle.createQuery(sql.lockJob).bind("job", job).mapTo(String.class).one();
  }

  @Override
  public int park(Handle handle, String job, int limit) {
    List<UUID> due =
        handle
            .createQuery(sql.parkable)
            .bind("job", job)
            .bind("limit", limit)
            .mapTo(UUID.class)
            .list();
    return update(handle, sql.park, due);
  }

  @Override
  public int unpark(Database database, Set<String> jobs, int limit) {
    return database.transact(
        "unpark triggers",
        handle -> {
          List<UUID> parked =
              handle
                  .createQuery(sql.unparkable)
                  .bind("jobs", Values.texts(jobs))
                  .bind("limit", limit)
                  .mapTo(UUID.class)
                  .list();
          return update(handle, sql.unpark, parked);
        });
  }

  private static int update(Handle handle, String statement, List<UUID> ids) {
    return ids.isEmpty()
        ? 0
        : handle.createUpdate(statement).bind("ids", Values.uuids(ids, id -> id)).execute();
  }

  @Override
  public void declare(Handle handle, List<JobDeclaration> jobs) {
    for (JobDeclaration job : jobs) {
      handle
          .createUpdate(sql.declare)
          .bind("job", job.job())
          .bind("queue", job.queue())
          .bind("priority", Codes.of(job.priority()))
          .execute();
    }
    for (JobDeclaration job : jobs) {
      handle
          .createUpdate(sql.relocate)
          .bind("job", job.job())
          .bind("queue", job.queue())
          .bind("priority", Codes.of(job.priority()))
          .bind("standing", TriggerKind.STANDING_KEY)
          .execute();
    }
  }

  /** Nothing to lock: H2 commits with each statement, and each can be run again. */
  @Override
  public void lockSchema(Handle handle, Tables tables) {}

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
