package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.Triggers;
import java.util.List;
import java.util.Optional;

/** Enqueuing and reading triggers. How rows are inserted is the dialect's. */
final class JdbcTriggers implements Triggers {

  private static final String FIND =
      """
      SELECT id, kind, job, job_key, queue, priority, state, hold, fire_time, due, version,
             attempt, lost, owner, claimed_at, reason, payload
      FROM escapement_trigger
      WHERE id = :id
      """;

  private static final String FIND_KEY =
      """
      SELECT id, kind, job, job_key, queue, priority, state, hold, fire_time, due, version,
             attempt, lost, owner, claimed_at, reason, payload
      FROM escapement_trigger
      WHERE job = :job AND job_key = :key
      """;

  private static final String RESUME =
      """
      UPDATE escapement_trigger
      SET state = 1, version = version + 1, attempt = 0, lost = 0, reason = NULL
      WHERE id = :id AND version = :version AND state = 3
      """;

  private final Database database;
  private final Dialect dialect;
  private final String find;
  private final String findKey;
  private final String resume;

  JdbcTriggers(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.find = tables.in(FIND);
    this.findKey = tables.in(FIND_KEY);
    this.resume = tables.in(RESUME);
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    return triggers.isEmpty() ? List.of() : dialect.enqueue(database, triggers);
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
  public boolean resume(TriggerId id, long version) {
    return database.write(
        "resume a trigger",
        handle ->
            handle.createUpdate(resume).bind("id", id.value()).bind("version", version).execute()
                == 1);
  }
}
