package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerFilter;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists on PostgreSQL: one statement each. */
final class PostgresLists implements Lists {

  private final Database database;
  private final PostgresTriggerLists triggers;
  private final PostgresExecutionLists executions;

  PostgresLists(Database database, Tables tables) {
    this.database = database;
    this.triggers = new PostgresTriggerLists(tables);
    this.executions = new PostgresExecutionLists(tables);
  }

  @Override
  public List<TriggerRecord> triggers(
      TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    Listing listing = triggers.triggers(filter, after);
    return database.read(
        "list triggers",
        handle -> listing.in(handle).bind("limit", limit).map(Rows::trigger).list());
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    Listing listing = triggers.count(filter);
    return database.read(
        "count triggers",
        handle -> listing.in(handle).bind("limit", limit).mapTo(Long.class).one());
  }

  @Override
  public List<ExecutionRecord> executions(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    Listing listing = executions.executions(filter, before);
    return database.read(
        "list executions",
        handle -> listing.in(handle).bind("limit", limit).map(Rows::execution).list());
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    Listing listing = executions.count(filter);
    return database.read(
        "count executions",
        handle -> listing.in(handle).bind("limit", limit).mapTo(Long.class).one());
  }
}
