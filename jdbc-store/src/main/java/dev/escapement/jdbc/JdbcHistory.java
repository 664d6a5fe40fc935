package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionKey;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Ended attempts. */
final class JdbcHistory implements History {

  private static final String FIND =
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

  private static final String FIRST_PAGE =
      """
      SELECT *
      FROM escapement_execution
      ORDER BY claimed_at, trigger_id, version
      LIMIT :limit
      """;

  private static final String NEXT_PAGE =
      """
      SELECT *
      FROM escapement_execution
      WHERE (claimed_at, trigger_id, version) > (:claimedAt, :trigger, :version)
      ORDER BY claimed_at, trigger_id, version
      LIMIT :limit
      """;

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

  private final Database database;
  private final String find;
  private final String of;
  private final String firstPage;
  private final String nextPage;
  private final String purge;

  JdbcHistory(Database database, Tables tables) {
    this.database = database;
    this.find = tables.in(FIND);
    this.of = tables.in(OF);
    this.firstPage = tables.in(FIRST_PAGE);
    this.nextPage = tables.in(NEXT_PAGE);
    this.purge = tables.in(PURGE);
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionKey key) {
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
  public List<ExecutionRecord> page(@Nullable ExecutionKey after, int limit) {
    return database.read(
        "read executions",
        handle -> {
          Query query =
              after == null
                  ? handle.createQuery(firstPage)
                  : bind(handle.createQuery(nextPage), after);
          return query.bind("limit", limit).map(Rows::execution).list();
        });
  }

  @Override
  public int purge(Duration age, int limit) {
    return database.write(
        "purge executions",
        handle -> {
          Instant before = Values.now(handle).minus(age);
          return handle.createUpdate(purge).bind("before", before).bind("limit", limit).execute();
        });
  }

  private static Query bind(Query query, ExecutionKey key) {
    return query
        .bind("claimedAt", key.claimedAt())
        .bind("trigger", key.trigger().value())
        .bind("version", key.version());
  }
}
