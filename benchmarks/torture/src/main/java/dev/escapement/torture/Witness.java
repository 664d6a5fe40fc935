package dev.escapement.torture;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets the database itself note each change of a trigger's state, in the transaction that makes it.
 * So there is a record of every claim that doesn't come from the code under test.
 */
final class Witness {

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE torture_move (
            seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
            id       UUID                     NOT NULL,
            job      VARCHAR                  NOT NULL,
            standing BOOLEAN                  NOT NULL,
            parent   UUID,
            was      SMALLINT,
            became   SMALLINT,
            version  BIGINT                   NOT NULL,
            owner    UUID,
            fires_at TIMESTAMP WITH TIME ZONE,
            missed   BIGINT                   NOT NULL,
            payload  VARCHAR                  NOT NULL
          )
          """,
          """
          CREATE TABLE torture_effect (
            seq   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id    UUID NOT NULL,
            child UUID NOT NULL
          )
          """);

  private static final List<String> ON_POSTGRES =
      List.of(
          """
          CREATE FUNCTION torture_note() RETURNS trigger LANGUAGE plpgsql AS $$
          DECLARE
            it escapement_trigger := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
          BEGIN
            IF TG_OP <> 'UPDATE' OR OLD.state <> NEW.state OR OLD.owner IS DISTINCT FROM NEW.owner THEN
              INSERT INTO torture_move
                (moved_at, id, job, standing, parent, was, became, version, owner, fires_at, missed,
                 payload)
              VALUES (clock_timestamp(), it.id, it.job, it.kind = 1, it.parent,
                      CASE WHEN TG_OP <> 'INSERT' THEN OLD.state END,
                      CASE WHEN TG_OP <> 'DELETE' THEN NEW.state END,
                      it.version,
                      coalesce(it.owner, CASE WHEN TG_OP = 'UPDATE' THEN OLD.owner END),
                      it.fire_time, it.missed,
                      convert_from(it.payload, 'UTF8'));
            END IF;
            RETURN NULL;
          END $$
          """,
          """
          CREATE TRIGGER torture_witness AFTER INSERT OR UPDATE OR DELETE ON escapement_trigger
          FOR EACH ROW EXECUTE FUNCTION torture_note()
          """);

  private static final List<String> ON_H2 =
      List.of(
          "CREATE TRIGGER torture_witness AFTER INSERT, UPDATE, DELETE ON escapement_trigger"
              + " FOR EACH ROW CALL '"
              + H2Witness.class.getName()
              + "'");

  private static final String MOVES = "SELECT * FROM torture_move ORDER BY seq";

  private Witness() {}

  /** Takes its place, once the library's tables are there. */
  static void install(Connection connection) throws SQLException {
    boolean postgres =
        connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("PostgreSQL");
    try (Statement statement = connection.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
      for (String sql : postgres ? ON_POSTGRES : ON_H2) {
        statement.execute(sql);
      }
    }
  }

  /** All that it has seen. */
  static List<Move> read(Connection connection) throws SQLException {
    List<Move> moves = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MOVES)) {
      while (row.next()) {
        moves.add(
            new Move(
                row.getLong("seq"),
                row.getObject("moved_at", OffsetDateTime.class).toInstant(),
                row.getObject("id", UUID.class),
                row.getString("job"),
                row.getBoolean("standing"),
                row.getObject("parent", UUID.class),
                state(row, "was"),
                state(row, "became"),
                row.getLong("version"),
                row.getObject("owner", UUID.class),
                instant(row.getObject("fires_at", OffsetDateTime.class)),
                row.getLong("missed"),
                row.getString("payload")));
      }
    }
    return moves;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
    return value == null ? null : value.toInstant();
  }

  private static @Nullable Integer state(ResultSet row, String column) throws SQLException {
    int state = row.getInt(column);
    return row.wasNull() ? null : state;
  }
}
