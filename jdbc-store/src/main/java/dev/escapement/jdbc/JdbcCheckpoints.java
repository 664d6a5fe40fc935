package dev.escapement.jdbc;

import dev.escapement.Progress;
import dev.escapement.TriggerId;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Guard;
import dev.escapement.store.RequestKind;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What runs leave. How a row is written is the dialect's. */
final class JdbcCheckpoints implements Checkpoints {

  private static final String FIND =
      """
      SELECT checkpoint
      FROM escapement_checkpoint
      WHERE trigger_id = :trigger AND fire_time = :fireTime AND checkpoint IS NOT NULL
      """;

  private static final String PROGRESS =
      """
      SELECT done, total, message, reported_at
      FROM escapement_checkpoint
      WHERE trigger_id = :trigger AND done IS NOT NULL
      """;

  /**
   * A subquery and not a join, so that the triggers are looked up one by one, however many there
   * are. The fire time is compared once more where a row is deleted: it may have been written anew
   * meanwhile.
   */
  static final String PURGE =
      """
      DELETE FROM escapement_checkpoint
      WHERE (trigger_id, fire_time) IN (
        SELECT c.trigger_id, c.fire_time
        FROM escapement_checkpoint c
        WHERE (SELECT t.fire_time FROM escapement_trigger t WHERE t.id = c.trigger_id)
              IS DISTINCT FROM c.fire_time
        LIMIT :limit)
      """;

  private final Database database;
  private final Dialect dialect;
  private final String find;
  private final String progress;
  private final String purge;

  JdbcCheckpoints(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.find = tables.in(FIND);
    this.progress = tables.in(PROGRESS);
    this.purge = tables.in(PURGE);
  }

  @Override
  public Optional<Set<RequestKind>> keep(Guard guard, Instant fireTime, byte[] checkpoint) {
    return dialect.keep(database, guard, fireTime, checkpoint).map(Codes::requests);
  }

  @Override
  public Optional<byte[]> find(TriggerId trigger, Instant fireTime) {
    return database.read(
        "find a checkpoint",
        handle ->
            handle
                .createQuery(find)
                .bind("trigger", trigger.value())
                .bind("fireTime", fireTime)
                .map((row, context) -> row.getBytes("checkpoint"))
                .findOne());
  }

  @Override
  public void report(List<Report> reports) {
    if (!reports.isEmpty()) {
      dialect.report(database, latest(reports));
    }
  }

  /** A statement writes a row once, also if a list says so twice: the last one counts. */
  private static Collection<Report> latest(List<Report> reports) {
    Map<Guard, Report> latest = new LinkedHashMap<>();
    reports.forEach(report -> latest.put(report.guard(), report));
    return latest.values();
  }

  @Override
  public Optional<Progress> progress(TriggerId trigger) {
    return database.read(
        "read how far a run has come",
        handle ->
            handle
                .createQuery(progress)
                .bind("trigger", trigger.value())
                .map(
                    (row, context) ->
                        new Progress(
                            row.getLong("done"),
                            row.getLong("total"),
                            row.getString("message"),
                            Values.present(row, "reported_at")))
                .findOne());
  }

  @Override
  public int purge(int limit) {
    return database.write(
        "purge checkpoints", handle -> handle.createUpdate(purge).bind("limit", limit).execute());
  }
}
