package dev.escapement.jdbc;

/** PostgreSQL's own SQL about enqueuing. */
final class PostgresEnqueueSql {

  final String plain;
  final String keep;
  final String replace;
  final String reschedule;
  final String live;

  PostgresEnqueueSql(Tables tables) {
    plain = tables.in(PLAIN);
    keep = tables.in(INSERT.formatted(GIVEN, "") + KEEP);
    replace = tables.in(UPSERT.formatted(GIVEN, inserted(), REPLACE, FORGET));
    reschedule = tables.in(UPSERT.formatted(GIVEN, inserted(), RESCHEDULE, ""));
    live = tables.in(LIVE);
  }

  private static String inserted() {
    return INSERT.formatted("given", "WHERE (SELECT count(*) FROM locked) >= 0");
  }

  private static final String GIVEN =
      """
      unnest(:ids::uuid[], :kinds::smallint[], :jobs::text[], :keys::text[],
                  :queues::text[], :priorities::smallint[],
                  :dueAt::timestamptz[], :dueIn::interval[],
                  :schedules::text[], :fireTimes::timestamptz[], :payloads::bytea[],
                  :headers::text[])
        WITH ORDINALITY
        AS given (id, kind, job, job_key, queue, priority, due_at, due_in, schedule, fire_time,
                  payload, headers, place)\
      """;

  /** In the order in which they are given; of two that bear the same key the first one wins. */
  private static final String INSERT =
      """
      INSERT INTO escapement_trigger AS t
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, job_key, queue, schedule, payload, headers)
      SELECT given.id, 0, coalesce(given.fire_time, first.due), first.due, statement_timestamp(),
             0, 0, given.kind, coalesce(given.priority, job.priority, 1), 1, 0,
             given.job, given.job_key, coalesce(given.queue, job.queue, 'default'),
             given.schedule, given.payload, given.headers
      FROM %s
      CROSS JOIN LATERAL
        (SELECT coalesce(given.due_at, statement_timestamp() + given.due_in) AS due) first
      LEFT JOIN escapement_job job ON job.name = given.job
      %s
      ORDER BY given.place
      ON CONFLICT (job, job_key) WHERE job_key IS NOT NULL
      """;

  /** Returns what was inserted. */
  private static final String KEEP =
      """
      DO NOTHING
      RETURNING t.id, t.job, t.job_key, t.state
      """;

  /**
   * One row without a key: to plan for arrays, a join and a conflict takes longer than to write it.
   * The driver may keep it prepared, for its plan hardly matters: jobs are few.
   */
  private static final String PLAIN =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, queue, payload, headers)
      VALUES (:id, 0, coalesce(:dueAt::timestamptz, statement_timestamp() + :dueIn::interval),
              coalesce(:dueAt::timestamptz, statement_timestamp() + :dueIn::interval),
              statement_timestamp(), 0, 0, 0,
              coalesce(:priority, (SELECT priority FROM escapement_job WHERE name = :job), 1), 1, 0,
              :job, coalesce(:queue, (SELECT queue FROM escapement_job WHERE name = :job), 'default'),
              :payload, :headers)
      """;

  /** What takes another's place begins without its checkpoint. */
  private static final String FORGET =
      """
      , forgotten AS (
        DELETE FROM escapement_checkpoint c
        WHERE c.trigger_id = ANY (ARRAY(
          SELECT put.id
          FROM put
          WHERE put.state <> 2 AND put.id NOT IN (SELECT given.id FROM given)))
      )\
      """;

  /**
   * Returns what was inserted or changed. The rows that are there are locked first in order of
   * their ids, as whoever ends claims does, and as they are looked for before anything is inserted,
   * their number never stands in the way.
   */
  private static final String UPSERT =
      """
      WITH given AS MATERIALIZED (
        SELECT *
        FROM %s
      ), locked AS MATERIALIZED (
        SELECT t.id
        FROM given
        JOIN escapement_trigger t
          ON t.job = given.job AND t.job_key = given.job_key AND t.job_key IS NOT NULL
        WHERE t.kind = 0
        ORDER BY t.id
        FOR UPDATE OF t
      ), put AS (
        %s
        DO UPDATE SET %s
        WHERE t.kind = 0
        RETURNING t.id, t.job, t.job_key, t.state
      )%s
      SELECT id, job, job_key, state FROM put
      """;

  /** Whoever holds the claim goes on with the version, the payload and the headers that it has. */
  private static final String REPLACE =
      """
          version = CASE t.state WHEN 2 THEN t.version ELSE t.version + 1 END,
          fire_time = CASE t.state WHEN 2 THEN t.fire_time ELSE excluded.fire_time END,
          due = CASE t.state WHEN 2 THEN t.due ELSE excluded.due END,
          attempt = CASE t.state WHEN 2 THEN t.attempt ELSE 0 END,
          lost = CASE t.state WHEN 2 THEN t.lost ELSE 0 END,
          missed = CASE t.state WHEN 2 THEN t.missed ELSE 0 END,
          payload = CASE t.state WHEN 2 THEN t.payload ELSE excluded.payload END,
          headers = CASE t.state WHEN 2 THEN t.headers ELSE excluded.headers END,
          queue = excluded.queue,
          priority = excluded.priority,
          request = CASE t.state WHEN 2 THEN t.request | 8 ELSE 0 END,
          request_due = CASE t.state WHEN 2 THEN excluded.due END,
          request_payload = CASE t.state WHEN 2 THEN excluded.payload END,
          request_headers = CASE t.state WHEN 2 THEN excluded.headers END\
      """;

  private static final String RESCHEDULE =
      """
          version = CASE t.state WHEN 2 THEN t.version ELSE t.version + 1 END,
          due = CASE t.state WHEN 2 THEN t.due ELSE excluded.due END,
          request = CASE t.state WHEN 2 THEN t.request | 8 ELSE 0 END,
          request_due = CASE t.state WHEN 2 THEN excluded.due END\
      """;

  /** The live triggers that bear the keys of those that were neither inserted nor changed. */
  private static final String LIVE =
      """
      SELECT given.id AS given, t.id AS kept, t.state
      FROM unnest(:ids::uuid[], :jobs::text[], :keys::text[]) AS given (id, job, job_key)
      JOIN escapement_trigger t
        ON t.job = given.job AND t.job_key = given.job_key AND t.job_key IS NOT NULL
      """;
}
