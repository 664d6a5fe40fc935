package dev.escapement.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What a database of an older version holds. */
final class Upgrade {

  static final String SESSION = "00000000-0000-0000-0000-000000000001";
  static final String STANDING = "00000000-0000-0000-0000-000000000002";
  static final String ONE_TIME = "00000000-0000-0000-0000-000000000003";

  static final String ENQUEUED = "00000000-0000-0000-0000-000000000004";

  /** What code of version 1 goes on writing; it knows nothing of the columns that are new. */
  static final String[] WRITES_OF_VERSION_1 = {
    "UPDATE escapement_trigger SET version = version + 1, fire_time = CURRENT_TIMESTAMP,"
        + " due = CURRENT_TIMESTAMP WHERE id = '%s'".formatted(STANDING),
    trigger(ENQUEUED, 0, "NULL")
  };

  /** The rows that code of version 1 leaves; reads the same on both databases. */
  static final String[] ROWS_OF_VERSION_1 = {
    "INSERT INTO escapement_job (name, queue, priority, declared_at)"
        + " VALUES ('send-invoice', 'default', 1, CURRENT_TIMESTAMP)",
    "INSERT INTO escapement_node (session, node, application_version, live, beat, workers, running,"
        + " queues, started_at, beaten_at)"
        + " VALUES ('%s', 'old', '', TRUE, 7, 8, 0, ARRAY['default'], CURRENT_TIMESTAMP,"
            .formatted(SESSION)
        + " CURRENT_TIMESTAMP)",
    "INSERT INTO escapement_handler (session, job) VALUES ('%s', 'send-invoice')"
        .formatted(SESSION),
    trigger(STANDING, 1, "'$standing'"),
    trigger(ONE_TIME, 0, "NULL"),
    "INSERT INTO escapement_execution (claimed_at, trigger_id, version, session, fire_time, due,"
        + " ended_at, attempt, kind, outcome, node, job)"
        + " VALUES (CURRENT_TIMESTAMP, '%s', 1, '%s', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,"
            .formatted(ONE_TIME, SESSION)
        + " CURRENT_TIMESTAMP, 1, 0, 1, 'old', 'send-invoice')"
  };

  private Upgrade() {}

  private static String trigger(String id, int kind, String key) {
    return "INSERT INTO escapement_trigger (id, version, fire_time, due, created_at, attempt, lost,"
        + " kind, priority, state, hold, job, job_key, queue, payload)"
        + " VALUES ('%s', 4, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 0,"
            .formatted(id)
        + " %d, 1, 1, 0, 'send-invoice', %s, 'default', '')".formatted(kind, key);
  }

  /** A migration as it is shipped. */
  static String script(String path) {
    try (InputStream script =
        Objects.requireNonNull(
            Upgrade.class
                .getClassLoader()
                .getResourceAsStream("dev/escapement/jdbc/schema/" + path),
            path)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
