package dev.escapement.examples.quickstart;

import dev.escapement.JobContext;
import dev.escapement.TriggerId;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers noted about their own runs: a table that the library knows nothing of, written
 * in transactions of its own. It has no constraint that would refuse a run too many: it is there to
 * show one.
 */
final class Ledger {

  private static final String CREATE =
      """
      CREATE TABLE quickstart_run (
        id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        replica      VARCHAR(20)                 NOT NULL,
        trigger_id   UUID                        NOT NULL,
        job          VARCHAR(120)                NOT NULL,
        attempt      INTEGER                     NOT NULL,
        token        BIGINT                      NOT NULL,
        fire_time    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
        due          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
        started_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
        recorded_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
        ended_at     TIMESTAMP(6) WITH TIME ZONE,
        result       VARCHAR,
        failure      VARCHAR
      )
      """;

  private static final String BEGIN =
      """
      INSERT INTO quickstart_run
        (replica, trigger_id, job, attempt, token, fire_time, due, started_at, recorded_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String END =
      """
      UPDATE quickstart_run SET ended_at = ?, result = ?, failure = ? WHERE id = ?
      """;

  private static final String FIND = "SELECT * FROM quickstart_run WHERE id = ?";

  private static final String ALL = "SELECT * FROM quickstart_run ORDER BY id";

  private static final String COUNT_DONE =
      "SELECT COUNT(*) FROM quickstart_run WHERE job = ? AND result IS NOT NULL";

  private static final String DONE =
      "SELECT DISTINCT trigger_id FROM quickstart_run WHERE result IS NOT NULL";

  private final DataSource dataSource;
  private final Store store;

  /**
   * @param store has the clock by which the scheduler goes; in Redis it is another than the
   *     database's
   */
  Ledger(DataSource dataSource, Store store) {
    this.dataSource = dataSource;
    this.store = store;
  }

  void create() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
    }
  }

  /** Notes that a run begins, and gives it its number. */
  long begin(String replica, JobContext context) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(BEGIN, new String[] {"id"})) {
      insert.setString(1, replica);
      insert.setObject(2, context.triggerId().value());
      insert.setString(3, context.job());
      insert.setInt(4, context.attempt());
      insert.setLong(5, context.fencingToken());
      insert.setObject(6, context.fireTime().atOffset(ZoneOffset.UTC));
      insert.setObject(7, context.due().atOffset(ZoneOffset.UTC));
      insert.setObject(8, context.startedAt().atOffset(ZoneOffset.UTC));
      insert.setObject(9, now().atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  void succeed(long run, String result) throws SQLException {
    end(run, result, null);
  }

  void fail(long run, String failure) throws SQLException {
    end(run, null, failure);
  }

  private void end(long run, @Nullable String result, @Nullable String failure)
      throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(END)) {
      update.setObject(1, now().atOffset(ZoneOffset.UTC));
      update.setString(2, result);
      update.setString(3, failure);
      update.setLong(4, run);
      update.executeUpdate();
    }
  }

  Run find(long id) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setLong(1, id);
      return runs(select).get(0);
    }
  }

  /** All runs, in the order in which they noted their beginning. */
  List<Run> all() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(ALL)) {
      return runs(select);
    }
  }

  int countDone(String job) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(COUNT_DONE)) {
      select.setString(1, job);
      try (ResultSet count = select.executeQuery()) {
        count.next();
        return count.getInt(1);
      }
    }
  }

  /** The triggers that have come to a result. */
  Set<TriggerId> done() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(DONE);
        ResultSet row = select.executeQuery()) {
      Set<TriggerId> done = new HashSet<>();
      while (row.next()) {
        done.add(new TriggerId(row.getObject("trigger_id", UUID.class)));
      }
      return done;
    }
  }

  /** The store's clock. */
  Instant now() {
    return store.now();
  }

  private static List<Run> runs(PreparedStatement select) throws SQLException {
    List<Run> runs = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        runs.add(run(row));
      }
    }
    return runs;
  }

  private static Run run(ResultSet row) throws SQLException {
    OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
    return new Run(
        row.getLong("id"),
        row.getString("replica"),
        new Run.Attempt(
            new TriggerId(row.getObject("trigger_id", UUID.class)),
            row.getString("job"),
            row.getInt("attempt"),
            row.getLong("token"),
            new Run.Times(
                instant(row, "fire_time"), instant(row, "due"), instant(row, "started_at"))),
        instant(row, "recorded_at"),
        ended == null ? null : ended.toInstant(),
        row.getString("result"),
        row.getString("failure"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
