package dev.escapement.jdbc;

import dev.escapement.Failure;
import dev.escapement.store.Checkpoints.Report;
import dev.escapement.store.Guard;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How runs write their rows on H2: lock the trigger whose guard is held, then write. */
final class H2Checkpoints {

  private static final String LOCK =
      """
      SELECT request
      FROM escapement_trigger
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
      FOR UPDATE
      """;

  private static final String KEEP =
      """
      MERGE INTO escapement_checkpoint AS c
      USING (VALUES (CAST(:id AS UUID), CAST(:fireTime AS TIMESTAMP(6) WITH TIME ZONE),
                     CAST(:checkpoint AS VARBINARY)))
        AS given (id, fire_time, checkpoint) ON c.trigger_id = given.id
      WHEN MATCHED THEN UPDATE
        SET fire_time = given.fire_time,
            checkpoint = given.checkpoint,
            done = CASE WHEN c.fire_time = given.fire_time THEN c.done END,
            total = CASE WHEN c.fire_time = given.fire_time THEN c.total END,
            message = CASE WHEN c.fire_time = given.fire_time THEN c.message END,
            reported_at = CASE WHEN c.fire_time = given.fire_time THEN c.reported_at END
      WHEN NOT MATCHED THEN INSERT (trigger_id, fire_time, checkpoint)
        VALUES (given.id, given.fire_time, given.checkpoint)
      """;

  /** Waiting for a row that is held, a report would keep the ends of all others out. */
  private static final String FREE = "SKIP LOCKED";

  private static final String REPORT =
      """
      MERGE INTO escapement_checkpoint AS c
      USING (VALUES (CAST(:id AS UUID), CAST(:fireTime AS TIMESTAMP(6) WITH TIME ZONE),
                     CAST(:done AS BIGINT), CAST(:total AS BIGINT), CAST(:message AS VARCHAR)))
        AS given (id, fire_time, done, total, message) ON c.trigger_id = given.id
      WHEN MATCHED THEN UPDATE
        SET fire_time = given.fire_time,
            checkpoint = CASE WHEN c.fire_time = given.fire_time THEN c.checkpoint END,
            done = given.done,
            total = given.total,
            message = given.message,
            reported_at = CURRENT_TIMESTAMP
      WHEN NOT MATCHED THEN INSERT (trigger_id, fire_time, done, total, message, reported_at)
        VALUES (given.id, given.fire_time, given.done, given.total, given.message,
                CURRENT_TIMESTAMP)
      """;

  private final String lock;
  private final String lockFree;
  private final String keep;
  private final String report;

  H2Checkpoints(Tables tables) {
    this.lock = tables.in(LOCK);
    this.lockFree = tables.in(LOCK + FREE);
    this.keep = tables.in(KEEP);
    this.report = tables.in(REPORT);
  }

  Optional<Integer> keep(Handle handle, Guard guard, Instant fireTime, byte[] checkpoint) {
    Optional<Integer> asked = lock(handle, lock, guard);
    if (asked.isPresent()) {
      handle
          .createUpdate(keep)
          .bind("id", guard.id().value())
          .bind("fireTime", fireTime)
          .bind("checkpoint", checkpoint)
          .execute();
    }
    return asked;
  }

  int report(Handle handle, Collection<Report> reports) {
    List<Report> inOrderOfIds =
        reports.stream().sorted(Comparator.comparing(each -> each.guard().id())).toList();
    int written = 0;
    for (Report each : inOrderOfIds) {
      if (lock(handle, lockFree, each.guard()).isPresent()) {
        written +=
            handle
                .createUpdate(report)
                .bind("id", each.guard().id().value())
                .bind("fireTime", each.fireTime())
                .bind("done", each.done())
                .bind("total", each.total())
                .bind("message", Failure.storable(each.message()))
                .execute();
      }
    }
    return written;
  }

  private static Optional<Integer> lock(Handle handle, String statement, Guard guard) {
    return handle
        .createQuery(statement)
        .bind("id", guard.id().value())
        .bind("version", guard.version())
        .bind("owner", guard.owner().value())
        .mapTo(Integer.class)
        .findOne();
  }
}
