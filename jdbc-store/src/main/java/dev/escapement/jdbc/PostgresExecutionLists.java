package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's SQL of lists of executions. How they are read: see {@link PostgresTriggerLists}. */
final class PostgresExecutionLists {

  private static final String NEWEST_FIRST =
      "ORDER BY e.claimed_at DESC, e.trigger_id DESC, e.version DESC\n";

  private static final String ENDED =
      "place AS (\n  SELECT e.claimed_at, e.trigger_id, e.version\n  FROM escapement_execution e\n"
          + "  WHERE TRUE%s\n  "
          + NEWEST_FIRST
          + "  LIMIT :limit)\n";

  /** The ways to end are few, so there is no need to look which of them there are. */
  private static final String WAYS_TO_END =
      Arrays.stream(Outcome.values())
          .map(outcome -> "(" + Codes.of(outcome) + "::smallint)")
          .collect(Collectors.joining(", ", "way (outcome) AS (VALUES ", "), "));

  private static final String JOBS =
      """
      way AS (
        (SELECT e.job FROM escapement_execution e ORDER BY e.job LIMIT 1)
        UNION ALL
        SELECT following.job
        FROM way
        CROSS JOIN LATERAL (
          SELECT e.job
          FROM escapement_execution e
          WHERE e.job > way.job
          ORDER BY e.job
          LIMIT 1
        ) following
      ), \
      """;

  private static final String HEADS =
      """
      place AS (
        SELECT head.*
        FROM way
        CROSS JOIN LATERAL (
          SELECT e.claimed_at, e.trigger_id, e.version
          FROM escapement_execution e
          WHERE %1$s
          ORDER BY e.job DESC, e.claimed_at DESC, e.trigger_id DESC, e.version DESC
          LIMIT :limit
        ) head
        WHERE TRUE%2$s)
      """;

  private static final String EXECUTIONS =
      """
      SELECT e.*
      FROM (
        SELECT claimed_at, trigger_id, version
        FROM place
        ORDER BY claimed_at DESC, trigger_id DESC, version DESC
        LIMIT :limit
      ) chosen
      CROSS JOIN LATERAL (
        SELECT *
        FROM escapement_execution e
        WHERE e.claimed_at = chosen.claimed_at AND e.trigger_id = chosen.trigger_id
          AND e.version = chosen.version
        LIMIT 1
      ) e
      """
          + NEWEST_FIRST;

  private static final String COUNT =
      "SELECT count(*) FROM (SELECT FROM place LIMIT :limit) counted";

  private final Tables tables;

  PostgresExecutionLists(Tables tables) {
    this.tables = tables;
  }

  /** Takes a limit besides. */
  Listing executions(ExecutionFilter filter, @Nullable ExecutionId before) {
    Listing listing = new Listing();
    return listing.of(tables.in(places(listing, filter, before) + EXECUTIONS));
  }

  /** Takes a limit besides. */
  Listing count(ExecutionFilter filter) {
    Listing listing = new Listing();
    return listing.of(tables.in(places(listing, filter, null) + COUNT));
  }

  private static String places(
      Listing listing, ExecutionFilter filter, @Nullable ExecutionId before) {
    String range =
        listing.with(" AND e.claimed_at >= :from", "from", filter.from(), Lists::bound)
            + listing.with(" AND e.claimed_at < :until", "until", filter.until(), Lists::bound)
            + earlier(listing, before);
    String outcome =
        listing.with(" AND e.outcome = :outcome", "outcome", filter.outcome(), Codes::of);
    if (filter.job().isEmpty()) {
      return outcome.isEmpty()
          ? "WITH " + ENDED.formatted(range)
          : "WITH RECURSIVE "
              + JOBS
              + HEADS.formatted(Listing.manyOf("e.job", "way.job") + outcome + range, "");
    }
    listing.with("", "job", filter.job(), job -> job);
    String key = listing.with(" AND e.job_key = :key", "key", filter.key(), name -> name);
    return "WITH "
        + WAYS_TO_END
        + HEADS.formatted(
            Listing.manyOf("e.job", ":job") + key + " AND e.outcome = way.outcome" + range,
            outcome.isEmpty() ? "" : " AND way.outcome = :outcome");
  }

  private static String earlier(Listing listing, @Nullable ExecutionId before) {
    if (before == null) {
      return "";
    }
    listing.with("", "beforeTime", before.claimedAt());
    listing.with("", "beforeTrigger", before.trigger().value());
    return listing.with(
        " AND (e.claimed_at, e.trigger_id, e.version)"
            + " < (:beforeTime, :beforeTrigger, :beforeVersion)",
        "beforeVersion",
        before.version());
  }
}
