package dev.escapement.torture;

import java.util.function.Predicate;

/** Tells apart, by their text, the statements that the JDBC store sends to PostgreSQL. */
final class Statements {

  /** Claims due triggers. */
  static final Predicate<String> CLAIM = sql -> sql.contains("WITH candidate AS MATERIALIZED");

  private static final Predicate<String> END =
      sql -> sql.stripLeading().startsWith("WITH ending AS (");
  private static final Predicate<String> OF_OTHERS =
      sql -> sql.contains("NOT EXISTS (SELECT FROM escapement_node");

  /** Ends claims by those who hold them. */
  static final Predicate<String> COMPLETE =
      END.and(OF_OTHERS.negate())
          .or(sql -> sql.stripLeading().startsWith("WITH held AS MATERIALIZED ("));

  /** Ends claims of sessions that are not live. */
  static final Predicate<String> TAKE_OVER = END.and(OF_OTHERS);

  /** Inserts triggers, or changes those that bear their keys. */
  static final Predicate<String> ENQUEUE =
      sql ->
          sql.contains("AS given (id, kind, job, job_key, queue, priority, due_at, due_in")
              || (sql.startsWith("INSERT INTO") && sql.contains("_trigger\n  (id, version,"));

  /** Raises the beat of a session. */
  static final Predicate<String> BEAT = sql -> sql.contains("SET beat = beat + 1");

  private Statements() {}
}
