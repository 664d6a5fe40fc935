package dev.escapement.jdbc;

import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.TransientStoreException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The movement. How a claim is made and ended is the dialect's. */
final class JdbcClaims implements Claims {

  private static final Comparator<Claim> CLAIM_ORDER =
      Comparator.comparing(Claim::priority)
          .reversed()
          .thenComparing(Claim::due)
          .thenComparing(claim -> claim.guard().id());

  private static final String ADVANCE =
      """
      UPDATE escapement_trigger
      SET fire_time = :fireTime, due = :due, missed = missed + :missed
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
      """;

  /** The orphans first, so that a node that runs much doesn't look at its own only. */
  static final String RUNNING =
      """
      SELECT t.id, t.version, t.owner, t.kind, t.job, t.job_key, t.attempt, t.lost
      FROM escapement_trigger t
      WHERE t.state = 2
        AND (t.owner = :self
             OR NOT EXISTS (SELECT 1 FROM escapement_node n WHERE n.session = t.owner AND n.live))
      ORDER BY CASE WHEN t.owner = :self THEN 1 ELSE 0 END, t.id
      LIMIT :limit
      """;

  private final Database database;
  private final Dialect dialect;
  private final String advance;
  private final String running;

  JdbcClaims(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.advance = tables.in(ADVANCE);
    this.running = tables.in(RUNNING);
  }

  @Override
  public ClaimResult claim(ClaimRequest request) {
    ClaimResult result;
    try {
      result = dialect.claim(database, request);
    } catch (TransientStoreException e) {
      if (!SqlErrors.isLostRace(e)) {
        throw e;
      }
      result = dialect.claim(database, wantingNothing(request));
    }
    List<Claim> claims = result.claims().stream().sorted(CLAIM_ORDER).toList();
    return new ClaimResult(
        claims,
        result.spawners(),
        result.now(),
        result.nextDue(),
        result.epoch(),
        result.requests());
  }

  /** Only asks for the clock, the epoch and the next due, and so has nothing to race for. */
  private static ClaimRequest wantingNothing(ClaimRequest request) {
    List<Demand> demands =
        request.demands().stream().map(demand -> new Demand(demand.queue(), 0)).toList();
    return new ClaimRequest(
        request.session(), demands, request.jobs(), request.spawning(), request.position());
  }

  @Override
  public boolean advance(Guard guard, Instant fireTime, Instant due, long missed) {
    return database.write(
        "advance a trigger",
        handle ->
            handle
                    .createUpdate(advance)
                    .bind("fireTime", fireTime)
                    .bind("due", due)
                    .bind("missed", missed)
                    .bind("id", guard.id().value())
                    .bind("version", guard.version())
                    .bind("owner", guard.owner().value())
                    .execute()
                == 1);
  }

  @Override
  public Ended complete(List<Completion> completions) {
    return completions.isEmpty() ? Ended.NOTHING : dialect.complete(database, once(completions));
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return completions.isEmpty() ? Ended.NOTHING : dialect.takeOver(database, once(completions));
  }

  /** A claim ends once, also if a list says so twice: the first one counts. */
  private static List<Completion> once(List<Completion> completions) {
    Map<Guard, Completion> first = new LinkedHashMap<>();
    completions.forEach(completion -> first.putIfAbsent(completion.guard(), completion));
    return List.copyOf(first.values());
  }

  @Override
  public List<RunningTrigger> running(SessionId self, int limit) {
    return database.read(
        "look at running triggers",
        handle ->
            handle
                .createQuery(running)
                .bind("self", self.value())
                .bind("limit", limit)
                .map(Rows::running)
                .list());
  }
}
