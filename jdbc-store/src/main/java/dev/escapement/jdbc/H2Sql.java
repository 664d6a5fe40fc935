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
  final String free;
  final String waiting;
  final String inTurn;
  final String orphaned;
  final String remove;
  final String move;
  final String record;
  final String forget;
  final String placement;
  final String liveKey;
  final String lockKey;
  final String replace;
  final String replaceRunning;
  final String reschedule;
  final String rescheduleRunning;
  final String insert;
  final String children;
  final String name;
  final String lock;
  final String amend;
  final String spawn;
  final String spawned;
  final String strangers;
  final String addJob;
  final String lockJob;
  final String parkable;
  final String unparkable;
  final String park;
  final String unpark;
  final String endedHolds;
  final String declare;
  final String see;
  final String current;
  final String settle;
  final String relocate;
  final String someTriggers;
  final String lockTrigger;
  final String deleteTriggers;

  H2Sql(Tables tables) {
    situation = tables.in(SITUATION);
    candidates = tables.in(CANDIDATES);
    claim = tables.in(CLAIM);
    nextDue = tables.in(NEXT_DUE);
    free = tables.in(HELD + "SKIP LOCKED");
    waiting = tables.in(HELD);
    inTurn = tables.in(HELD + "WAIT " + Dialect.TURN.toMillis() / 1000.0);
    orphaned = tables.in(ORPHANED);
    remove = tables.in(REMOVE);
    move = tables.in(MOVE);
    record = tables.in(RECORD);
    forget = tables.in(FORGET);
    placement = tables.in(PLACEMENT);
    liveKey = tables.in(LIVE_KEY);
    lockKey = tables.in(LOCK_KEY);
    replace = tables.in(REPLACE);
    replaceRunning = tables.in(REPLACE_RUNNING);
    reschedule = tables.in(RESCHEDULE);
    rescheduleRunning = tables.in(RESCHEDULE_RUNNING);
    insert = tables.in(INSERT);
    children = tables.in(CHILDREN);
    name = tables.in(NAME);
    lock = tables.in(LOCK);
    amend = tables.in(AMEND);
    spawn = tables.in(SPAWN);
    spawned = tables.in(SPAWNED);
    strangers = tables.in(STRANGERS);
    addJob = tables.in(ADD_JOB);
    lockJob = tables.in(LOCK_JOB);
    parkable = tables.in(PARKABLE);
    unparkable = tables.in(UNPARKABLE);
    park = tables.in(PARK);
    unpark = tables.in(UNPARK);
    endedHolds = tables.in(ENDED_HOLDS);
    declare = tables.in(DECLARE);
    see = tables.in(SEE);
    current = tables.in(CURRENT);
    settle = tables.in(SETTLE);
    relocate = tables.in(RELOCATE);
    someTriggers = tables.in(SOME_TRIGGERS);
    lockTrigger = tables.in(LOCK_TRIGGER);
    deleteTriggers = tables.in(DELETE_TRIGGERS);
  }

  private static final String SITUATION =
      """
      SELECT CURRENT_TIMESTAMP AS now, control.epoch, control.requests,
             EXISTS (SELECT 1 FROM escapement_node n WHERE n.session = :session AND n.live) AS live
      FROM escapement_control control
      """;

  /**
   * Without ORDER BY, on purpose: with it and FOR UPDATE, H2 would lock and sort all that is due.
   * The claim index yields the rows in the order of due, and the LIMIT then ends the reading.
   */
  private static final String CANDIDATES =
      """
      SELECT *
      FROM escapement_trigger USE INDEX (escapement_trigger_claim)
      WHERE state = 1 AND hold = 0 AND queue = :queue AND priority = :priority
        AND due >= :since AND due <= :until
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
      SELECT id, version, owner, kind, job, job_key, attempt, lost, fire_time, last_fire, missed, due,
             claimed_at, stale, request, request_due, request_payload, payload
      FROM escapement_trigger
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
      FOR UPDATE
      """;

  private static final String ORPHANED =
      """
      SELECT id, version, owner, kind, job, job_key, attempt, lost, fire_time, last_fire, missed, due,
             claimed_at, stale, request, request_due, request_payload, payload
      FROM escapement_trigger
      WHERE id = :id AND version = :version AND owner = :owner AND state = 2
        AND NOT EXISTS (SELECT 1 FROM escapement_node n WHERE n.session = :owner AND n.live)
      FOR UPDATE SKIP LOCKED
      """;

  static final String REMOVE = "DELETE FROM escapement_trigger WHERE id = :id";

  private static final String MOVE =
      """
      UPDATE escapement_trigger
      SET version = version + 1, owner = NULL, claimed_at = NULL,
          state = :state, fire_time = :fireTime, last_fire = :lastFire, missed = :missed,
          due = :due, attempt = :attempt, lost = :lost, reason = :reason, stale = :stale,
          payload = COALESCE(:payload, payload),
          headers = CASE WHEN :replaced THEN request_headers ELSE headers END,
          request = 0, request_due = NULL, request_payload = NULL, request_headers = NULL
      WHERE id = :id
      """;

  private static final String RECORD =
      """
      INSERT INTO escapement_execution
        (claimed_at, trigger_id, version, session, fire_time, missed, due, started_at, ended_at,
         attempt, kind, outcome, node, job, job_key, failure_type, failure_message, failure_trace,
         payload, result)
      VALUES
        (:claimedAt, :id, :version, :owner, :fireTime, :missed, :due, :startedAt, :endedAt,
         :attempt, :kind, :outcome,
         COALESCE((SELECT n.node FROM escapement_node n WHERE n.session = :owner), ''),
         :job, :key, :type, :message, :trace, :payload, :result)
      """;

  static final String FORGET = "DELETE FROM escapement_checkpoint WHERE trigger_id = :trigger";

  private static final String PLACEMENT =
      "SELECT name, queue, priority FROM escapement_job WHERE name = ANY (:jobs)";

  private static final String LIVE_KEY =
      "SELECT id, kind, state FROM escapement_trigger WHERE job = :job AND job_key = :key";

  private static final String LOCK_KEY =
      "SELECT id, kind, state FROM escapement_trigger WHERE id = :id FOR UPDATE";

  private static final String REPLACE =
      """
      UPDATE escapement_trigger
      SET version = version + 1, fire_time = :due, due = :due, attempt = 0, lost = 0, missed = 0,
          payload = :payload, headers = :headers, queue = :queue, priority = :priority
      WHERE id = :id
      """;

  private static final String REPLACE_RUNNING =
      """
      UPDATE escapement_trigger
      SET request = BITOR(request, CAST(8 AS SMALLINT)), request_due = :due,
          request_payload = :payload, request_headers = :headers, queue = :queue,
          priority = :priority
      WHERE id = :id
      """;

  static final String RESCHEDULE =
      "UPDATE escapement_trigger SET version = version + 1, due = :due WHERE id = :id";

  private static final String RESCHEDULE_RUNNING =
      """
      UPDATE escapement_trigger
      SET request = BITOR(request, CAST(8 AS SMALLINT)), request_due = :due
      WHERE id = :id
      """;

  private static final String INSERT =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, job_key, queue, schedule, payload, headers)
      VALUES
        (:id, 0, :fireTime, :due, CURRENT_TIMESTAMP, 0, 0, :kind, :priority, 1, 0,
         :job, :key, :queue, :schedule, :payload, :headers)
      """;

  private static final String CHILDREN =
      "SELECT count(*) FROM escapement_trigger WHERE parent = :parent";

  private static final String NAME =
      "SELECT * FROM escapement_trigger WHERE job = :job AND job_key = :key";

  private static final String LOCK =
      "SELECT * FROM escapement_trigger WHERE id = :id AND version = :version FOR UPDATE";

  private static final String AMEND =
      """
      UPDATE escapement_trigger
      SET version = :version, stale = :stale, schedule = :schedule, queue = :queue,
          priority = :priority, payload = :payload, fire_time = :fireTime, due = :due,
          attempt = :attempt, lost = :lost
      WHERE id = :id
      """;

  private static final String SPAWN =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold,
         job, queue, missed, parent, payload, headers)
      SELECT :id, 0, :fireTime, :due, CURRENT_TIMESTAMP, 0, 0, 0, :priority, 1, 0,
             :job, :queue, :missed, :parent, :payload, :headers
      WHERE NOT EXISTS (
        SELECT 1 FROM escapement_trigger sibling
        WHERE sibling.parent = :parent AND sibling.fire_time = :fireTime AND sibling.shard = 0)
      """;

  private static final String SPAWNED =
      """
      UPDATE escapement_trigger
      SET version = version + 1, last_fire = :lastFire, fire_time = :fireTime, due = :due,
          missed = :missed, stale = FALSE
      WHERE id = :id
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
      WHERE job = :job AND hold >= :least
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private static final String PARK =
      "UPDATE escapement_trigger SET hold = BITOR(hold, CAST(:hold AS SMALLINT)) WHERE id = ANY"
          + " (:ids)";

  private static final String UNPARK =
      "UPDATE escapement_trigger SET hold = BITAND(hold, BITNOT(CAST(:ended AS SMALLINT))) WHERE id"
          + " = ANY (:ids)";

  private static final String ENDED_HOLDS =
      """
      SELECT CASE WHEN EXISTS (SELECT 1 FROM escapement_job job WHERE job.name = :job AND job.paused)
                  THEN 2 ELSE 3 END
      """;

  private static final String DECLARE =
      """
      MERGE INTO escapement_job (name, declared_at) KEY (name) VALUES (:job, CURRENT_TIMESTAMP)
      """;

  private static final String SEE =
      """
      INSERT INTO escapement_declaration (job, hash, first_seen, queue, priority, schedule)
      SELECT :job, :hash,
             GREATEST(CURRENT_TIMESTAMP,
                      COALESCE((SELECT DATEADD(MICROSECOND, 1, MAX(earlier.first_seen))
                                FROM escapement_declaration earlier
                                WHERE earlier.job = :job), CURRENT_TIMESTAMP)),
             :queue, :priority, :schedule
      WHERE NOT EXISTS (
        SELECT 1 FROM escapement_declaration same WHERE same.job = :job AND same.hash = :hash)
      """;

  private static final String CURRENT =
      """
      SELECT d.hash, d.queue, d.priority
      FROM escapement_declaration d
      WHERE d.job = :job
        AND EXISTS (
          SELECT 1
          FROM escapement_handler h
          JOIN escapement_node n ON n.session = h.session
          WHERE h.job = d.job AND h.declaration = d.hash AND n.live)
      ORDER BY d.first_seen DESC
      LIMIT 1
      """;

  private static final String SETTLE =
      """
      UPDATE escapement_job
      SET declaration = :declaration, queue = :queue, priority = :priority
      WHERE name = :job
      """;

  private static final String RELOCATE =
      """
      UPDATE escapement_trigger
      SET queue = :queue, priority = :priority
      WHERE job = :job AND job_key = :standing AND kind = 1
        AND (queue <> :queue OR priority <> :priority)
      """;

  private static final String SOME_TRIGGERS =
      "SELECT id FROM escapement_trigger WHERE job = :job LIMIT :limit";

  private static final String LOCK_TRIGGER =
      "SELECT state FROM escapement_trigger WHERE id = :id FOR UPDATE";

  private static final String DELETE_TRIGGERS =
      "DELETE FROM escapement_trigger WHERE id = ANY (:ids)";
}
