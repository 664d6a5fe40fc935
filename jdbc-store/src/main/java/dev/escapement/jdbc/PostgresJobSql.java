package dev.escapement.jdbc;

/** PostgreSQL's own SQL about jobs, and about what holds their triggers back. */
final class PostgresJobSql {

  final String strangers;
  final String addJob;
  final String park;
  final String unpark;
  final String declare;
  final String see;
  final String lockJobs;
  final String settle;
  final String move;
  final String deleteTriggers;

  PostgresJobSql(Tables tables) {
    strangers = tables.in(STRANGERS);
    addJob = tables.in(ADD_JOB);
    park = tables.in(PARK);
    unpark = tables.in(UNPARK);
    declare = tables.in(DECLARE);
    see = tables.in(SEE);
    lockJobs = tables.in(LOCK_JOBS);
    settle = tables.in(SETTLE);
    move = tables.in(MOVE);
    deleteTriggers = tables.in(DELETE_TRIGGERS);
  }

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
      SET hold = t.hold | :hold
      FROM head
      WHERE t.id = head.id
      """;

  /**
   * Job by job in the order of the index, lest the planner guess that a scan finds some soon. Of a
   * paused job only holds from 2 on are looked up, those without a handler: it may hold very many
   * others, which would be read again and again in vain.
   */
  private static final String UNPARK =
      """
      WITH parked AS MATERIALIZED (
        SELECT head.id, known.ended
        FROM (
          SELECT given.job, CASE WHEN job.paused THEN 2 ELSE 3 END AS ended,
                 CASE WHEN job.paused THEN 2 ELSE 1 END AS least
          FROM unnest(:jobs::text[]) AS given (job)
          LEFT JOIN escapement_job job ON job.name = given.job
        ) known
        CROSS JOIN LATERAL (
          SELECT t.id
          FROM escapement_trigger t
          WHERE t.hold <> 0 AND t.job = known.job AND t.hold >= known.least
          ORDER BY t.hold, t.due
          LIMIT :limit
          FOR UPDATE SKIP LOCKED
        ) head
        LIMIT :limit
      )
      UPDATE escapement_trigger t
      SET hold = t.hold & ~parked.ended
      FROM parked
      WHERE t.id = parked.id
      """;

  /** Locks the rows of the jobs, in order of their names, whether they were there or not. */
  private static final String DECLARE =
      """
      INSERT INTO escapement_job (name, declared_at)
      SELECT declared.name, statement_timestamp()
      FROM unnest(:jobs::text[]) AS declared (name)
      ORDER BY declared.name
      ON CONFLICT (name) DO UPDATE SET declared_at = excluded.declared_at
      """;

  /** {@code greatest} skips nulls: the first declaration of a job is later than none. */
  private static final String SEE =
      """
      INSERT INTO escapement_declaration (job, hash, first_seen, queue, priority, schedule)
      SELECT declared.job, declared.hash,
             greatest(statement_timestamp(),
                      (SELECT max(earlier.first_seen) + interval '1 microsecond'
                       FROM escapement_declaration earlier
                       WHERE earlier.job = declared.job)),
             declared.queue, declared.priority, declared.schedule
      FROM unnest(:jobs::text[], :hashes::text[], :queues::text[], :priorities::smallint[],
                  :schedules::text[])
        AS declared (job, hash, queue, priority, schedule)
      ON CONFLICT (job, hash) DO NOTHING
      """;

  private static final String LOCK_JOBS =
      "SELECT name FROM escapement_job WHERE name = ANY (:jobs) ORDER BY name FOR UPDATE";

  private static final String SETTLE =
      """
      UPDATE escapement_job job
      SET declaration = latest.hash, queue = latest.queue, priority = latest.priority
      FROM unnest(:jobs::text[]) AS wanted (name)
      CROSS JOIN LATERAL (
        SELECT d.hash, d.queue, d.priority
        FROM escapement_declaration d
        WHERE d.job = wanted.name
          AND EXISTS (
            SELECT
            FROM escapement_handler h
            JOIN escapement_node n ON n.session = h.session
            WHERE h.job = d.job AND h.declaration = d.hash AND n.live)
        ORDER BY d.first_seen DESC
        LIMIT 1
      ) latest
      WHERE job.name = wanted.name
        AND (job.declaration, job.queue, job.priority)
              IS DISTINCT FROM (latest.hash, latest.queue, latest.priority)
      """;

  /**
   * Comes after {@link #SETTLE}: what is in force then and made by a live session is current. Locks
   * in order of the ids, as whoever ends claims does.
   */
  private static final String MOVE =
      """
      WITH moving AS MATERIALIZED (
        SELECT t.id, job.queue, job.priority
        FROM escapement_job job
        JOIN escapement_trigger t ON t.job = job.name AND t.job_key = :standing
        WHERE job.name = ANY (:jobs::text[])
          AND t.kind = 1
          AND (t.queue, t.priority) IS DISTINCT FROM (job.queue, job.priority)
          AND EXISTS (
            SELECT
            FROM escapement_handler h
            JOIN escapement_node n ON n.session = h.session
            WHERE h.job = job.name AND h.declaration = job.declaration AND n.live)
        ORDER BY t.id
        FOR UPDATE OF t
      )
      UPDATE escapement_trigger t
      SET queue = moving.queue, priority = moving.priority
      FROM moving
      WHERE t.id = moving.id
      """;

  /**
   * Deletes as many as it is told or, if one of these runs, none. Returns how many run. Chooses
   * first and locks then: a sort under a lock would be one of all that the job has.
   */
  private static final String DELETE_TRIGGERS =
      """
      WITH chosen AS MATERIALIZED (
        SELECT t.id
        FROM escapement_trigger t
        WHERE t.job = :job
        LIMIT :limit
      ), found AS MATERIALIZED (
        SELECT t.id, t.state
        FROM chosen
        JOIN escapement_trigger t ON t.id = chosen.id
        ORDER BY t.id
        FOR UPDATE OF t
      ), deleted AS (
        DELETE FROM escapement_trigger t
        USING found
        WHERE t.id = found.id AND NOT EXISTS (SELECT FROM found running WHERE running.state = 2)
      )
      SELECT count(*) FROM found WHERE state = 2
      """;
}
