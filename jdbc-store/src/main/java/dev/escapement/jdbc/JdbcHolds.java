package dev.escapement.jdbc;

import dev.escapement.store.Hold;
import dev.escapement.store.Holds;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What keeps a due trigger from being a candidate. */
final class JdbcHolds implements Holds {

  /** How many live sessions have a handler for a job. */
  static final String KNOWN =
      """
      SELECT count(*)
      FROM escapement_handler h
      JOIN escapement_node n ON n.session = h.session
      WHERE h.job = :job AND n.live
      """;

  private static final String LOCK =
      "SELECT paused FROM escapement_job WHERE name = :job FOR UPDATE";

  private final Database database;
  private final Dialect dialect;
  private final String known;
  private final String lock;

  JdbcHolds(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.known = tables.in(KNOWN);
    this.lock = tables.in(LOCK);
  }

  @Override
  public Set<String> strangers(Set<String> queues, Set<String> known, int window) {
    return dialect.strangers(database, queues, known, window);
  }

  @Override
  public int park(String job, int limit) {
    return database.transact(
        "park triggers",
        handle -> {
          if (lock(handle, job)) {
            return dialect.park(handle, job, Hold.JOB_PAUSED, limit);
          }
          int sessions = handle.createQuery(known).bind("job", job).mapTo(Integer.class).one();
          return sessions > 0 ? 0 : dialect.park(handle, job, Hold.NO_HANDLER, limit);
        });
  }

  /**
   * Locks the row of a job, which is made if it isn't there, and again if it goes in between.
   *
   * @return whether the job is paused
   */
  private boolean lock(Handle handle, String job) {
    Optional<Boolean> paused = Optional.empty();
    while (paused.isEmpty()) {
      dialect.addJob(handle, job);
      paused = handle.createQuery(lock).bind("job", job).mapTo(Boolean.class).findOne();
    }
    return paused.get();
  }

  @Override
  public int unpark(Set<String> jobs, int limit) {
    return jobs.isEmpty() ? 0 : dialect.unpark(database, jobs, limit);
  }
}
