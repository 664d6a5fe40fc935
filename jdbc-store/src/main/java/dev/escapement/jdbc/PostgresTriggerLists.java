package dev.escapement.jdbc;

import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import dev.escapement.store.TriggerPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's SQL of lists of triggers. The stretches of the index ({@link Lists}) are found by
 * walking from the head of one to the head of the next. Of their rows only the place is read, which
 * the index has; those of the page are then fetched. Each probe has an ORDER BY, also where the
 * order doesn't matter, lest the planner guess that a scan finds some soon.
 */
final class PostgresTriggerLists {

  private static final String JOB = " AND t.job = :job";
  private static final String QUEUE = " AND t.queue = :queue";

  /** Says {@code state <> 2} wherever it reads: the index is a partial one. */
  private static final String STRETCHES =
      """
      stretch AS (
        (SELECT t.job, t.state, t.queue
         FROM escapement_trigger t
         WHERE t.state <> 2%1$s
         ORDER BY t.job, t.state, t.queue
         LIMIT 1)
        UNION ALL
        SELECT following.job, following.state, following.queue
        FROM stretch
        CROSS JOIN LATERAL (
          SELECT t.job, t.state, t.queue
          FROM escapement_trigger t
          WHERE t.state <> 2%2$s
          ORDER BY t.job, t.state, t.queue
          LIMIT 1
        ) following
      ), \
      """;

  private static final String NEXT =
      " AND (t.job, t.state, t.queue) > (stretch.job, stretch.state, stretch.queue)";

  private static final String NEXT_OF_JOB =
      " AND t.job = :job AND (t.state, t.queue) > (stretch.state, stretch.queue)";

  private static final String WAITING =
      """
      SELECT head.due, head.id
        FROM stretch
        CROSS JOIN LATERAL (
          %1$s
        ) head
        WHERE TRUE%2$s
      """;

  private static final String HEAD =
      """
      (SELECT t.due, t.id
           FROM escapement_trigger t
           WHERE t.state <> 2
             AND %1$s AND t.state = stretch.state AND t.queue = stretch.queue%2$s
           ORDER BY t.job, t.due, t.id
           LIMIT :limit)\
      """;

  private static final String RUNNING =
      """
      (SELECT t.due, t.id
         FROM escapement_trigger t
         WHERE t.state = 2%s
         ORDER BY t.due, t.id
         LIMIT :limit)
      """;

  private static final String TRIGGERS =
      """
      SELECT t.*
      FROM (SELECT due, id FROM place ORDER BY due, id LIMIT :limit) chosen
      CROSS JOIN LATERAL (SELECT * FROM escapement_trigger t WHERE t.id = chosen.id LIMIT 1) t
      ORDER BY t.due, t.id
      """;

  private static final String COUNT =
      "SELECT count(*) FROM (SELECT FROM place LIMIT :limit) counted";

  /** At most one. */
  private static final String NAMED =
      """
      WITH place AS (
        SELECT t.due, t.id
        FROM escapement_trigger t
        WHERE t.job = :job AND t.job_key = :key%s)
      """;

  private final Tables tables;

  PostgresTriggerLists(Tables tables) {
    this.tables = tables;
  }

  /** Takes a limit besides. */
  Listing triggers(TriggerFilter filter, @Nullable TriggerPlace after) {
    Listing listing = new Listing();
    return listing.of(tables.in(places(listing, filter, after) + TRIGGERS));
  }

  /** Takes a limit besides. */
  Listing count(TriggerFilter filter) {
    Listing listing = new Listing();
    return listing.of(tables.in(places(listing, filter, null) + COUNT));
  }

  private static String places(
      Listing listing, TriggerFilter filter, @Nullable TriggerPlace after) {
    return filter.key().isPresent()
        ? named(listing, filter, after)
        : stretches(listing, filter, after);
  }

  private static String named(Listing listing, TriggerFilter filter, @Nullable TriggerPlace after) {
    listing.with("", "job", filter.job(), job -> job);
    listing.with("", "key", filter.key(), key -> key);
    return NAMED.formatted(
        listing.with(" AND t.state = :state", "state", filter.state(), Codes::of)
            + listing.with(QUEUE, "queue", filter.queue(), queue -> queue)
            + dues(listing, filter)
            + beyond(listing, after));
  }

  private static String stretches(
      Listing listing, TriggerFilter filter, @Nullable TriggerPlace after) {
    boolean waiting = !filter.state().equals(Optional.of(TriggerState.RUNNING));
    boolean running = filter.state().isEmpty() || !waiting;
    String job = listing.with(JOB, "job", filter.job(), name -> name);
    String queue = listing.with(QUEUE, "queue", filter.queue(), name -> name);
    String dues = dues(listing, filter);
    List<String> parts = new ArrayList<>();
    if (waiting) {
      String heads =
          arms(listing, filter, after).stream()
              .map(arm -> HEAD.formatted(Listing.manyOf("t.job", "stretch.job"), dues + arm))
              .collect(Collectors.joining("\n    UNION ALL\n    "));
      String wanted =
          listing.with(" AND stretch.state = :state", "state", filter.state(), Codes::of)
              + (queue.isEmpty() ? "" : " AND stretch.queue = :queue");
      parts.add(WAITING.formatted(heads, wanted));
    }
    if (running) {
      parts.add(RUNNING.formatted(job + queue + dues + beyond(listing, after)));
    }
    String stretches = waiting ? STRETCHES.formatted(job, job.isEmpty() ? NEXT : NEXT_OF_JOB) : "";
    return "WITH RECURSIVE "
        + stretches
        + "place AS (\n  "
        + String.join("  UNION ALL\n  ", parts)
        + ")\n";
  }

  /** What comes after a place, in parts that an index can be read by: with a due, and without. */
  private static List<String> arms(
      Listing listing, TriggerFilter filter, @Nullable TriggerPlace after) {
    if (after == null) {
      return List.of("");
    }
    listing.with("", "afterId", after.id().value());
    String never = " AND t.due IS NULL";
    if (after.due() == null) {
      return List.of(never + " AND t.id > :afterId");
    }
    listing.with("", "afterDue", after.due());
    String dated = " AND (t.due, t.id) > (:afterDue, :afterId)";
    return Lists.isDated(filter) ? List.of(dated) : List.of(dated, never);
  }

  private static String beyond(Listing listing, @Nullable TriggerPlace after) {
    if (after == null) {
      return "";
    }
    listing.with("", "afterId", after.id().value());
    if (after.due() == null) {
      return " AND t.due IS NULL AND t.id > :afterId";
    }
    listing.with("", "afterDue", after.due());
    return " AND ((t.due, t.id) > (:afterDue, :afterId) OR t.due IS NULL)";
  }

  private static String dues(Listing listing, TriggerFilter filter) {
    return listing.with(" AND t.due >= :from", "from", filter.dueFrom(), Lists::bound)
        + listing.with(" AND t.due < :until", "until", filter.dueUntil(), Lists::bound);
  }
}
