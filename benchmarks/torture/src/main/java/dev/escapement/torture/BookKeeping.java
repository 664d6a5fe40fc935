package dev.escapement.torture;

import dev.escapement.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what the database holds, by plain SQL of its own. */
final class BookKeeping {

  private static final Outcome[] OUTCOMES = Outcome.values();

  private BookKeeping() {}

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static List<Entry> history(Connection connection) throws SQLException {
    return all(
        connection,
        "SELECT * FROM escapement_execution",
        row ->
            new Entry(
                row.getObject("trigger_id", UUID.class),
                row.getLong("version"),
                row.getObject("session", UUID.class),
                row.getString("job"),
                row.getInt("kind") == 1,
                instant(row, "fire_time"),
                row.getLong("missed"),
                row.getInt("attempt"),
                OUTCOMES[row.getInt("outcome") - 1],
                row.getString("failure_type"),
                instant(row, "due"),
                instant(row, "claimed_at"),
                instantOrNull(row, "started_at"),
                instant(row, "ended_at")));
  }

  static List<Books.Left> left(Connection connection) throws SQLException {
    return all(
        connection,
        "SELECT * FROM escapement_trigger WHERE job <> '" + Flood.JOB + "'",
        row ->
            new Books.Left(
                row.getObject("id", UUID.class),
                row.getString("job"),
                row.getInt("kind") == 1,
                row.getInt("state"),
                row.getLong("version"),
                instant(row, "fire_time"),
                row.getLong("missed")));
  }

  static Map<UUID, String> nodes(Connection connection) throws SQLException {
    Map<UUID, String> nodes = new HashMap<>();
    all(
        connection,
        "SELECT session, node FROM escapement_node",
        row -> nodes.put(row.getObject(1, UUID.class), row.getString(2)));
    return nodes;
  }

  static List<Effect> effects(Connection connection) throws SQLException {
    return all(
        connection,
        "SELECT id, child FROM torture_effect",
        row -> new Effect(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
  }

  /**
   * How many triggers have yet to come to rest: one-time ones that a replica knows, what is due for
   * a while already, what is owned by a session that is no more, and what runs for longer than any
   * job does: its replica may have died, and nobody has said so yet.
   */
  static long unsettled(Connection connection) throws SQLException {
    return all(
            connection,
            """
            SELECT count(*) FROM escapement_trigger t
            WHERE t.job <> '%s'
              AND ((t.kind = 0 AND t.parent IS NULL)
                   OR (t.state = 1 AND t.due < CURRENT_TIMESTAMP - INTERVAL '2' SECOND)
                   OR (t.state = 2
                       AND (t.claimed_at < CURRENT_TIMESTAMP - INTERVAL '5' SECOND
                            OR NOT EXISTS (SELECT 1 FROM escapement_node n
                                           WHERE n.session = t.owner AND n.live))))
            """
                .formatted(Flood.JOB),
            row -> row.getLong(1))
        .get(0);
  }

  private static <T> List<T> all(Connection connection, String sql, Reader<T> reader)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(reader.read(row));
      }
    }
    return rows;
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
