package dev.escapement.jdbc;

import dev.escapement.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * PostgreSQL's way to delete what is old, and what is too much. Which rows go is read from the old
 * end of an index. They are deleted by their places, so that no plan reads more than these,
 * whatever the planner thinks of the size of the table; a place is one in each partition, so the id
 * must be right as well, and no partition is looked into that can't have it.
 *
 * <p>The index of the job has a stretch for each way to end, each in the order of the ids. Merged,
 * they lead to the newest one that must go, which is the border: nothing is read but as many
 * entries of the index as are kept.
 */
final class PostgresRetention {

  private static final String DELETE =
      """
      DELETE FROM escapement_execution
      WHERE ctid = ANY (ARRAY(SELECT place FROM beyond))
        AND claimed_at >= (SELECT min(claimed_at) FROM beyond)
        AND claimed_at <= (SELECT max(claimed_at) FROM beyond)
        AND (claimed_at, trigger_id, version) IN (
          SELECT claimed_at, trigger_id, version FROM beyond)
      """;

  static final String PURGE =
      """
      WITH beyond AS MATERIALIZED (
        SELECT ctid AS place, claimed_at, trigger_id, version
        FROM escapement_execution
        WHERE claimed_at < :before
        ORDER BY claimed_at, trigger_id, version
        LIMIT :limit
      )
      """
          + DELETE;

  private static final String STRETCH =
      """
      (SELECT claimed_at, trigger_id, version
       FROM escapement_execution
       WHERE job = :job AND outcome = %d
       ORDER BY claimed_at DESC, trigger_id DESC, version DESC
       LIMIT :keep + 1)
      """;

  private static final String BORDER =
      """
      WITH border AS MATERIALIZED (
        SELECT e.claimed_at, e.trigger_id, e.version
        FROM (%s) e
        ORDER BY e.claimed_at DESC, e.trigger_id DESC, e.version DESC
        LIMIT 1 OFFSET :keep
      )\
      """
          .formatted(ofEachOutcome(STRETCH));

  /** From the old end of each stretch to the border, and no entry further. */
  private static final String OLD_END =
      """
      (SELECT ctid AS place, claimed_at, trigger_id, version
       FROM escapement_execution
       WHERE job = :job AND outcome = %d
         AND (claimed_at, trigger_id, version)
           <= (SELECT claimed_at, trigger_id, version FROM border)
       ORDER BY claimed_at, trigger_id, version
       LIMIT :limit)
      """;

  private static final String BEYOND =
      """
      , beyond AS MATERIALIZED (
        SELECT e.place, e.claimed_at, e.trigger_id, e.version
        FROM (%s) e
        ORDER BY e.claimed_at, e.trigger_id, e.version
        LIMIT :limit
      )
      """
          .formatted(ofEachOutcome(OLD_END));

  static final String TRIM = BORDER + BEYOND + DELETE;

  private final String purge;
  private final String trim;

  PostgresRetention(Tables tables) {
    this.purge = tables.in(PURGE);
    this.trim = tables.in(TRIM);
  }

  /** The outcome as a literal, so that the planner knows how rare it is. */
  private static String ofEachOutcome(String part) {
    return Arrays.stream(Outcome.values())
        .map(outcome -> part.formatted(Codes.of(outcome)))
        .collect(Collectors.joining("UNION ALL\n"));
  }

  int purge(Database database, Duration age, int limit) {
    return database.write(
        "purge executions",
        handle -> {
          Instant before = Values.now(handle).minus(age);
          return handle.createUpdate(purge).bind("before", before).bind("limit", limit).execute();
        });
  }

  int trim(Database database, String job, int keep, int limit) {
    return database.write(
        "trim the history",
        handle ->
            handle
                .createUpdate(trim)
                .bind("job", job)
                .bind("keep", keep)
                .bind("limit", limit)
                .execute());
  }
}
