package dev.escapement.jdbc;

/**
 * PostgreSQL's own SQL about requests: one statement for each kind. The rows are locked in order of
 * their ids before anything is written, and only then is the counter raised, on whose row all who
 * ask wait for each other: so its condition counts, where EXISTS would end the locking early.
 *
 * <p>{@code word} says what comes of the request: <i>asked</i> of a running trigger, <i>changed</i>
 * or <i>kept</i> as it is already, <i>refused</i>. {@code apart} says that a standing trigger waits
 * for a fire whose time hasn't come.
 */
final class PostgresRequestSql {

  final String cancel;
  final String pause;
  final String resume;
  final String reschedule;
  final String runNow;

  PostgresRequestSql(Tables tables) {
    cancel =
        tables.in(
            PUT.formatted(CAN_CANCEL, CANCEL, REMOVE + FORGET.formatted("TRUE") + RECORD + RAISE));
    pause = tables.in(PUT.formatted(CAN_PAUSE, PAUSE, RAISE));
    resume = tables.in(PUT.formatted(CAN_RESUME, RESUME, RAISE));
    reschedule = tables.in(PUT.formatted(CAN_RESCHEDULE, RESCHEDULE, ""));
    runNow = tables.in(PUT.formatted(CAN_RUN_NOW, RUN_NOW, FORGET.formatted("ruled.apart")));
  }

  private static final String PUT =
      """
      WITH found AS MATERIALIZED (
        SELECT t.id, t.version, t.kind, t.state, t.job, t.job_key, t.fire_time, t.missed, t.due,
               t.request
        FROM escapement_trigger t
        WHERE t.id = ANY (:ids::uuid[])
        ORDER BY t.id
        FOR UPDATE
      ), ruled AS MATERIALIZED (
        SELECT found.*,
               CASE
      %1$s
               END AS word,
               found.kind = 1 AND (found.due IS NULL OR found.fire_time > statement_timestamp())
                 AS apart
        FROM found
      ), moved AS (
        UPDATE escapement_trigger t
        SET version = CASE t.state WHEN 2 THEN t.version ELSE t.version + 1 END,
      %2$s
        FROM ruled
        WHERE t.id = ruled.id AND ruled.word IN ('asked', 'changed')
      )%3$s
      SELECT id, word, state, job, job_key FROM ruled
      """;

  private static final String RAISE =
      """
      , raised AS (
        UPDATE escapement_control
        SET requests = requests + 1
        WHERE (SELECT count(*)
               FROM ruled
               WHERE ruled.state = 2 AND ruled.word IN ('asked', 'changed')) > 0
      )\
      """;

  private static final String FORGET =
      """
      , forgotten AS (
        DELETE FROM escapement_checkpoint c
        WHERE c.trigger_id = ANY (ARRAY(
          SELECT ruled.id FROM ruled WHERE ruled.word IN ('changed', 'gone') AND %s))
      )\
      """;

  private static final String CAN_CANCEL =
      """
                 WHEN found.state = 2 THEN 'asked'
                 WHEN found.due IS NULL THEN 'refused'
                 WHEN found.kind = 0 THEN 'gone'
                 ELSE 'changed'\
      """;

  private static final String CANCEL =
      """
            request = CASE t.state WHEN 2 THEN 1 ELSE 0 END,
            request_due = NULL,
            request_payload = NULL,
            request_headers = NULL,
            last_fire = CASE t.state WHEN 2 THEN t.last_fire ELSE t.fire_time END,
            due = CASE t.state WHEN 2 THEN t.due END,
            missed = CASE t.state WHEN 2 THEN t.missed ELSE 0 END,
            attempt = CASE t.state WHEN 2 THEN t.attempt ELSE 0 END,
            lost = CASE t.state WHEN 2 THEN t.lost ELSE 0 END,
            stale = t.stale OR t.state <> 2\
      """;

  private static final String REMOVE =
      """
      , removed AS (
        DELETE FROM escapement_trigger t
        USING ruled
        WHERE t.id = ruled.id AND ruled.word = 'gone'
      )\
      """;

  private static final String RECORD =
      """
      , recorded AS (
        INSERT INTO escapement_execution
          (claimed_at, trigger_id, version, session, fire_time, missed, due, ended_at, attempt, kind,
           outcome, node, job, job_key)
        SELECT statement_timestamp(), id, version + 1, :nobody, fire_time, missed, due,
               statement_timestamp(), 0, kind, 4, '', job, job_key
        FROM ruled
        WHERE word IN ('changed', 'gone')
      )\
      """;

  private static final String CAN_PAUSE =
      """
                 WHEN found.state = 2 THEN 'asked'
                 WHEN found.state = 3 THEN 'kept'
                 ELSE 'changed'\
      """;

  private static final String PAUSE =
      """
            state = CASE t.state WHEN 2 THEN 2 ELSE 3 END,
            request = CASE t.state WHEN 2 THEN t.request | 2 ELSE 0 END,
            reason = NULL\
      """;

  private static final String CAN_RESUME =
      """
                 WHEN found.state = 3 OR (found.state = 2 AND found.request & 2 <> 0) THEN 'changed'
                 ELSE 'refused'\
      """;

  private static final String RESUME =
      """
            state = CASE t.state WHEN 2 THEN 2 ELSE 1 END,
            request = t.request & ~2,
            attempt = CASE t.state WHEN 2 THEN t.attempt ELSE 0 END,
            lost = CASE t.state WHEN 2 THEN t.lost ELSE 0 END,
            reason = NULL\
      """;

  private static final String CAN_RESCHEDULE =
      """
                 WHEN found.state = 2 THEN 'asked'
                 WHEN found.due IS NULL THEN 'refused'
                 ELSE 'changed'\
      """;

  private static final String RESCHEDULE =
      """
            due = CASE t.state
                    WHEN 2 THEN t.due
                    ELSE coalesce(:dueAt::timestamptz, statement_timestamp() + :dueIn::interval)
                  END,
            request = CASE t.state WHEN 2 THEN t.request | 4 ELSE 0 END,
            request_due = CASE t.state
                            WHEN 2 THEN coalesce(:dueAt::timestamptz,
                                                 statement_timestamp() + :dueIn::interval)
                          END\
      """;

  private static final String CAN_RUN_NOW =
      """
                 WHEN found.state = 2 THEN 'asked'
                 WHEN found.state = 3 THEN 'refused'
                 ELSE 'changed'\
      """;

  /** {@code least} skips nulls. */
  private static final String RUN_NOW =
      """
            due = CASE t.state WHEN 2 THEN t.due ELSE least(t.due, statement_timestamp()) END,
            fire_time = CASE
                          WHEN t.state = 2 OR NOT ruled.apart THEN t.fire_time
                          ELSE statement_timestamp()
                        END,
            attempt = CASE WHEN t.state = 2 OR NOT ruled.apart THEN t.attempt ELSE 0 END,
            lost = CASE WHEN t.state = 2 OR NOT ruled.apart THEN t.lost ELSE 0 END,
            request = CASE t.state WHEN 2 THEN t.request | 8 ELSE 0 END,
            request_due = CASE t.state WHEN 2 THEN statement_timestamp() END\
      """;
}
