package dev.escapement.jdbc;

import dev.escapement.store.JobRecord;
import dev.escapement.store.Jobs;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Jobs, as nodes declare them and as people decide about them. */
final class JdbcJobs implements Jobs {

  /** No two declarations of a job have the same first seen, so it tells which one is current. */
  private static final String ALL =
      """
      SELECT job.name, job.override, job.paused,
             mine.queue, mine.priority, mine.schedule, mine.first_seen,
             latest.queue AS current_queue, latest.priority AS current_priority,
             latest.schedule AS current_schedule,
             (SELECT count(*)
              FROM escapement_handler h
              JOIN escapement_node n ON n.session = h.session
              WHERE h.job = job.name AND n.live) AS sessions
      FROM escapement_job job
      LEFT JOIN escapement_declaration mine
        ON mine.job = job.name AND mine.hash = job.declaration
      LEFT JOIN escapement_declaration latest
        ON latest.job = job.name AND latest.first_seen = (
          SELECT max(d.first_seen)
          FROM escapement_declaration d
          JOIN escapement_handler h ON h.job = d.job AND h.declaration = d.hash
          JOIN escapement_node n ON n.session = h.session
          WHERE d.job = job.name AND n.live)
      """;

  private static final String LOCK =
      "SELECT override, paused FROM escapement_job WHERE name = :job FOR UPDATE";

  private static final String DECIDE =
      "UPDATE escapement_job SET override = :override, paused = :paused WHERE name = :job";

  private static final String RUNS =
      "SELECT EXISTS (SELECT 1 FROM escapement_trigger WHERE state = 2 AND job = :job)";

  private static final String HAS_TRIGGERS =
      "SELECT EXISTS (SELECT 1 FROM escapement_trigger WHERE job = :job)";

  private static final String DELETE_DECLARATIONS =
      "DELETE FROM escapement_declaration WHERE job = :job";

  private static final String DELETE = "DELETE FROM escapement_job WHERE name = :job";

  private final Database database;
  private final Dialect dialect;
  private final String all;
  private final String lock;
  private final String decide;
  private final String known;
  private final String runs;
  private final String hasTriggers;
  private final String deleteDeclarations;
  private final String delete;
  private final String raiseEpoch;

  JdbcJobs(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.all = tables.in(ALL);
    this.lock = tables.in(LOCK);
    this.decide = tables.in(DECIDE);
    this.known = tables.in(JdbcHolds.KNOWN);
    this.runs = tables.in(RUNS);
    this.hasTriggers = tables.in(HAS_TRIGGERS);
    this.deleteDeclarations = tables.in(DELETE_DECLARATIONS);
    this.delete = tables.in(DELETE);
    this.raiseEpoch = tables.in(JdbcSessions.RAISE_EPOCH);
  }

  /** Sorted here: a database may have an order of its own. */
  @Override
  public List<JobRecord> all() {
    return database.read(
        "read the jobs",
        handle ->
            handle.createQuery(all).map(Rows::job).stream()
                .sorted(Comparator.comparing(JobRecord::name))
                .toList());
  }

  @Override
  public void settle(Set<String> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    List<String> names = jobs.stream().sorted().toList();
    database.transact(
        "settle jobs",
        handle -> {
          dialect.lockJobs(handle, names);
          dialect.settle(handle, names);
          return names;
        });
  }

  /** What a person can decide about a job. */
  private record Decision(@Nullable String override, boolean paused) {

    Decision withOverride(@Nullable String schedule) {
      return new Decision(schedule, paused);
    }

    Decision withPaused(boolean out) {
      return new Decision(override, out);
    }
  }

  @Override
  public boolean override(String job, @Nullable String schedule) {
    return database.transact(
        "override a schedule",
        handle ->
            lock(handle, job)
                .map(before -> decide(handle, job, before, before.withOverride(schedule)))
                .orElse(false));
  }

  @Override
  public boolean pause(String job, boolean paused) {
    return database.transact(
        paused ? "pause a job" : "put a job back into service",
        handle ->
            lock(handle, job)
                .map(before -> decide(handle, job, before, before.withPaused(paused)))
                .orElse(false));
  }

  private Optional<Decision> lock(Handle handle, String job) {
    return handle
        .createQuery(lock)
        .bind("job", job)
        .map((row, context) -> new Decision(row.getString("override"), row.getBoolean("paused")))
        .findOne();
  }

  private boolean decide(Handle handle, String job, Decision before, Decision after) {
    if (!Objects.equals(before, after)) {
      handle
          .createUpdate(decide)
          .bind("job", job)
          .bind("override", after.override())
          .bind("paused", after.paused())
          .execute();
      handle.execute(raiseEpoch);
    }
    return true;
  }

  @Override
  public Deletion delete(String job, int limit) {
    return database.transact("delete a job", handle -> delete(handle, job, limit));
  }

  private Deletion delete(Handle handle, String job, int limit) {
    if (lock(handle, job).isEmpty()) {
      return Deletion.UNKNOWN;
    }
    if (handle.createQuery(known).bind("job", job).mapTo(Integer.class).one() > 0) {
      return Deletion.LIVE;
    }
    if (is(handle, runs, job) || !dialect.deleteTriggers(handle, job, limit)) {
      return Deletion.RUNNING;
    }
    if (is(handle, hasTriggers, job)) {
      return Deletion.MORE;
    }
    handle.createUpdate(deleteDeclarations).bind("job", job).execute();
    handle.createUpdate(delete).bind("job", job).execute();
    handle.execute(raiseEpoch);
    return Deletion.DELETED;
  }

  private static boolean is(Handle handle, String question, String job) {
    return handle.createQuery(question).bind("job", job).mapTo(Boolean.class).one();
  }
}
