package dev.escapement.jdbc;

/**
 * H2's own SQL. Each step is a transaction in which time stands still. State and hold lead the
 * claim index, and so must stand in an ORDER BY for the index to be read in its own order.
 */
final class H2Sql {

  final String situation;
  final String candidates;
  final String claim;
  final String nextDue;
  final String held;
  final String orphaned;
  final String remove;
  final String move;
  final String record;
  final String placement;
  final String liveKey;
  final String insert;
  final String strangers;
  final String addJob;
  final String lockJob;
  final String parkable;
  final String unparkable;
  final String park;
  final String unpark;
  final String declare;
  final String relocate;

  H2Sql(Tables tables) {
    situation = tables.in(SITUATION);
    candidates = tables.in(CANDIDATES);
    claim = tables.in(CLAIM);
    nextDue = tables.in(NEXT_DUE);
    held = tables.in(HELD);
    orphaned = tables.in(ORPHANED);
    remove = tables.in(REMOVE);
    move = tables.in(MOVE);
    record = tables.in(RECORD);
    placement = tables.in(PLACEMENT);
    liveKey = tables.in(LIVE_KEY);
    insert = tables.in(INSERT);
    strangers = tables.in(STRANGERS);
    addJob = tables.in(ADD_JOB);
    lockJob = tables.in(LOCK_JOB);
    parkable = tables.in(PARKABLE);
    unparkable = tables.in(UNPARKABLE);
    park = tables.in(PARK);
    unpark = tables.in(UNPARK);
    declare = tables.in(DECLARE);
    relocate = tables.in(RELOCATE);
  }

  private static final String SITUATION =
      """
      SELECT CURRENT_TIMESTAMP AS now, control.epoch,
             EXISTS (SELECT 1 FROM escapement_node n WHERE n.session = :session AND n.live) AS live
      FROM escapement_control control
      """;

  /**
   * Without ORDER BY, on purpose: with it and FOR UPDATE, H2 would lock and sort all that is due.
   * The claim index yields the rows in the order of due, and the LIMIT then ends the reading.
   */
  private static final String CANDIDATES =
      """
      SELECT id, version, kind, job, job_key, queue, priority, fire_time, due, attempt, lost, payload
      FROM escapement_trigger USE INDEX (escapement_trigger_claim)
      WHERE state = 1 AND hold = 0 AND queue = :queue AND priority = :priority
        AND due >= :since AND due <= CURRENT_TIMESTAMP
        AND job = ANY (:known)
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private static final String CLAIM =
      """
      UPDATE escapement_trigger
      SET state = 2, version = version + 1, attempt = attempt + 1,
          owner = :session, claimed_at = CURRENT_TIMESTAMP
      WHERE id = :id AND version = :version AND state = 1
      """;

  private static final String NEXT_DUE =
      """
      SELECT due
      FROM escapement_trigger
      WHERE state = 1 AND hold = 0 AND queue = :queue AND priority = :priority
        AND due > CURRENT_TIMESTAMP
      ORDER BY state, hold, queue, priority, due
      LIMIT 1
      """;

  private static final String HELD =
      """
      SELECT id, version, owner, kind, job, job_key, attempt, lost, fire_time, due, claimed_at,
             payload
      FROM escapement_trigger
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
      FOR UPDATE
      """;

  private static final String ORPHANED =
      """
      SELECT id, version, owner, kind, job, job_key, attempt, lost, fire_time, due, claimed_at,
             payload
      FROM escapement_trigger
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
        AND NOT EXISTS (SELECT 1 FROM escapement_node n WHERE n.session = :owner AND n.live)
      FOR UPDATE SKIP LOCKED
      """;

  private static final String REMOVE = "DELETE FROM escapement_trigger WHERE id = :id";

  private static final String MOVE =
      """
      UPDATE escapement_trigger
      SET version = version + 1, owner = NULL, claimed_at = NULL,
          state = :state, fire_time = :fireTime, due = :due, attempt = :attempt, lost = :lost,
          reason = :reason
      WHERE id = :id
      """;

  private static final String RECORD =
      """
      INSERT INTO escapement_execution
        (claimed_at, trigger_id, version, session, fire_time, due, started_at, ended_at, attempt,
         kind, outcome, node, job, job_key, failure_type, failure_message, failure_trace, payload)
      VALUES
        (:claimedAt, :id, :version, :owner, :fireTime, :due, :startedAt, :endedAt, :attempt,
         :kind, :outcome,
         COALESCE((SELECT n.node FROM escapement_node n WHERE n.session = :owner), ''), :job, :key, :type, :message, :trace, :payload)
      """;

  private static final String PLACEMENT =
      "SELECT name, queue, priority FROM escapement_job WHERE name = ANY (:jobs)";

  private static final String LIVE_KEY =
      "SELECT id FROM escapement_trigger WHERE job = :job AND job_key = :key";

  private static final String INSERT =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, job_key, queue, payload)
      VALUES
        (:id, 0, :due, :due, CURRENT_TIMESTAMP, 0, 0, :kind, :priority, 1, 0,
         :job, :key, :queue, :payload)
      """;

  private static final String STRANGERS =
      """
      SELECT DISTINCT job
      FROM (
        SELECT job
        FROM escapement_trigger
        WHERE state = 1 AND hold = 0 AND queue = :queue AND priority = :priority
          AND due <= CURRENT_TIMESTAMP
        ORDER BY state, hold, queue, priority, due
        LIMIT :window) AS head
      """;

  private static final String ADD_JOB =
      """
      MERGE INTO escapement_job AS job
      USING (VALUES (CAST(:job AS VARCHAR))) AS given (name) ON job.name = given.name
      WHEN NOT MATCHED THEN INSERT (name) VALUES (given.name)
      """;

  private static final String LOCK_JOB =
      "SELECT name FROM escapement_job WHERE name = :job FOR UPDATE";

  private static final String PARKABLE =
      """
      SELECT id
      FROM escapement_trigger
      WHERE state = 1 AND hold = 0 AND job = :job AND due <= CURRENT_TIMESTAMP
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private static final String UNPARKABLE =
      """
      SELECT id
      FROM escapement_trigger
      WHERE BITAND(hold, 2) <> 0 AND job = ANY (:jobs)
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private static final String PARK =
      "UPDATE escapement_trigger SET hold = BITOR(hold, 2) WHERE id = ANY (:ids)";

  private static final String UNPARK =
      "UPDATE escapement_trigger SET hold = BITAND(hold, BITNOT(2)) WHERE id = ANY (:ids)";

  private static final String DECLARE =
      """
      MERGE INTO escapement_job (name, queue, priority, declared_at) KEY (name)
      VALUES (:job, :queue, :priority, CURRENT_TIMESTAMP)
      """;

  private static final String RELOCATE =
      """
      UPDATE escapement_trigger
      SET queue = :queue, priority = :priority
      WHERE job = :job AND job_key = :standing AND kind = 1
        AND (queue <> :queue OR priority <> :priority)
      """;
}
