package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.store.BusyStoreException;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  /** Whose state is compared otherwise than by {@code = 2} for the sake of the planner. */
  static final String HELD =
      """
      SELECT t.id, t.version, t.owner
      FROM escapement_trigger t
      WHERE t.state > 1 AND t.owner IS NOT NULL AND t.id = ANY (:ids)
      """;

  private static final Logger LOG = LoggerFactory.getLogger(JdbcClaims.class);

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
    if (completions.isEmpty()) {
      return Ended.NOTHING;
    }
    return dialect.complete(
        database, once(completions), (handle, ended) -> withBusy(handle, ended, completions));
  }

  @Override
  public Ended completeInTurn(Completion completion) {
    try {
      return dialect.completeInTurn(database, completion);
    } catch (BusyStoreException e) {
      LOG.debug("A row was held all the time that a completion may wait for it", e);
      return new Ended(Set.of(), Map.of(), Set.of(completion.guard().id()));
    }
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return completions.isEmpty() ? Ended.NOTHING : dialect.takeOver(database, once(completions));
  }

  private Ended withBusy(Handle handle, Ended ended, List<Completion> completions) {
    Set<Guard> missing =
        completions.stream()
            .map(Completion::guard)
            .filter(guard -> !ended.written().contains(guard.id()))
            .collect(Collectors.toSet());
    return missing.isEmpty()
        ? ended
        : new Ended(ended.written(), ended.turned(), stillHeld(handle, missing));
  }

  /**
   * Which guards are held after the step that should have ended them: their rows were locked. On
   * the connection that we have, for another one may be long in coming. Must not fail, for then the
   * caller would not hear what was written; that a claim that has gone is said to be busy does no
   * harm.
   */
  private Set<TriggerId> stillHeld(Handle handle, Set<Guard> guards) {
    List<TriggerId> ids = guards.stream().map(Guard::id).toList();
    try {
      return dialect
          .held(handle)
          .bind("ids", Values.uuids(ids, TriggerId::value))
          .map((row, context) -> Rows.guard(row))
          .stream()
          .filter(guards::contains)
          .map(Guard::id)
          .collect(Collectors.toSet());
    } catch (JdbiException e) {
      LOG.debug("Whether claims go on couldn't be read; they count as busy", e);
      return Set.copyOf(ids);
    }
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
