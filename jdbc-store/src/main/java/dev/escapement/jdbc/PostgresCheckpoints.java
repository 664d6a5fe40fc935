package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Failure;
import dev.escapement.store.Checkpoints.Report;
import dev.escapement.store.Guard;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How runs write their rows on PostgreSQL: with one statement, which keeps the rows of the triggers
 * locked in which it finds the guards, so that whoever takes a trigger over comes before it or
 * after it. A row of another fire is written over whole.
 */
final class PostgresCheckpoints {

  static final String KEEP =
      """
      WITH held AS MATERIALIZED (
        SELECT t.id, t.request
        FROM escapement_trigger t
        WHERE t.id = :id AND t.version = :version AND t.owner = :owner AND t.state = 2
        FOR SHARE
      ), kept AS (
        INSERT INTO escapement_checkpoint AS c (trigger_id, fire_time, checkpoint)
        SELECT held.id, :fireTime, :checkpoint
        FROM held
        ON CONFLICT (trigger_id) DO UPDATE
        SET fire_time = excluded.fire_time,
            checkpoint = excluded.checkpoint,
            done = CASE WHEN c.fire_time = excluded.fire_time THEN c.done END,
            total = CASE WHEN c.fire_time = excluded.fire_time THEN c.total END,
            message = CASE WHEN c.fire_time = excluded.fire_time THEN c.message END,
            reported_at = CASE WHEN c.fire_time = excluded.fire_time THEN c.reported_at END
      )
      SELECT request FROM held
      """;

  /** Passes over rows that are held: waiting for one, it would keep the ends of all others out. */
  static final String REPORT =
      """
      WITH held AS MATERIALIZED (
        SELECT given.id, given.fire_time, given.done, given.total, given.message
        FROM unnest(:ids::uuid[], :versions::bigint[], :owners::uuid[], :fireTimes::timestamptz[],
                    :done::bigint[], :totals::bigint[], :messages::text[])
          AS given (id, version, owner, fire_time, done, total, message)
        JOIN escapement_trigger t
          ON t.id = given.id AND t.version = given.version AND t.owner = given.owner
        WHERE t.state = 2
        ORDER BY t.id
        FOR SHARE OF t SKIP LOCKED
      )
      INSERT INTO escapement_checkpoint AS c
        (trigger_id, fire_time, done, total, message, reported_at)
      SELECT id, fire_time, done, total, message, statement_timestamp()
      FROM held
      ORDER BY id
      ON CONFLICT (trigger_id) DO UPDATE
      SET fire_time = excluded.fire_time,
          checkpoint = CASE WHEN c.fire_time = excluded.fire_time THEN c.checkpoint END,
          done = excluded.done,
          total = excluded.total,
          message = excluded.message,
          reported_at = excluded.reported_at
      """;

  private final String keep;
  private final String report;

  PostgresCheckpoints(Tables tables) {
    this.keep = tables.in(KEEP);
    this.report = tables.in(REPORT);
  }

  Optional<Integer> keep(Handle handle, Guard guard, Instant fireTime, byte[] checkpoint) {
    return handle
        .createQuery(keep)
        .bind("id", guard.id().value())
        .bind("version", guard.version())
        .bind("owner", guard.owner().value())
        .bind("fireTime", fireTime)
        .bind("checkpoint", checkpoint)
        .mapTo(Integer.class)
        .findOne();
  }

  int report(Handle handle, Collection<Report> reports) {
    return handle
        .createUpdate(report)
        .bind("ids", uuids(reports, each -> each.guard().id().value()))
        .bind("versions", longs(reports, each -> each.guard().version()))
        .bind("owners", uuids(reports, each -> each.guard().owner().value()))
        .bind("fireTimes", instants(reports, Report::fireTime))
        .bind("done", longs(reports, Report::done))
        .bind("totals", longs(reports, Report::total))
        .bind("messages", texts(reports, each -> Failure.storable(each.message())))
        .execute();
  }
}
