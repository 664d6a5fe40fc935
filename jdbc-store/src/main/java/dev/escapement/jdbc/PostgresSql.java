package dev.escapement.jdbc;

/**
 * PostgreSQL's own SQL. States and holds are literals, for only then does the planner see that a
 * partial index will do. {@code statement_timestamp()} is the clock: {@code now()} stands still
 * through a transaction, and {@code clock_timestamp()} is volatile, so that an index can't be used.
 */
final class PostgresSql {

  final String claim;
  final String complete;
  final String takeOver;
  final String enqueue;
  final String live;
  final String strangers;
  final String addJob;
  final String lockJob;
  final String park;
  final String unpark;
  final String declare;
  final String move;

  PostgresSql(Tables tables) {
    claim = tables.in(CLAIM);
    complete = tables.in(END.formatted(HELD));
    takeOver = tables.in(END.formatted(ORPHANED));
    enqueue = tables.in(ENQUEUE);
    live = tables.in(LIVE);
    strangers = tables.in(STRANGERS);
    addJob = tables.in(ADD_JOB);
    lockJob = tables.in(LOCK_JOB);
    park = tables.in(PARK);
    unpark = tables.in(UNPARK);
    declare = tables.in(DECLARE);
    move = tables.in(MOVE);
  }

  /**
   * Each (queue, priority) is a stretch of the claim index, read in the order of due and no further
   * than wanted: the inner LIMIT ends a stretch, the outer one a queue, high priority first. The
   * answer has at least one row, for the clock, the epoch and the next due.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT chosen.id, chosen.version
        FROM unnest(:queues::text[], :limits::integer[],
                    :high::timestamptz[], :normal::timestamptz[], :low::timestamptz[])
          AS demand (queue, wanted, high, normal, low)
        CROSS JOIN LATERAL (
          SELECT head.id, head.version
          FROM (VALUES (2::smallint, demand.high), (1::smallint, demand.normal),
                       (0::smallint, demand.low)) AS lane (priority, since)
          CROSS JOIN LATERAL (
            SELECT t.id, t.version
            FROM escapement_trigger t
            WHERE t.state = 1 AND t.hold = 0
              AND t.queue = demand.queue AND t.priority = lane.priority
              AND t.due >= lane.since AND t.due <= statement_timestamp()
              AND t.job = ANY (:known::text[])
            ORDER BY t.due
            LIMIT demand.wanted
            FOR UPDATE SKIP LOCKED
          ) head
          LIMIT demand.wanted
        ) chosen
        WHERE EXISTS (SELECT FROM escapement_node n WHERE n.session = :session AND n.live)
      ), claimed AS (
        UPDATE escapement_trigger t
        SET state = 2, version = t.version + 1, attempt = t.attempt + 1,
            owner = :session, claimed_at = statement_timestamp()
        FROM candidate
        WHERE t.id = candidate.id AND t.version = candidate.version
        RETURNING t.*
      )
      SELECT statement_timestamp() AS now, control.epoch,
             (SELECT min(next.due)
              FROM unnest(:queues::text[]) AS demand (queue)
              CROSS JOIN (VALUES (2::smallint), (1::smallint), (0::smallint)) AS lane (priority)
              CROSS JOIN LATERAL (
                SELECT t.due
                FROM escapement_trigger t
                WHERE t.state = 1 AND t.hold = 0
                  AND t.queue = demand.queue AND t.priority = lane.priority
                  AND t.due > statement_timestamp()
                ORDER BY t.due
                LIMIT 1
              ) next) AS next_due,
             claimed.*
      FROM escapement_control control LEFT JOIN claimed ON true
      """;

  /**
   * The rows are locked in order of their ids before anything is written: {@code UPDATE ... FROM}
   * promises no order. What stands in for {@code %s} says whose rows, and what to do about locks.
   * No execution starts or ends later than now, whatever the caller says; {@code least} skips
   * nulls.
   */
  private static final String END =
      """
      WITH ending AS (
        SELECT *
        FROM unnest(:ids::uuid[], :versions::bigint[], :owners::uuid[],
                    :next::text[], :dueAt::timestamptz[], :dueIn::interval[], :reasons::text[],
                    :outcomes::smallint[], :started::timestamptz[], :ended::timestamptz[],
                    :types::text[], :messages::text[], :traces::text[], :keep::boolean[])
          AS ending (id, version, owner, next, due_at, due_in, reason, outcome, started_at,
                     ended_at, failure_type, failure_message, failure_trace, keep_payload)
      ), held AS MATERIALIZED (
        SELECT t.id, t.version, t.owner, t.kind, t.job, t.job_key, t.attempt, t.fire_time, t.due,
               t.claimed_at, CASE WHEN ending.keep_payload THEN t.payload END AS payload,
               ending.next, coalesce(ending.due_at, statement_timestamp() + ending.due_in) AS again,
               ending.reason, ending.outcome, ending.started_at, ending.ended_at,
               ending.failure_type, ending.failure_message, ending.failure_trace
        FROM ending
        JOIN escapement_trigger t
          ON t.id = ending.id AND t.version = ending.version AND t.owner = ending.owner
        %s
      ), removed AS (
        DELETE FROM escapement_trigger t
        USING held
        WHERE t.id = held.id AND held.next = 'remove'
      ), moved AS (
        UPDATE escapement_trigger t
        SET version = t.version + 1,
            owner = NULL,
            claimed_at = NULL,
            reason = held.reason,
            state = CASE held.next WHEN 'pause' THEN 3 ELSE 1 END,
            fire_time = CASE held.next WHEN 'fire' THEN held.again ELSE t.fire_time END,
            due = CASE held.next
                    WHEN 'retry' THEN held.again
                    WHEN 'release' THEN coalesce(held.again, t.due)
                    WHEN 'fire' THEN held.again
                    ELSE t.due
                  END,
            attempt = CASE held.next
                        WHEN 'release' THEN t.attempt - 1
                        WHEN 'fire' THEN 0
                        ELSE t.attempt
                      END,
            lost = CASE held.next
                     WHEN 'recover' THEN t.lost + 1
                     WHEN 'fire' THEN 0
                     ELSE t.lost
                   END
        FROM held
        WHERE t.id = held.id AND held.next <> 'remove'
      ), recorded AS (
        INSERT INTO escapement_execution
          (claimed_at, trigger_id, version, session, fire_time, due, started_at, ended_at, attempt,
           kind, outcome, node, job, job_key, failure_type, failure_message, failure_trace, payload)
        SELECT claimed_at, id, version, owner, fire_time, due,
               CASE WHEN started_at IS NOT NULL THEN least(started_at, statement_timestamp()) END,
               least(ended_at, statement_timestamp()), attempt,
               kind, outcome,
               coalesce((SELECT n.node FROM escapement_node n WHERE n.session = held.owner), ''),
               job, job_key, failure_type, failure_message, failure_trace, payload
        FROM held
      )
      SELECT id FROM held
      """;

