package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Ended attempts. */
final class JdbcHistory implements History {

  static final String FIND =
      """
      SELECT *
      FROM escapement_execution
      WHERE claimed_at = :claimedAt AND trigger_id = :trigger AND version = :version
      """;

  private static final String OF =
      """
      SELECT *
      FROM escapement_execution
      WHERE trigger_id = :trigger
      ORDER BY claimed_at, version
      """;

  private final Database database;
  private final Dialect dialect;
  private final Lists lists;
  private final String find;
  private final String of;

  JdbcHistory(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.lists = dialect.lists(database);
    this.find = tables.in(FIND);
    this.of = tables.in(OF);
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionId key) {
    return database.read(
        "find an execution",
        handle -> bind(handle.createQuery(find), key).map(Rows::execution).findOne());
  }

  @Override
  public List<ExecutionRecord> of(TriggerId trigger) {
    return database.read(
        "read the executions of a trigger",
        handle ->
            handle.createQuery(of).bind("trigger", trigger.value()).map(Rows::execution).list());
  }

  @Override
  public List<ExecutionRecord> list(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    return lists.executions(filter, before, limit);
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    return lists.count(filter, limit);
  }

  @Override
  public int purge(Duration age, int limit) {
    return dialect.purge(database, age, limit);
  }

  @Override
  public int trim(String job, int keep, int limit) {
    return dialect.trim(database, job, keep, limit);
  }

  private static Query bind(Query query, ExecutionId key) {
    return query
        .bind("claimedAt", key.claimedAt())
        .bind("trigger", key.trigger().value())
        .bind("version", key.version());
  }
}
