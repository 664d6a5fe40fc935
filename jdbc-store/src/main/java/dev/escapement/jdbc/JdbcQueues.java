package dev.escapement.jdbc;

import dev.escapement.Priority;
import dev.escapement.store.Queues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What people decide about queues, and how long they are. */
final class JdbcQueues implements Queues {

  private static final String CHANGE =
      "UPDATE escapement_queue SET paused = :paused WHERE name = :queue AND paused <> :paused";

  /** Two who pause a queue for the first time at once: the second finds the name taken. */
  private static final String ADD =
      """
      INSERT INTO escapement_queue (name, paused)
      SELECT CAST(:queue AS VARCHAR), TRUE
      WHERE NOT EXISTS (SELECT 1 FROM escapement_queue WHERE name = :queue)
      """;

  private static final String LANE =
      """
        (SELECT t.due
         FROM escapement_trigger t
         WHERE t.state = 1 AND t.hold = 0 AND t.queue = :queue AND t.priority = :priority
           AND t.due <= CURRENT_TIMESTAMP
         ORDER BY %1$s
         LIMIT :limit)
      """;

  private static final String PAUSED = "SELECT name FROM escapement_queue WHERE paused";

  /**
   * Each priority is a stretch of the claim index, read in the order of due and no further than
   * wanted. What stands in for {@code %s} is that order as the dialect says it.
   */
  private static final String DEPTH =
      """
      SELECT CURRENT_TIMESTAMP AS now, count(*) AS due, min(waiting.due) AS oldest
      FROM (
      """
          + Stream.of(Priority.values())
              .map(priority -> LANE.replace(":priority", Integer.toString(Codes.of(priority))))
              .collect(Collectors.joining("  UNION ALL\n"))
          + ") waiting\n";

  private final Database database;
  private final String change;
  private final String add;
  private final String paused;
  private final String depth;
  private final String raiseEpoch;

  JdbcQueues(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.change = tables.in(CHANGE);
    this.add = tables.in(ADD);
    this.paused = tables.in(PAUSED);
    this.depth = depth(dialect, tables);
    this.raiseEpoch = tables.in(JdbcSessions.RAISE_EPOCH);
  }

  static String depth(Dialect dialect, Tables tables) {
    return tables.in(DEPTH.formatted(dialect.claimOrder()));
  }

  @Override
  public boolean pause(String queue, boolean out) {
    return database.transact(
        out ? "pause a queue" : "put a queue back into service",
        handle -> {
          boolean changed = change(handle, queue, out);
          if (changed) {
            handle.execute(raiseEpoch);
          }
          return changed;
        });
  }

  private boolean change(Handle handle, String queue, boolean out) {
    int changed = handle.createUpdate(change).bind("queue", queue).bind("paused", out).execute();
    return changed == 1 || (out && handle.createUpdate(add).bind("queue", queue).execute() == 1);
  }

  @Override
  public Set<String> paused() {
    return database.read(
        "read the paused queues", handle -> handle.createQuery(paused).mapTo(String.class).set());
  }

  @Override
  public Depth depth(String queue, int cap) {
    long limit = cap + 1L;
    return database.read(
        "measure a queue",
        handle ->
            handle
                .createQuery(depth)
                .bind("queue", queue)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Depth(
                            Math.min(row.getLong("due"), limit),
                            Values.instant(row, "oldest"),
                            now(row)))
                .one());
  }

  private static Instant now(ResultSet row) throws SQLException {
    return Objects.requireNonNull(Values.instant(row, "now")).truncatedTo(ChronoUnit.MICROS);
  }
}
