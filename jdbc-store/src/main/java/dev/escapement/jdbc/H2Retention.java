package dev.escapement.jdbc;

import dev.escapement.ExecutionId;
import dev.escapement.store.ExecutionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** H2's way to delete what is old, and what is too much: that reads all that the job has. */
final class H2Retention {

  private static final String PURGE =
      """
      DELETE FROM escapement_execution
      WHERE (claimed_at, trigger_id, version) IN (
        SELECT claimed_at, trigger_id, version
        FROM escapement_execution
        WHERE claimed_at < :before
        ORDER BY claimed_at, trigger_id, version
        LIMIT :limit)
      """;

  private static final String BORDER =
      """
      SELECT *
      FROM escapement_execution
      WHERE job = :job
      ORDER BY claimed_at DESC, trigger_id DESC, version DESC
      LIMIT 1 OFFSET :keep
      """;

  private static final String TRIM =
      """
      DELETE FROM escapement_execution
      WHERE (claimed_at, trigger_id, version) IN (
        SELECT claimed_at, trigger_id, version
        FROM escapement_execution
        WHERE job = :job AND claimed_at <= :time
          AND (claimed_at < :time OR trigger_id < :trigger
               OR (trigger_id = :trigger AND version <= :version))
        ORDER BY claimed_at, trigger_id, version
        LIMIT :limit)
      """;

  private final String purge;
  private final String border;
  private final String trim;

  H2Retention(Tables tables) {
    this.purge = tables.in(PURGE);
    this.border = tables.in(BORDER);
    this.trim = tables.in(TRIM);
  }

  int purge(Database database, Duration age, int limit) {
    return database.write(
        "purge executions",
        handle -> {
          Instant before = Values.now(handle).minus(age);
          return handle.createUpdate(purge).bind("before", before).bind("limit", limit).execute();
        });
  }

  /** Whoever else trims meanwhile finds a border too, and deletes nothing on this side of it. */
  int trim(Database database, String job, int keep, int limit) {
    return database.transact(
        "trim the history",
        handle -> border(handle, job, keep).map(at -> trim(handle, job, at, limit)).orElse(0));
  }

  private Optional<ExecutionId> border(Handle handle, String job, int keep) {
    return handle
        .createQuery(border)
        .bind("job", job)
        .bind("keep", keep)
        .map(Rows::execution)
        .findOne()
        .map(ExecutionRecord::key);
  }

  private int trim(Handle handle, String job, ExecutionId newest, int limit) {
    return handle
        .createUpdate(trim)
        .bind("job", job)
        .bind("time", newest.claimedAt())
        .bind("trigger", newest.trigger().value())
        .bind("version", newest.version())
        .bind("limit", limit)
        .execute();
  }
}
