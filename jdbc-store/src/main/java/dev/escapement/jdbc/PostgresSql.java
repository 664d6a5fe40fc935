package dev.escapement.jdbc;

/**
 * PostgreSQL's own SQL about triggers; what is about jobs stands in {@link PostgresJobSql}. States
 * and holds are literals, for only then does the planner see that a partial index will do. {@code
 * statement_timestamp()} is the clock: {@code now()} stands still through a transaction, and {@code
 * clock_timestamp()} is volatile, so that an index can't be used.
 */
final class PostgresSql {

  final String claim;
  final String claimSpawning;
  final String complete;
  final String takeOver;
  final String enqueue;
  final String live;
  final String names;
  final String amend;
  final String spawn;

  PostgresSql(Tables tables) {
    claim = tables.in(CLAIM.formatted("FALSE", "", "claimed"));
    claimSpawning = tables.in(CLAIM.formatted(SPAWNS, FOUND, "found"));
    complete = tables.in(END.formatted(HELD));
    takeOver = tables.in(END.formatted(ORPHANED));
    enqueue = tables.in(ENQUEUE);
    live = tables.in(LIVE);
    names = tables.in(NAMES);
    amend = tables.in(AMEND);
    spawn = tables.in(SPAWN);
  }

  /**
   * Each (queue, priority) is a stretch of the claim index, read in the order of due and no further
   * than wanted: the inner LIMIT ends a stretch, the outer one a queue, high priority first. What
   * spawns is locked like the rest, so that it isn't looked at while another moves it, but not
   * updated; whoever knows no job that spawns isn't charged for planning that. The answer has at
   * least one row, for the clock, the epoch and the next due.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT chosen.id, chosen.version, chosen.spawns
        FROM unnest(:queues::text[], :limits::integer[],
                    :high::timestamptz[], :normal::timestamptz[], :low::timestamptz[])
          AS demand (queue, wanted, high, normal, low)
        CROSS JOIN LATERAL (
          SELECT head.id, head.version, head.spawns
          FROM (VALUES (2::smallint, demand.high), (1::smallint, demand.normal),
                       (0::smallint, demand.low)) AS lane (priority, since)
          CROSS JOIN LATERAL (
            SELECT t.id, t.version, %1$s AS spawns
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
        WHERE t.id = candidate.id AND t.version = candidate.version AND NOT candidate.spawns
        RETURNING FALSE AS spawns, 0 AS children, t.*
      )%2$s
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
             %3$s.*
      FROM escapement_control control LEFT JOIN %3$s ON TRUE
      """;

  private static final String SPAWNS = "t.kind = 1 AND t.job = ANY (:spawning::text[])";

  private static final String FOUND =
      """
      , found AS (
        SELECT * FROM claimed
        UNION ALL
        SELECT TRUE,
               (SELECT count(*) FROM escapement_trigger child WHERE child.parent = spawner.id)::integer,
               spawner.*
        FROM candidate
        CROSS JOIN LATERAL (
          SELECT t.*
          FROM escapement_trigger t
          WHERE t.id = candidate.id AND t.version = candidate.version
          LIMIT 1
        ) spawner
        WHERE candidate.spawns
      )\
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
                    :next::text[], :dueAt::timestamptz[], :dueIn::interval[],
                    :fireAt::timestamptz[], :fireIn::interval[], :missed::bigint[],
                    :reasons::text[],
                    :outcomes::smallint[], :started::timestamptz[], :ended::timestamptz[],
                    :types::text[], :messages::text[], :traces::text[], :keep::boolean[])
          AS ending (id, version, owner, next, due_at, due_in, fire_at, fire_in, not_run, reason,
                     outcome, started_at, ended_at, failure_type, failure_message, failure_trace,
                     keep_payload)
      ), held AS MATERIALIZED (
        SELECT t.id, t.version, t.owner, t.kind, t.job, t.job_key, t.attempt, t.fire_time, t.missed,
               t.due, t.claimed_at, CASE WHEN ending.keep_payload THEN t.payload END AS payload,
               ending.next, coalesce(ending.due_at, statement_timestamp() + ending.due_in) AS again,
               coalesce(ending.fire_at, statement_timestamp() + ending.fire_in) AS fires,
               ending.not_run, ending.reason, ending.outcome, ending.started_at, ending.ended_at,
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
            last_fire = CASE held.next WHEN 'fire' THEN t.fire_time ELSE t.last_fire END,
            fire_time = CASE held.next WHEN 'fire' THEN held.fires ELSE t.fire_time END,
            missed = CASE held.next WHEN 'fire' THEN held.not_run ELSE t.missed END,
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
          (claimed_at, trigger_id, version, session, fire_time, missed, due, started_at, ended_at,
           attempt, kind, outcome, node, job, job_key, failure_type, failure_message, failure_trace,
           payload)
        SELECT claimed_at, id, version, owner, fire_time, missed, due,
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
         job, job_key, queue, schedule, payload)
      SELECT given.id, 0, coalesce(given.fire_time, first.due), first.due, statement_timestamp(),
             0, 0, given.kind, coalesce(given.priority, job.priority, 1), 1, 0,
             given.job, given.job_key, coalesce(given.queue, job.queue, 'default'),
             given.schedule, given.payload
      FROM unnest(:ids::uuid[], :kinds::smallint[], :jobs::text[], :keys::text[],
                  :queues::text[], :priorities::smallint[],
                  :dueAt::timestamptz[], :dueIn::interval[],
                  :schedules::text[], :fireTimes::timestamptz[], :payloads::bytea[])
        WITH ORDINALITY
        AS given (id, kind, job, job_key, queue, priority, due_at, due_in, schedule, fire_time,
                  payload, place)
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

  private static final String NAMES =
      """
      SELECT t.*
      FROM unnest(:jobs::text[], :keys::text[]) AS given (job, job_key)
      JOIN escapement_trigger t
        ON t.job = given.job AND t.job_key = given.job_key AND t.job_key IS NOT NULL
      """;

  /**
   * Locks in order of the ids, as whoever ends claims does. The holder of a claim goes on with the
   * version and the fire that it has.
   */
  private static final String AMEND =
      """
      WITH amending AS (
        SELECT *
        FROM unnest(:ids::uuid[], :versions::bigint[], :schedules::text[], :queues::text[],
                    :priorities::smallint[], :payloads::bytea[], :aimed::boolean[],
                    :fireTimes::timestamptz[], :dues::timestamptz[])
          AS amending (id, version, schedule, queue, priority, payload, aimed, fire_time, due)
      ), found AS MATERIALIZED (
        SELECT t.id, t.state <> 2 AS waits, amending.schedule, amending.queue, amending.priority,
               amending.payload, amending.aimed, amending.fire_time, amending.due
        FROM amending
        JOIN escapement_trigger t ON t.id = amending.id AND t.version = amending.version
        WHERE t.kind = 1
        ORDER BY t.id
        FOR UPDATE OF t
      )
      UPDATE escapement_trigger t
      SET version = CASE WHEN found.waits THEN t.version + 1 ELSE t.version END,
          stale = NOT (found.waits AND found.aimed)
                  AND (t.stale OR t.schedule IS DISTINCT FROM found.schedule),
          schedule = found.schedule,
          queue = coalesce(found.queue, t.queue),
          priority = coalesce(found.priority, t.priority),
          payload = coalesce(found.payload, t.payload),
          fire_time = CASE WHEN found.waits AND found.aimed THEN found.fire_time ELSE t.fire_time END,
          due = CASE WHEN found.waits AND found.aimed THEN found.due ELSE t.due END,
          attempt = CASE WHEN found.waits AND found.aimed THEN 0 ELSE t.attempt END,
          lost = CASE WHEN found.waits AND found.aimed THEN 0 ELSE t.lost END
      FROM found
      WHERE t.id = found.id
      RETURNING t.id
      """;

