package dev.escapement.jdbc;

import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import dev.escapement.store.TriggerPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * H2's SQL of lists of triggers. What runs has its place in the index too. A null comes first in an
 * index of H2 and last in the list, so what is never due is read apart.
 */
final class H2TriggerLists {

  private static final List<TriggerState> STATES =
      List.of(
          TriggerState.PENDING, TriggerState.SCHEDULED, TriggerState.RUNNING, TriggerState.PAUSED);

  private static final String NEXT_JOB =
      """
      SELECT job
      FROM escapement_trigger USE INDEX (escapement_trigger_job)
      WHERE job > :job
      ORDER BY job, state, queue, due, id
      LIMIT 1
      """;

  private static final String NEXT_QUEUE =
      """
      SELECT queue
      FROM escapement_trigger USE INDEX (escapement_trigger_job)
      WHERE job = :job AND state = :state AND queue > :queue
      ORDER BY job, state, queue, due, id
      LIMIT 1
      """;

  static final String HEAD =
      """
      SELECT *
      FROM escapement_trigger USE INDEX (escapement_trigger_job)
      WHERE job = :job AND state = :state AND queue = :queue%s
      ORDER BY job, state, queue, due, id
      LIMIT :limit
      """;

  private static final String NAMED =
      "SELECT * FROM escapement_trigger WHERE job = :job AND job_key = :key%s LIMIT :limit";

  private static final String COUNT = "SELECT count(*) FROM (%s) AS counted";

  private static final String DATED = " AND due IS NOT NULL";
  private static final String NEVER = " AND due IS NULL";

  private final Tables tables;
  private final String nextJob;
  private final String nextQueue;

  H2TriggerLists(Tables tables) {
    this.tables = tables;
    this.nextJob = tables.in(NEXT_JOB);
    this.nextQueue = tables.in(NEXT_QUEUE);
  }

  /** The head of each stretch. Each takes a limit besides. */
  List<Listing> heads(Handle handle, TriggerFilter filter, @Nullable TriggerPlace after) {
    return listings(handle, filter, after, "%s");
  }

  /** The length of each stretch. Each takes a limit besides. */
  List<Listing> counts(Handle handle, TriggerFilter filter) {
    return listings(handle, filter, null, COUNT);
  }

  private List<Listing> listings(
      Handle handle, TriggerFilter filter, @Nullable TriggerPlace after, String whole) {
    List<Listing> listings = new ArrayList<>();
    if (filter.key().isPresent()) {
      for (boolean dated : arms(filter, after)) {
        listings.add(named(filter, after, dated, whole));
      }
      return listings;
    }
    for (Stretch stretch : stretches(handle, filter)) {
      for (boolean dated : arms(filter, after)) {
        listings.add(head(stretch, filter, after, dated, whole));
      }
    }
    return listings;
  }

  /** With a due, without, or both. */
  private static List<Boolean> arms(TriggerFilter filter, @Nullable TriggerPlace after) {
    boolean dated = after == null || after.due() != null;
    List<Boolean> arms = new ArrayList<>();
    if (dated) {
      arms.add(true);
    }
    if (!Lists.isDated(filter)) {
      arms.add(false);
    }
    return arms;
  }

  private record Stretch(String job, TriggerState state, String queue) {}

  private List<Stretch> stretches(Handle handle, TriggerFilter filter) {
    List<Stretch> stretches = new ArrayList<>();
    for (String job : jobs(handle, filter)) {
      for (TriggerState state : filter.state().map(List::of).orElse(STATES)) {
        for (String queue : queues(handle, filter, job, state)) {
          stretches.add(new Stretch(job, state, queue));
        }
      }
    }
    return stretches;
  }

  private List<String> jobs(Handle handle, TriggerFilter filter) {
    if (filter.job().isPresent()) {
      return List.of(filter.job().get());
    }
    List<String> jobs = new ArrayList<>();
    Optional<String> next = nextJob(handle, "");
    while (next.isPresent()) {
      jobs.add(next.get());
      next = nextJob(handle, next.get());
    }
    return jobs;
  }

  private Optional<String> nextJob(Handle handle, String after) {
    return handle.createQuery(nextJob).bind("job", after).mapTo(String.class).findOne();
  }

  private List<String> queues(Handle handle, TriggerFilter filter, String job, TriggerState state) {
    if (filter.queue().isPresent()) {
      return List.of(filter.queue().get());
    }
    List<String> queues = new ArrayList<>();
    Optional<String> next = nextQueue(handle, job, state, "");
    while (next.isPresent()) {
      queues.add(next.get());
      next = nextQueue(handle, job, state, next.get());
    }
    return queues;
  }

  private Optional<String> nextQueue(Handle handle, String job, TriggerState state, String after) {
    return handle
        .createQuery(nextQueue)
        .bind("job", job)
        .bind("state", Codes.of(state))
        .bind("queue", after)
        .mapTo(String.class)
        .findOne();
  }

  private Listing head(
      Stretch stretch,
      TriggerFilter filter,
      @Nullable TriggerPlace after,
      boolean dated,
      String whole) {
    Listing listing = new Listing();
    listing.with("", "job", stretch.job());
    listing.with("", "state", Codes.of(stretch.state()));
    listing.with("", "queue", stretch.queue());
    String head = HEAD.formatted(dues(listing, filter, after, dated));
    return listing.of(tables.in(whole.formatted(head)));
  }

  private Listing named(
      TriggerFilter filter, @Nullable TriggerPlace after, boolean dated, String whole) {
    Listing listing = new Listing();
    listing.with("", "job", filter.job(), job -> job);
    listing.with("", "key", filter.key(), key -> key);
    String more =
        listing.with(" AND state = :state", "state", filter.state(), Codes::of)
            + listing.with(" AND queue = :queue", "queue", filter.queue(), queue -> queue)
            + dues(listing, filter, after, dated);
    return listing.of(tables.in(whole.formatted(NAMED.formatted(more))));
  }

  private static String dues(
      Listing listing, TriggerFilter filter, @Nullable TriggerPlace after, boolean dated) {
    if (!dated) {
      return after == null || after.due() != null
          ? NEVER
          : NEVER + listing.with(" AND id > :afterId", "afterId", id(after));
    }
    String range =
        DATED
            + listing.with(" AND due >= :from", "from", filter.dueFrom(), Lists::bound)
            + listing.with(" AND due < :until", "until", filter.dueUntil(), Lists::bound);
    return after == null || after.due() == null
        ? range
        : range
            + listing.with(" AND due >= :afterDue", "afterDue", after.due())
            + listing.with(" AND (due > :afterDue OR id > :afterId)", "afterId", id(after));
  }

  private static Object id(TriggerPlace place) {
    return place.id().value();
  }
}
