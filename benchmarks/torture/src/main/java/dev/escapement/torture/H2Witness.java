package dev.escapement.torture;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** What {@link Witness} calls on H2, in the database's own process. */
public final class H2Witness implements Trigger {

  private static final String NOTE =
      "INSERT INTO torture_move"
          + " (moved_at, id, job, standing, parent, was, became, version, owner, fires_at, missed,"
          + " payload)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Map<String, Integer> columns = new HashMap<>();

  /** Called by H2. */
  public H2Witness() {}

  @Override
  public void init(
      Connection connection, String schema, String trigger, String table, boolean before, int type)
      throws SQLException {
    try (ResultSet row = connection.getMetaData().getColumns(null, schema, table, null)) {
      while (row.next()) {
        String name = row.getString("COLUMN_NAME").toLowerCase(Locale.ROOT);
        columns.put(name, row.getInt("ORDINAL_POSITION") - 1);
      }
    }
  }

  @Override
  public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] after)
      throws SQLException {
    Object was = before == null ? null : of(before, "state");
    Object is = after == null ? null : of(after, "state");
    Object oldOwner = before == null ? null : of(before, "owner");
    Object[] row = after == null ? Objects.requireNonNull(before) : after;
    Object owner = of(row, "owner");
    if (before != null
        && after != null
        && Objects.equals(was, is)
        && Objects.equals(oldOwner, owner)) {
      return;
    }
    try (PreparedStatement note = connection.prepareStatement(NOTE)) {
      note.setObject(1, OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC));
      note.setObject(2, of(row, "id"));
      note.setObject(3, of(row, "job"));
      note.setObject(4, ((Number) Objects.requireNonNull(of(row, "kind"))).intValue() == 1);
      note.setObject(5, of(row, "parent"));
      note.setObject(6, was);
      note.setObject(7, is);
      note.setObject(8, of(row, "version"));
      note.setObject(9, owner == null ? oldOwner : owner);
      note.setObject(10, of(row, "fire_time"));
      note.setObject(11, of(row, "missed"));
      note.setString(
          12,
          new String((byte[]) Objects.requireNonNull(of(row, "payload")), StandardCharsets.UTF_8));
      note.executeUpdate();
    }
  }

  private @Nullable Object of(Object[] row, String column) {
    return row[Objects.requireNonNull(columns.get(column), column)];
  }
}
