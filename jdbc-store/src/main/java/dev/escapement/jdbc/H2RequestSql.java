package dev.escapement.jdbc;

/** H2's own SQL about requests: of a trigger that runs, and of one that waits. */
final class H2RequestSql {

  final String lock;
  final String askToCancel;
  final String askToPause;
  final String takePauseBack;
  final String askForDue;
  final String remove;
  final String cancel;
  final String pause;
  final String resume;
  final String reschedule;
  final String fireNow;
  final String forget;
  final String record;
  final String raise;

  H2RequestSql(Tables tables) {
    lock = tables.in(LOCK);
    askToCancel = tables.in(ASK_TO_CANCEL);
    askToPause = tables.in(ASK_TO_PAUSE);
    takePauseBack = tables.in(TAKE_PAUSE_BACK);
    askForDue = tables.in(ASK_FOR_DUE);
    remove = tables.in(H2Sql.REMOVE);
    cancel = tables.in(CANCEL);
    pause = tables.in(PAUSE);
    resume = tables.in(RESUME);
    reschedule = tables.in(H2Sql.RESCHEDULE);
    fireNow = tables.in(FIRE_NOW);
    forget = tables.in(H2Sql.FORGET);
    record = tables.in(RECORD);
    raise = tables.in(RAISE);
  }

  private static final String LOCK = "SELECT * FROM escapement_trigger WHERE id = :id FOR UPDATE";

  private static final String ASK_TO_CANCEL =
      """
      UPDATE escapement_trigger
      SET request = 1, request_due = NULL, request_payload = NULL, request_headers = NULL
      WHERE id = :id
      """;

  private static final String ASK_TO_PAUSE =
      "UPDATE escapement_trigger SET request = BITOR(request, CAST(2 AS SMALLINT)) WHERE id = :id";

  private static final String TAKE_PAUSE_BACK =
      "UPDATE escapement_trigger SET request = BITAND(request, CAST(13 AS SMALLINT)) WHERE id ="
          + " :id";

  private static final String ASK_FOR_DUE =
      """
      UPDATE escapement_trigger
      SET request = BITOR(request, CAST(:kind AS SMALLINT)), request_due = :due
      WHERE id = :id
      """;

  private static final String CANCEL =
      """
      UPDATE escapement_trigger
      SET version = version + 1, last_fire = fire_time, due = NULL, missed = 0, attempt = 0,
          lost = 0, stale = TRUE
      WHERE id = :id
      """;

  private static final String PAUSE =
      """
      UPDATE escapement_trigger
      SET version = version + 1, state = 3, reason = NULL
      WHERE id = :id
      """;

  private static final String RESUME =
      """
      UPDATE escapement_trigger
      SET version = version + 1, state = 1, reason = NULL, attempt = 0, lost = 0
      WHERE id = :id
      """;

  private static final String FIRE_NOW =
      """
      UPDATE escapement_trigger
      SET version = version + 1, fire_time = CURRENT_TIMESTAMP, due = CURRENT_TIMESTAMP,
          attempt = 0, lost = 0
      WHERE id = :id
      """;

  private static final String RECORD =
      """
      INSERT INTO escapement_execution
        (claimed_at, trigger_id, version, session, fire_time, missed, due, ended_at, attempt, kind,
         outcome, node, job, job_key)
      SELECT CURRENT_TIMESTAMP, id, version + 1, :nobody, fire_time, missed, due,
             CURRENT_TIMESTAMP, 0, kind, 4, '', job, job_key
      FROM escapement_trigger
      WHERE id = :id
      """;

  private static final String RAISE = "UPDATE escapement_control SET requests = requests + 1";
}
