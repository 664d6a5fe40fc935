package dev.escapement.torture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * A million rows of the far future, and a hundred thousand due ones of a job that no live node
 * knows, while the others must stay on time.
 */
record Flood(int future, int unknown) implements Fault {

  /** The job that no replica knows. */
  static final String JOB = "of-another-application";

  private static final String INSERT =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold, job,
         queue, payload)
      SELECT gen_random_uuid(), 0, %1$s, %1$s, now(), 0, 0, 0, 1, 1, 0, '%2$s', 'default', 'null'
      FROM generate_series(1, %3$d) AS n
      """;

  @Override
  public String name() {
    return "%,d future rows, and %,d due rows of an unknown job".formatted(future, unknown);
  }

  @Override
  public boolean strike(Stage stage, Random random) throws SQLException {
    try (Connection connection = DriverManager.getConnection(stage.database().url());
        Statement statement = connection.createStatement()) {
      // The witness would note each of them, and nobody asks about them.
      statement.execute("SET session_replication_role = replica");
      statement.execute(
          INSERT.formatted("now() + interval '1 day' + n * interval '1 second'", JOB, future));
      statement.execute(INSERT.formatted("now() - n * interval '1 millisecond'", JOB, unknown));
      return true;
    }
  }

  /** How many of those that nobody knows are held, so that they stand in nobody's way. */
  long held(DatabaseServer database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM escapement_trigger WHERE hold <> 0 AND job = '"
                    + JOB
                    + "'")) {
      row.next();
      return row.getLong(1);
    }
  }
}