  private static final String HELD =
      """
      WHERE t.state = 2
        ORDER BY t.id
        FOR UPDATE OF t\
      """;

  private static final String ORPHANED =
      """
      WHERE t.state = 2
          AND NOT EXISTS (SELECT FROM escapement_node n WHERE n.session = t.owner AND n.live)
        ORDER BY t.id
        FOR UPDATE OF t SKIP LOCKED\
      """;

  /**
   * Returns the ids that were inserted. In order of the keys, so that two lists of the same keys
   * wait for each other instead of in a circle; of two equal ones the first in the list wins.
   */
  private static final String ENQUEUE =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, job_key, queue, payload)
      SELECT given.id, 0, first.due, first.due, statement_timestamp(), 0, 0, given.kind,
             coalesce(given.priority, job.priority, 1), 1, 0,
             given.job, given.job_key, coalesce(given.queue, job.queue, 'default'), given.payload
      FROM unnest(:ids::uuid[], :kinds::smallint[], :jobs::text[], :keys::text[],
                  :queues::text[], :priorities::smallint[],
                  :dueAt::timestamptz[], :dueIn::interval[], :payloads::bytea[])
        WITH ORDINALITY
        AS given (id, kind, job, job_key, queue, priority, due_at, due_in, payload, place)
      CROSS JOIN LATERAL
        (SELECT coalesce(given.due_at, statement_timestamp() + given.due_in) AS due) first
      LEFT JOIN escapement_job job ON job.name = given.job
      ORDER BY given.job, given.job_key, given.place
      ON CONFLICT (job, job_key) WHERE job_key IS NOT NULL DO NOTHING
      RETURNING id
      """;

  /** The live triggers that bear the keys of those that were not inserted. */
  private static final String LIVE =
      """
      SELECT given.id AS given, t.id AS kept
      FROM unnest(:ids::uuid[], :jobs::text[], :keys::text[]) AS given (id, job, job_key)
      JOIN escapement_trigger t
        ON t.job = given.job AND t.job_key = given.job_key AND t.job_key IS NOT NULL
      """;

  private static final String STRANGERS =
      """
      SELECT DISTINCT head.job
      FROM unnest(:queues::text[]) AS demand (queue)
      CROSS JOIN (VALUES (2::smallint), (1::smallint), (0::smallint)) AS lane (priority)
      CROSS JOIN LATERAL (
        SELECT t.job
        FROM escapement_trigger t
        WHERE t.state = 1 AND t.hold = 0
          AND t.queue = demand.queue AND t.priority = lane.priority
          AND t.due <= statement_timestamp()
        ORDER BY t.due
        LIMIT :window
      ) head
      WHERE head.job <> ALL (:known::text[])
      """;

  private static final String ADD_JOB =
      "INSERT INTO escapement_job (name) VALUES (:job) ON CONFLICT DO NOTHING";

  private static final String LOCK_JOB =
      "SELECT name FROM escapement_job WHERE name = :job FOR UPDATE";

  /**
   * The first part walks the claim index from one (queue, priority) to the next, so that only what
   * is due gets read and not all that lies in the future.
   */
  private static final String PARK =
      """
      WITH RECURSIVE lane AS (
        (SELECT queue, priority
         FROM escapement_trigger
         WHERE state = 1 AND hold = 0
         ORDER BY queue, priority
         LIMIT 1)
        UNION ALL
        SELECT following.queue, following.priority
        FROM lane
        CROSS JOIN LATERAL (
          SELECT t.queue, t.priority
          FROM escapement_trigger t
          WHERE t.state = 1 AND t.hold = 0
            AND (t.queue, t.priority) > (lane.queue, lane.priority)
          ORDER BY t.queue, t.priority
          LIMIT 1
        ) following
      ), head AS MATERIALIZED (
        SELECT due.id
        FROM lane
        CROSS JOIN LATERAL (
          SELECT t.id
          FROM escapement_trigger t
          WHERE t.state = 1 AND t.hold = 0
            AND t.queue = lane.queue AND t.priority = lane.priority
            AND t.due <= statement_timestamp()
            AND t.job = :job
          ORDER BY t.due
          LIMIT :limit
          FOR UPDATE SKIP LOCKED
        ) due
        LIMIT :limit
      )
      UPDATE escapement_trigger t
      SET hold = t.hold | 2
      FROM head
      WHERE t.id = head.id
      """;

  /** Job by job in the order of the index, lest the planner guess that a scan finds some soon. */
  private static final String UNPARK =
      """
      WITH parked AS MATERIALIZED (
        SELECT head.id
        FROM unnest(:jobs::text[]) AS known (job)
        CROSS JOIN LATERAL (
          SELECT t.id
          FROM escapement_trigger t
          WHERE t.hold <> 0 AND t.job = known.job AND t.hold & 2 <> 0
          ORDER BY t.due
          LIMIT :limit
          FOR UPDATE SKIP LOCKED
        ) head
        LIMIT :limit
      )
      UPDATE escapement_trigger t
      SET hold = t.hold & ~2
      FROM parked
      WHERE t.id = parked.id
      """;

  private static final String DECLARE =
      """
      INSERT INTO escapement_job (name, queue, priority, declared_at)
      SELECT declared.name, declared.queue, declared.priority, statement_timestamp()
      FROM unnest(:names::text[], :queues::text[], :priorities::smallint[])
        AS declared (name, queue, priority)
      ORDER BY declared.name
      ON CONFLICT (name) DO UPDATE
      SET queue = excluded.queue, priority = excluded.priority, declared_at = excluded.declared_at
      """;

  /** Locks in order of the ids, as whoever ends claims does. */
  private static final String MOVE =
      """
      WITH moving AS MATERIALIZED (
        SELECT t.id, declared.queue, declared.priority
        FROM unnest(:names::text[], :queues::text[], :priorities::smallint[])
          AS declared (name, queue, priority)
        JOIN escapement_trigger t ON t.job = declared.name AND t.job_key = :standing
        WHERE t.kind = 1
          AND (t.queue, t.priority) IS DISTINCT FROM (declared.queue, declared.priority)
        ORDER BY t.id
        FOR UPDATE OF t
      )
      UPDATE escapement_trigger t
      SET queue = moving.queue, priority = moving.priority
      FROM moving
      WHERE t.id = moving.id
      """;
}
