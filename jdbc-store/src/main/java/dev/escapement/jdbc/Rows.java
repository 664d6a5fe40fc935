package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.instant;
import static dev.escapement.jdbc.Values.present;
import static dev.escapement.jdbc.Values.uuid;

import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Guard;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.TriggerRecord;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads rows, whose columns are called as in the tables. */
final class Rows {

  private Rows() {}

  /** Makes something of a whole answer. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet rows, StatementContext context) throws SQLException;
  }

  /** Reads an answer at once, and closes the statement, which Jdbi leaves to whoever scans. */
  static <T> T scan(Query query, Reader<T> reader) {
    return query.scanResultSet(
        (rows, context) -> {
          try (context) {
            return reader.read(rows.get(), context);
          }
        });
  }

  static TriggerRecord trigger(ResultSet row, StatementContext context) throws SQLException {
    UUID owner = row.getObject("owner", UUID.class);
    UUID parent = row.getObject("parent", UUID.class);
    return new TriggerRecord(
        new TriggerId(uuid(row, "id")),
        Codes.kind(row.getInt("kind")),
        row.getString("job"),
        row.getString("job_key"),
        row.getString("queue"),
        Codes.priority(row.getInt("priority")),
        Codes.state(row.getInt("state")),
        Codes.holds(row.getInt("hold")),
        instant(row, "fire_time"),
        instant(row, "due"),
        row.getLong("version"),
        row.getInt("attempt"),
        row.getInt("lost"),
        owner == null ? null : new SessionId(owner),
        instant(row, "claimed_at"),
        row.getString("reason"),
        row.getString("schedule"),
        instant(row, "last_fire"),
        row.getLong("missed"),
        row.getBoolean("stale"),
        parent == null ? null : new TriggerId(parent),
        Codes.requests(row.getInt("request")),
        row.getBytes("payload"),
        row.getString("headers"));
  }

  static RunningTrigger running(ResultSet row, StatementContext context) throws SQLException {
    return new RunningTrigger(
        guard(row),
        Codes.kind(row.getInt("kind")),
        row.getString("job"),
        row.getString("job_key"),
        row.getInt("attempt"),
        row.getInt("lost"));
  }

  static ExecutionRecord execution(ResultSet row, StatementContext context) throws SQLException {
    String failure = row.getString("failure_type");
    return new ExecutionRecord(
        new ExecutionId(
            present(row, "claimed_at"),
            new TriggerId(uuid(row, "trigger_id")),
            row.getLong("version")),
        new SessionId(uuid(row, "session")),
        row.getString("node"),
        Codes.kind(row.getInt("kind")),
        row.getString("job"),
        row.getString("job_key"),
        row.getInt("attempt"),
        present(row, "fire_time"),
        row.getLong("missed"),
        present(row, "due"),
        instant(row, "started_at"),
        present(row, "ended_at"),
        Codes.outcome(row.getInt("outcome")),
        failure == null
            ? null
            : new Failure(
                failure, row.getString("failure_message"), row.getString("failure_trace")),
        row.getBytes("payload"),
        row.getBytes("result"));
  }

  static SessionRecord session(ResultSet row, StatementContext context) throws SQLException {
    return new SessionRecord(
        new SessionId(uuid(row, "session")),
        row.getString("node"),
        row.getString("application_version"),
        row.getBoolean("live"),
        row.getLong("beat"),
        texts(row.getArray("queues")),
        new NodeLoad(row.getInt("workers"), row.getInt("running")),
        present(row, "started_at"));
  }

  static JobRecord job(ResultSet row, StatementContext context) throws SQLException {
    String name = row.getString("name");
    return new JobRecord(
        name,
        declaration(row, name, ""),
        declaration(row, name, "current_"),
        row.getString("override"),
        row.getBoolean("paused"),
        row.getInt("sessions"),
        instant(row, "first_seen"));
  }

  private static @Nullable JobDeclaration declaration(ResultSet row, String job, String prefix)
      throws SQLException {
    String queue = row.getString(prefix + "queue");
    return queue == null
        ? null
        : new JobDeclaration(
            job,
            queue,
            Codes.priority(row.getInt(prefix + "priority")),
            row.getString(prefix + "schedule"));
  }

  static Guard guard(ResultSet row) throws SQLException {
    return new Guard(
        new TriggerId(uuid(row, "id")), row.getLong("version"), new SessionId(uuid(row, "owner")));
  }

  private static Set<String> texts(@Nullable Array array) throws SQLException {
    Set<String> texts = new TreeSet<>();
    for (Object text : (Object[]) Objects.requireNonNull(array).getArray()) {
      texts.add((String) text);
    }
    return texts;
  }
}
