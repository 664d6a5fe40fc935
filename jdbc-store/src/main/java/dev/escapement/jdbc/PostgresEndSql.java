package dev.escapement.jdbc;

/** PostgreSQL's own SQL about ends of claims, which honour what was asked meanwhile. */
final class PostgresEndSql {

  final Planned complete;
  final Planned remove;
  final String completeWaiting;
  final String takeOver;

  PostgresEndSql(Tables tables) {
    complete = new Planned(tables.in(end(FREE)), tables.in(endRowByRow(FREE)));
    remove = new Planned(tables.in(remove(AMONG_GIVEN)), tables.in(remove("")));
    completeWaiting = tables.in(end(WAITING));
    takeOver = tables.in(end(ORPHANED));
  }

  private static String end(String which) {
    return END.formatted(which, AMONG_ENDING, AMONG_RULED);
  }

  private static String endRowByRow(String which) {
    return END.formatted(which, "", "");
  }

  private static String remove(String among) {
    return REMOVE.formatted(ofMicros("started_at"), ofMicros("ended_at"), among);
  }

  /**
   * Where rows are many and known, the planner would rather read the whole table than find each by
   * its id; of an array of ids it can't see how many they are. A plan that was made for any values
   * goes row by row anyway, and would compare each with each because of these.
   */
  private static final String AMONG_ENDING = " AND t.id = ANY (ARRAY(SELECT id FROM ending))";

  private static final String AMONG_RULED =
      " AND t.id = ANY (ARRAY(SELECT ruled.id FROM ruled WHERE ruled.word <> 'remove'))";

  private static final String AMONG_GIVEN = " AND t.id = ANY (ARRAY(SELECT unnest(:ids::uuid[])))";

