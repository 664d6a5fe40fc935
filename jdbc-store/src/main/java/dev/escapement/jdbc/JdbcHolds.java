package dev.escapement.jdbc;

import dev.escapement.store.Holds;
import java.util.Set;

/** What keeps a due trigger from being a candidate. */
final class JdbcHolds implements Holds {

  private static final String KNOWN =
      """
      SELECT count(*)
      FROM escapement_handler h
      JOIN escapement_node n ON n.session = h.session
      WHERE h.job = :job AND n.live
      """;

  private final Database database;
  private final Dialect dialect;
  private final String known;

  JdbcHolds(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.known = tables.in(KNOWN);
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
          dialect.lockJob(handle, job);
          int sessions = handle.createQuery(known).bind("job", job).mapTo(Integer.class).one();
          return sessions > 0 ? 0 : dialect.park(handle, job, limit);
        });
  }

  @Override
  public int unpark(Set<String> jobs, int limit) {
    return jobs.isEmpty() ? 0 : dialect.unpark(database, jobs, limit);
  }
}
