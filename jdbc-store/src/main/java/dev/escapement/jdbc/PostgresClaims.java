package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.texts;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Guard;
import dev.escapement.store.Position;
import dev.escapement.store.SessionId;
import dev.escapement.store.Spawner;
import dev.escapement.store.TriggerRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** How triggers are claimed on PostgreSQL: one statement for all demands. */
final class PostgresClaims {

  private final PostgresSql sql;

  PostgresClaims(PostgresSql sql) {
    this.sql = sql;
  }

  /** How many are asked for, or none where a claim isn't kept prepared and so can't wait. */
  static int wantedInTurn(ClaimRequest request) {
    return request.spawning().isEmpty()
        ? request.demands().stream().mapToInt(Demand::limit).sum()
        : 0;
  }

  /**
   * @param inTurn whether to wait for a turn first, where the claim is kept prepared
   */
  ClaimResult claim(Handle handle, ClaimRequest request, boolean inTurn) {
    Query query =
        claimOf(handle, request, inTurn)
            .bind("session", request.session().value())
            .bind("queues", texts(request.demands(), Demand::queue))
            .bind("limits", ints(request.demands(), Demand::limit))
            .bind("high", since(request, Priority.HIGH))
            .bind("normal", since(request, Priority.NORMAL))
            .bind("low", since(request, Priority.LOW))
            .bind("known", texts(request.jobs()));
    return Rows.scan(query, (rows, context) -> claimed(rows, context, request.session()));
  }

  private Query claimOf(Handle handle, ClaimRequest request, boolean inTurn) {
    boolean spawning = !request.spawning().isEmpty();
    boolean aged = request.demands().stream().anyMatch(demand -> demand.waited() != null);
    Query query;
    if (spawning) {
      query =
          handle
              .createQuery(aged ? sql.claimAgedSpawning : sql.claimSpawning)
              .bind("spawning", texts(request.spawning()));
    } else {
      Planned planned = aged ? sql.claimAged : sql.claim;
      query = inTurn ? planned.queryInTurn(handle) : planned.query(handle);
    }
    if (aged) {
      query.bind("waited", texts(request.demands(), PostgresClaims::waited));
    }
    return query;
  }

  private static String waited(Demand demand) {
    Waited waited = demand.waited();
    return (waited == null ? Duration.ZERO : waited.least()).toString();
  }

  private static Argument since(ClaimRequest request, Priority priority) {
    Map<Position.Lane, Instant> dues = request.position().dues();
    return instants(
        request.demands(),
        demand -> {
          Waited waited = demand.waited();
          return waited == null || waited.priority() == priority
              ? dues.getOrDefault(new Position.Lane(demand.queue(), priority), Due.EARLIEST)
              : Due.LATEST;
        });
  }

  static ClaimResult claimed(ResultSet rows, StatementContext context, SessionId session)
      throws SQLException {
    List<Claim> claims = new ArrayList<>();
    Map<TriggerId, Spawner> spawners = new LinkedHashMap<>();
    Instant now = null;
    Instant nextDue = null;
    long epoch = 0;
    long requests = 0;
    while (rows.next()) {
      if (now == null) {
        now = Values.present(rows, "now");
        nextDue = Values.instant(rows, "next_due");
        epoch = rows.getLong("epoch");
        requests = rows.getLong("requests");
      }
      if (rows.getBoolean("spawns")) {
        TriggerRecord trigger = Rows.trigger(rows, context);
        spawners.put(trigger.id(), new Spawner(trigger, rows.getInt("children")));
      } else {
        UUID id = Values.uuid(rows, "id");
        if (id != null) { // it is null in the one row of an answer without claims
          claims.add(claim(rows, new TriggerId(id), session, now));
        }
      }
    }
    return new ClaimResult(
        claims,
        List.copyOf(spawners.values()),
        Objects.requireNonNull(now, "the row of control is missing"),
        nextDue,
        epoch,
        requests);
  }

  private static Claim claim(ResultSet row, TriggerId id, SessionId session, Instant now)
      throws SQLException {
    Instant due = Values.ofMicros(row.getLong("due_micros"));
    Instant fireTime = Values.instant(row, "other_fire_time");
    return new Claim(
        new Guard(id, row.getLong("version"), session),
        Codes.kind(row.getInt("kind")),
        row.getString("job"),
        row.getString("job_key"),
        row.getString("queue"),
        Codes.priority(row.getInt("priority")),
        fireTime == null ? due : fireTime,
        due,
        now,
        row.getInt("attempt"),
        row.getInt("lost"),
        row.getString("schedule"),
        row.getLong("missed"),
        row.getBoolean("stale"),
        row.getBytes("payload"),
        row.getString("headers"));
  }
}