  /**
   * The rows are locked in order of their ids before anything is written: {@code UPDATE ... FROM}
   * promises no order. What stands in for {@code %s} says whose rows, and what to do about locks.
   *
   * <p>What was asked is read in {@code held}, and so from the row as it is once it is locked: a
   * request that was committed while we waited for the lock counts. {@code ruled} says what becomes
   * of the trigger then, in the words of the completions and two more: <i>again</i> for one more
   * run, <i>over</i> for the cancelled fire of a standing trigger.
   *
   * <p>Whoever has an owner is RUNNING; that the state is compared otherwise than by {@code = 2}
   * keeps the planner from the index of all that runs, which under load is full of dead entries.
   *
   * <p>No execution starts or ends later than now, whatever the caller says; {@code least} skips
   * nulls.
   */
  private static final String END =
      """
      WITH ending AS (
        SELECT *
        FROM unnest(:ids::uuid[], :versions::bigint[], :owners::uuid[],
                    :next::text[], :dueAt::timestamptz[], :dueIn::interval[],
                    :fireAt::timestamptz[], :fireIn::interval[], :missed::bigint[],
                    :reasons::text[],
                    :outcomes::smallint[], :started::timestamptz[], :ended::timestamptz[],
                    :types::text[], :messages::text[], :traces::text[], :keep::boolean[],
                    :results::bytea[], :recorded::boolean[])
          AS ending (id, version, owner, next, due_at, due_in, fire_at, fire_in, not_run, reason,
                     outcome, started_at, ended_at, failure_type, failure_message, failure_trace,
                     keep_payload, result, recorded)
      ), held AS MATERIALIZED (
        SELECT t.id, t.version, t.owner, t.kind, t.job, t.job_key, t.attempt, t.fire_time, t.missed,
               t.due, t.claimed_at, t.request, t.request_due,
               CASE WHEN ending.keep_payload THEN t.payload END AS payload,
               ending.next, coalesce(ending.due_at, statement_timestamp() + ending.due_in) AS again,
               coalesce(ending.fire_at, statement_timestamp() + ending.fire_in) AS fires,
               ending.not_run, ending.reason, ending.outcome, ending.started_at, ending.ended_at,
               ending.failure_type, ending.failure_message, ending.failure_trace, ending.result,
               ending.recorded
        FROM ending
        JOIN escapement_trigger t
          ON t.id = ending.id AND t.version = ending.version AND t.owner = ending.owner%2$s
        %1$s
      ), ruled AS MATERIALIZED (
        SELECT held.*, verdict.cancelled, fate.word,
               CASE WHEN fate.word = 'pause' OR held.request & 2 <> 0 THEN 3 ELSE 1 END AS state,
               CASE
                 WHEN fate.word = 'over' THEN NULL
                 WHEN fate.word = 'fire' THEN held.again
                 WHEN held.request & 12 <> 0 THEN held.request_due
                 WHEN fate.word IN ('retry', 'release') THEN coalesce(held.again, held.due)
                 ELSE held.due
               END AS next_due,
               CASE
                 WHEN verdict.cancelled OR fate.word = 'again' THEN TRUE
                 WHEN fate.word = 'remove' THEN FALSE
                 WHEN fate.word = 'fire' THEN held.request & 2 <> 0
                 WHEN fate.word = 'pause' THEN held.request & 4 <> 0
                 ELSE held.request & 6 <> 0
               END AS turned
        FROM held
        CROSS JOIN LATERAL
          (SELECT held.request & 1 <> 0
                  AND (held.next IN ('retry', 'recover', 'release')
                       OR (held.next = 'pause' AND held.kind = 0)) AS cancelled) verdict
        CROSS JOIN LATERAL
          (SELECT CASE
                    WHEN held.request & 8 <> 0 THEN 'again'
                    WHEN NOT verdict.cancelled THEN held.next
                    WHEN held.kind = 0 THEN 'remove'
                    ELSE 'over'
                  END AS word) fate
      ), removed AS (
        DELETE FROM escapement_trigger t
        WHERE t.id = ANY (ARRAY(SELECT ruled.id FROM ruled WHERE ruled.word = 'remove'))
      ), moved AS (
        UPDATE escapement_trigger t
        SET version = t.version + 1,
            owner = NULL,
            claimed_at = NULL,
            state = ruled.state,
            reason = CASE ruled.state WHEN 3 THEN ruled.reason END,
            last_fire = CASE
                          WHEN ruled.word IN ('fire', 'again', 'over') AND t.kind = 1
                            THEN t.fire_time
                          ELSE t.last_fire
                        END,
            fire_time = CASE ruled.word
                          WHEN 'fire' THEN ruled.fires
                          WHEN 'again' THEN ruled.next_due
                          ELSE t.fire_time
                        END,
            missed = CASE
                       WHEN ruled.word = 'fire' THEN ruled.not_run
                       WHEN ruled.word IN ('again', 'over') THEN 0
                       ELSE t.missed
                     END,
            due = ruled.next_due,
            stale = t.stale OR ruled.word = 'over',
            payload = CASE ruled.word
                        WHEN 'again' THEN coalesce(t.request_payload, t.payload)
                        ELSE t.payload
                      END,
            headers = CASE
                        WHEN ruled.word = 'again' AND t.request_payload IS NOT NULL
                          THEN t.request_headers
                        ELSE t.headers
                      END,
            attempt = CASE
                        WHEN ruled.word IN ('fire', 'again', 'over') THEN 0
                        WHEN ruled.word = 'release' THEN t.attempt - 1
                        ELSE t.attempt
                      END,
            lost = CASE
                     WHEN ruled.word IN ('fire', 'over') THEN 0
                     WHEN ruled.word = 'again' AND ruled.next IN ('remove', 'fire') THEN 0
                     WHEN ruled.next = 'recover' THEN t.lost + 1
                     ELSE t.lost
                   END,
            request = 0,
            request_due = NULL,
            request_payload = NULL,
            request_headers = NULL
        FROM ruled
        WHERE t.id = ruled.id AND ruled.word <> 'remove'%3$s
      ), forgotten AS (
        DELETE FROM escapement_checkpoint c
        WHERE c.trigger_id = ANY (ARRAY(
          SELECT ruled.id FROM ruled WHERE ruled.cancelled OR ruled.word = 'again'))
      ), kept AS (
        INSERT INTO escapement_execution
          (claimed_at, trigger_id, version, session, fire_time, missed, due, started_at, ended_at,
           attempt, kind, outcome, node, job, job_key, failure_type, failure_message, failure_trace,
           payload, result)
        SELECT claimed_at, id, version, owner, fire_time, missed, due,
               CASE WHEN started_at IS NOT NULL THEN least(started_at, statement_timestamp()) END,
               least(ended_at, statement_timestamp()), attempt,
               kind, CASE WHEN cancelled THEN 4 ELSE outcome END,
               coalesce((SELECT n.node FROM escapement_node n WHERE n.session = ruled.owner), ''),
               job, job_key, failure_type, failure_message, failure_trace, payload, result
        FROM ruled
        WHERE recorded OR cancelled
      )
      SELECT id, turned, CASE WHEN cancelled THEN 4 ELSE outcome END AS outcome,
             CASE WHEN word <> 'remove' THEN state END AS state,
             CASE WHEN word <> 'remove' THEN next_due END AS due
      FROM ruled
      """;

