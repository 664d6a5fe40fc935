package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Spawn;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.Triggers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enqueuing and reading triggers. How rows are inserted is the dialect's. */
final class JdbcTriggers implements Triggers {

  private static final String FIND = "SELECT * FROM escapement_trigger WHERE id = :id";

  private static final String FIND_KEY =
      "SELECT * FROM escapement_trigger WHERE job = :job AND job_key = :key";

  static final String STALE =
      """
      SELECT *
      FROM escapement_trigger
      WHERE stale = TRUE AND state <> 2
      ORDER BY id
      LIMIT :limit
      """;

  private static final String PAUSE =
      """
      UPDATE escapement_trigger
      SET state = 3, version = version + 1, reason = :reason
      WHERE id = :id AND version = :version AND state = 1
      """;

  private static final String DELETE =
      """
      DELETE FROM escapement_trigger
      WHERE id = :id AND version = :version AND kind = 1 AND state <> 2
      """;

  private final Database database;
  private final Dialect dialect;
  private final Lists lists;
  private final JdbcTransactions transactions;
  private final String find;
  private final String findKey;
  private final String stale;
  private final String pause;
  private final String delete;

  JdbcTriggers(Database database, Dialect dialect, Tables tables, JdbcTransactions transactions) {
    this.database = database;
    this.lists = dialect.lists(database);
    this.transactions = transactions;
    this.dialect = dialect;
    this.find = tables.in(FIND);
    this.findKey = tables.in(FIND_KEY);
    this.stale = tables.in(STALE);
    this.pause = tables.in(PAUSE);
    this.delete = tables.in(DELETE);
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    if (triggers.isEmpty()) {
      return List.of();
    }
    return transactions
        .current()
        .map(connection -> transactions.enqueue(connection, triggers))
        .orElseGet(() -> dialect.enqueue(database, triggers));
  }

  @Override
  public Optional<TriggerRecord> find(TriggerId id) {
    return database.read(
        "find a trigger",
        handle -> handle.createQuery(find).bind("id", id.value()).map(Rows::trigger).findOne());
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return database.read(
        "find a trigger",
        handle ->
            handle
                .createQuery(findKey)
                .bind("job", job)
                .bind("key", key)
                .map(Rows::trigger)
                .findOne());
  }

  @Override
  public List<TriggerRecord> find(List<TriggerName> names) {
    List<TriggerName> distinct = names.stream().distinct().toList();
    return distinct.isEmpty() ? List.of() : dialect.find(database, distinct);
  }

  @Override
  public List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    return lists.triggers(filter, after, limit);
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    return lists.count(filter, limit);
  }

  @Override
  public Set<TriggerId> amend(List<Amendment> amendments) {
    return amendments.isEmpty() ? Set.of() : dialect.amend(database, once(amendments));
  }

  /** A version is seen once, also if a list says so twice: the first one counts. */
  private static List<Amendment> once(List<Amendment> amendments) {
    Map<TriggerId, Amendment> first = new LinkedHashMap<>();
    amendments.forEach(amendment -> first.putIfAbsent(amendment.id(), amendment));
    return List.copyOf(first.values());
  }

  @Override
  public List<TriggerRecord> stale(int limit) {
    return database.read(
        "look for stale triggers",
        handle -> handle.createQuery(stale).bind("limit", limit).map(Rows::trigger).list());
  }

  @Override
  public boolean spawn(Spawn spawn) {
    return dialect.spawn(database, spawn);
  }

  @Override
  public boolean pause(TriggerId id, long version, Next.Pause paused) {
    return database.write(
        "pause a trigger",
        handle ->
            handle
                    .createUpdate(pause)
                    .bind("id", id.value())
                    .bind("version", version)
                    .bind("reason", paused.reason())
                    .execute()
                == 1);
  }

  @Override
  public boolean delete(TriggerId id, long version) {
    return database.write(
        "delete a trigger",
        handle ->
            handle.createUpdate(delete).bind("id", id.value()).bind("version", version).execute()
                == 1);
  }
}