  /** Whoever holds the parent's row is the only one who can insert children of it. */
  private static final String SPAWN =
      """
      WITH parent AS MATERIALIZED (
        SELECT t.id, t.job, t.queue, t.priority, t.payload
        FROM escapement_trigger t
        WHERE t.id = :parent AND t.version = :version
          AND t.kind = 1 AND t.state = 1 AND t.hold = 0
        FOR UPDATE
      ), moved AS (
        UPDATE escapement_trigger t
        SET version = t.version + 1, last_fire = :lastFire::timestamptz,
            fire_time = :fireTime::timestamptz, due = :due::timestamptz, missed = :missed,
            stale = FALSE
        FROM parent
        WHERE t.id = parent.id
      ), born AS (
        INSERT INTO escapement_trigger
          (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
           job, queue, missed, parent, payload)
        SELECT child.id, 0, child.fire_time, child.due, statement_timestamp(), 0, 0, 0,
               parent.priority, 1, 0, parent.job, parent.queue, child.missed, parent.id,
               parent.payload
        FROM parent
        CROSS JOIN unnest(:ids::uuid[], :fireTimes::timestamptz[], :dues::timestamptz[],
                          :notRun::bigint[]) AS child (id, fire_time, due, missed)
        ON CONFLICT (parent, fire_time, shard) WHERE parent IS NOT NULL DO NOTHING
      )
      SELECT count(*) FROM parent
      """;
}