  private static String ofMicros(String column) {
    return "'epoch'::timestamptz + " + column + " * interval '1 microsecond'";
  }

  /**
   * The usual end, in half of the time: the triggers of one session that go, and leave nothing but
   * what the history says of them. What was locked is found again by its place; a row that was
   * changed between the look and the lock has another one by then, is left alone, and isn't
   * answered. One that is asked to run again is answered, and not ended.
   */
  private static final String REMOVE =
      """
      WITH held AS MATERIALIZED (
        SELECT t.ctid AS at, t.id, t.version, t.request & 8 <> 0 AS again, ending.outcome,
               ending.started_at, ending.ended_at, ending.result, ending.recorded
        FROM unnest(:ids::uuid[], :versions::bigint[], :outcomes::smallint[],
                    :started::bigint[], :ended::bigint[], :results::bytea[],
                    :recorded::boolean[])
          AS ending (id, version, outcome, started_at, ended_at, result, recorded)
        JOIN escapement_trigger t ON t.id = ending.id AND t.version = ending.version
        WHERE t.state > 1 AND t.owner = :owner%3$s
        FOR UPDATE OF t SKIP LOCKED
      ), removed AS (
        DELETE FROM escapement_trigger t
        USING held
        WHERE t.ctid = held.at AND t.id = held.id AND t.version = held.version AND NOT held.again
        RETURNING t.id, t.version, t.owner, t.kind, t.job, t.job_key, t.attempt, t.fire_time,
                  t.missed, t.due, t.claimed_at, held.outcome, held.started_at, held.ended_at,
                  held.result, held.recorded
      ), kept AS (
        INSERT INTO escapement_execution
          (claimed_at, trigger_id, version, session, fire_time, missed, due, started_at, ended_at,
           attempt, kind, outcome, node, job, job_key, result)
        SELECT claimed_at, id, version, owner, fire_time, missed, due,
               CASE WHEN started_at IS NOT NULL THEN least(%1$s, statement_timestamp()) END,
               least(%2$s, statement_timestamp()), attempt, kind, outcome,
               coalesce((SELECT n.node FROM escapement_node n WHERE n.session = :owner), ''),
               job, job_key, result
        FROM removed
        WHERE recorded
      )
      SELECT id, FALSE AS again FROM removed
      UNION ALL
      SELECT id, TRUE FROM held WHERE again
      """;

  private static final String FREE =
      """
      WHERE t.state > 1
        ORDER BY t.id
        FOR UPDATE OF t SKIP LOCKED\
      """;

  /** For one that can't come back later, or has come back for long. */
  private static final String WAITING =
      """
      WHERE t.state > 1
        ORDER BY t.id
        FOR UPDATE OF t\
      """;

  private static final String ORPHANED =
      """
      WHERE t.state > 1
          AND NOT EXISTS (SELECT FROM escapement_node n WHERE n.session = t.owner AND n.live)
        ORDER BY t.id
        FOR UPDATE OF t SKIP LOCKED\
      """;
}
