package dev.escapement.jdbc;

/**
 * PostgreSQL's own SQL about triggers; what is about jobs stands in {@link PostgresJobSql}. States
 * and holds are literals, for only then does the planner see that a partial index will do. {@code
 * statement_timestamp()} is the clock: {@code now()} stands still through a transaction, and {@code
 * clock_timestamp()} is volatile, so that an index can't be used.
 */
final class PostgresSql {

  final Planned claim;
  final String claimSpawning;
  final Planned claimAged;
  final String claimAgedSpawning;
  final String names;
  final String amend;
  final String spawn;

  PostgresSql(Tables tables) {
    String turn = ClaimTurns.sql(tables);
    claim = Planned.inTurn(tables.in(claim("FALSE", "", "claimed", TOLD, false)), turn);
    claimSpawning = tables.in(claim(SPAWNS, FOUND, "found", "t.*", false));
    claimAged = Planned.inTurn(tables.in(claim("FALSE", "", "claimed", TOLD, true)), turn);
    claimAgedSpawning = tables.in(claim(SPAWNS, FOUND, "found", "t.*", true));
    names = tables.in(NAMES);
    amend = tables.in(AMEND);
    spawn = tables.in(SPAWN);
  }

  private static String claim(
      String spawns, String found, String answer, String told, boolean aged) {
    return CLAIM.formatted(
        spawns,
        found,
        answer,
        aged ? ", :waited::interval[]" : "",
        aged ? ", waited" : "",
        aged ? " - demand.waited" : "",
        told);
  }

  /**
   * Each (queue, priority) is a stretch of the claim index, read in the order of due and no further
   * than wanted: the inner LIMIT ends a stretch, the outer one a queue, high priority first. What
   * spawns is locked like the rest, so that it isn't looked at while another moves it, but not
   * updated; whoever knows no job that spawns isn't charged for planning that. A demand for those
   * that have waited ends its stretches so much earlier, and begins those of other priorities at
   * the end of time; it has a statement of its own, so that the others stay as they are. Two
   * demands may name the same row, which is claimed once. What was locked is found again by its
   * place. Only the columns that are needed are told, and times as microseconds, for thirty columns
   * of text cost as much as the rest of it. The answer has at least one row, for the clock, the
   * epoch and the next due.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT chosen.id, chosen.version, chosen.spawns, chosen.at
        FROM unnest(:queues::text[], :limits::integer[],
                    :high::timestamptz[], :normal::timestamptz[], :low::timestamptz[]%4$s)
          AS demand (queue, wanted, high, normal, low%5$s)
        CROSS JOIN LATERAL (
          SELECT head.id, head.version, head.spawns, head.at
          FROM (VALUES (2::smallint, demand.high), (1::smallint, demand.normal),
                       (0::smallint, demand.low)) AS lane (priority, since)
          CROSS JOIN LATERAL (
            SELECT t.id, t.version, %1$s AS spawns, t.ctid AS at
            FROM escapement_trigger t
            WHERE t.state = 1 AND t.hold = 0
              AND t.queue = demand.queue AND t.priority = lane.priority
              AND t.due >= lane.since AND t.due <= statement_timestamp()%6$s
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
        WHERE t.ctid = candidate.at AND t.id = candidate.id AND t.version = candidate.version
          AND NOT candidate.spawns
        RETURNING FALSE AS spawns, 0 AS children, %7$s,
                  CASE WHEN t.fire_time <> t.due THEN t.fire_time END AS other_fire_time,
                  (extract(epoch FROM t.due) * 1000000)::bigint AS due_micros
      )%2$s
      SELECT statement_timestamp() AS now, control.epoch, control.requests,
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
      WHERE control.one
      """;

  /** What a claim says of a trigger, besides its times; whoever asks knows the rest. */
  private static final String TOLD =
      """
      t.id, t.version, t.kind, t.priority, t.job, t.job_key, t.queue, t.attempt, t.lost,
                  t.schedule, t.missed, t.stale, t.payload, t.headers\
      """;

  private static final String SPAWNS = "t.kind = 1 AND t.job = ANY (:spawning::text[])";

  private static final String FOUND =
      """
      , found AS (
        SELECT * FROM claimed
        UNION ALL
        SELECT TRUE,
               (SELECT count(*) FROM escapement_trigger child WHERE child.parent = spawner.id)::integer,
               spawner.*, NULL, 0
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
        SELECT t.id, t.job, t.queue, t.priority, t.payload, t.headers
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
           job, queue, missed, parent, payload, headers)
        SELECT child.id, 0, child.fire_time, child.due, statement_timestamp(), 0, 0, 0,
               parent.priority, 1, 0, parent.job, parent.queue, child.missed, parent.id,
               parent.payload, parent.headers
        FROM parent
        CROSS JOIN unnest(:ids::uuid[], :fireTimes::timestamptz[], :dues::timestamptz[],
                          :notRun::bigint[]) AS child (id, fire_time, due, missed)
        ON CONFLICT (parent, fire_time, shard) WHERE parent IS NOT NULL DO NOTHING
      )
      SELECT count(*) FROM parent
      """;
}
