package dev.escapement.jdbc;

import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Sessions, on the control data source if there is one; but purging can wait for the pool. */
final class JdbcSessions implements Sessions {

  private static final String INSERT =
      """
      INSERT INTO escapement_node
        (session, node, application_version, live, beat, workers, running, queues,
         started_at, beaten_at)
      VALUES
        (:session, :node, :applicationVersion, TRUE, 0, 0, 0, :queues,
         CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
      """;

  private static final String INSERT_HANDLER =
      """
      INSERT INTO escapement_handler (session, job, declaration)
      VALUES (:session, :job, :declaration)
      """;

  private static final String BEAT =
      """
      UPDATE escapement_node
      SET beat = beat + 1, workers = :workers, running = :running, beaten_at = CURRENT_TIMESTAMP
      WHERE session = :session AND live
      """;

  private static final String ALL =
      """
      SELECT session, node, application_version, live, beat, queues, workers, running, started_at
      FROM escapement_node
      ORDER BY started_at, session
      """;

  private static final String DECLARE_DEAD =
      """
      UPDATE escapement_node
      SET live = FALSE, died_at = CURRENT_TIMESTAMP
      WHERE session = :session AND live AND beat = :beat
      """;

  private static final String CLOSE =
      """
      UPDATE escapement_node
      SET live = FALSE, died_at = CURRENT_TIMESTAMP
      WHERE session = :session AND live
      """;

  private static final String PURGE =
      """
      DELETE FROM escapement_node
      WHERE NOT live AND died_at < :before
        AND NOT EXISTS (
          SELECT 1 FROM escapement_trigger t
          WHERE t.owner = escapement_node.session AND t.state = 2)
      """;

  static final String RAISE_EPOCH = "UPDATE escapement_control SET epoch = epoch + 1";

  private final Database database;
  private final Database main;
  private final Dialect dialect;
  private final String insert;
  private final String insertHandler;
  private final String beat;
  private final String all;
  private final String declareDead;
  private final String close;
  private final String purge;
  private final String raiseEpoch;

  /**
   * @param database for what must happen within a lease
   * @param main for the rest
   */
  JdbcSessions(Database database, Database main, Dialect dialect, Tables tables) {
    this.database = database;
    this.main = main;
    this.dialect = dialect;
    this.insert = tables.in(INSERT);
    this.insertHandler = tables.in(INSERT_HANDLER);
    this.beat = tables.in(BEAT);
    this.all = tables.in(ALL);
    this.declareDead = tables.in(DECLARE_DEAD);
    this.close = tables.in(CLOSE);
    this.purge = tables.in(PURGE);
    this.raiseEpoch = tables.in(RAISE_EPOCH);
  }

  @Override
  public void open(NewSession session) {
    List<JobDeclaration> jobs =
        session.jobs().stream().sorted(Comparator.comparing(JobDeclaration::job)).toList();
    database.transact(
        "open a session",
        handle -> {
          if (!jobs.isEmpty()) {
            dialect.declare(handle, jobs);
          }
          handle
              .createUpdate(insert)
              .bind("session", session.id().value())
              .bind("node", session.node())
              .bind("applicationVersion", session.applicationVersion())
              .bind("queues", Values.texts(session.queues()))
              .execute();
          insertHandlers(handle, session);
          if (!jobs.isEmpty()) {
            dialect.settle(handle, jobs.stream().map(JobDeclaration::job).toList());
          }
          return handle.execute(raiseEpoch);
        });
  }

  private void insertHandlers(Handle handle, NewSession session) {
    if (session.jobs().isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(insertHandler);
    for (JobDeclaration job : session.jobs()) {
      batch
          .bind("session", session.id().value())
          .bind("job", job.job())
          .bind("declaration", job.hash())
          .add();
    }
    batch.execute();
  }

  @Override
  public boolean beat(SessionId session, NodeLoad load) {
    return database.write(
        "beat",
        handle ->
            handle
                    .createUpdate(beat)
                    .bind("session", session.value())
                    .bind("workers", load.workers())
                    .bind("running", load.running())
                    .execute()
                == 1);
  }

  @Override
  public List<SessionRecord> all() {
    return database.read(
        "read the sessions", handle -> handle.createQuery(all).map(Rows::session).list());
  }

  @Override
  public boolean declareDead(SessionId session, long seen) {
    return database.transact(
        "declare a session dead",
        handle -> {
          int died =
              handle
                  .createUpdate(declareDead)
                  .bind("session", session.value())
                  .bind("beat", seen)
                  .execute();
          if (died > 0) {
            handle.execute(raiseEpoch);
          }
          return died > 0;
        });
  }

  @Override
  public void close(SessionId session) {
    database.transact(
        "close a session",
        handle -> {
          int closed = handle.createUpdate(close).bind("session", session.value()).execute();
          return closed == 0 ? 0 : handle.execute(raiseEpoch);
        });
  }

  @Override
  public int purge(Duration deadFor) {
    return main.write(
        "purge dead sessions",
        handle -> {
          Instant before = Values.now(handle).minus(deadFor);
          return handle.createUpdate(purge).bind("before", before).execute();
        });
  }
}
