package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** H2's SQL of lists of executions. */
final class H2ExecutionLists {

  private static final String NEXT_JOB =
      """
      SELECT job
      FROM escapement_execution USE INDEX (escapement_execution_job)
      WHERE job > :job
      ORDER BY job, outcome, claimed_at, trigger_id, version
      LIMIT 1
      """;

  private static final String ALL =
      """
      SELECT *
      FROM escapement_execution
      WHERE TRUE%s
      ORDER BY claimed_at DESC, trigger_id DESC, version DESC
      LIMIT :limit
      """;

  static final String OF_JOB =
      """
      SELECT *
      FROM escapement_execution USE INDEX (escapement_execution_job)
      WHERE job = :job AND outcome = :outcome%s
      ORDER BY job DESC, outcome DESC, claimed_at DESC, trigger_id DESC, version DESC
      LIMIT :limit
      """;

  private static final String OF_KEY =
      """
      SELECT *
      FROM escapement_execution USE INDEX (escapement_execution_key)
      WHERE job = :job AND job_key = :key AND outcome = :outcome%s
      ORDER BY job DESC, job_key DESC, outcome DESC, claimed_at DESC, trigger_id DESC, version DESC
      LIMIT :limit
      """;

  private static final String COUNT = "SELECT count(*) FROM (%s) AS counted";

  private final Tables tables;
  private final String nextJob;

  H2ExecutionLists(Tables tables) {
    this.tables = tables;
    this.nextJob = tables.in(NEXT_JOB);
  }

  /** The head of each stretch. Each takes a limit besides. */
  List<Listing> heads(Handle handle, ExecutionFilter filter, @Nullable ExecutionId before) {
    return listings(handle, filter, before, "%s");
  }

  /** The length of each stretch. Each takes a limit besides. */
  List<Listing> counts(Handle handle, ExecutionFilter filter) {
    return listings(handle, filter, null, COUNT);
  }

  private List<Listing> listings(
      Handle handle, ExecutionFilter filter, @Nullable ExecutionId before, String whole) {
    if (filter.job().isEmpty() && filter.outcome().isEmpty()) {
      Listing listing = new Listing();
      String all = ALL.formatted(range(listing, filter, before));
      return List.of(listing.of(tables.in(whole.formatted(all))));
    }
    List<Listing> listings = new ArrayList<>();
    for (String job : jobs(handle, filter)) {
      for (Outcome outcome : filter.outcome().map(List::of).orElse(List.of(Outcome.values()))) {
        Listing listing = new Listing();
        listing.with("", "job", job);
        listing.with("", "outcome", Codes.of(outcome));
        String key = listing.with(OF_KEY, "key", filter.key(), name -> name);
        String head = (key.isEmpty() ? OF_JOB : key).formatted(range(listing, filter, before));
        listings.add(listing.of(tables.in(whole.formatted(head))));
      }
    }
    return listings;
  }

  private List<String> jobs(Handle handle, ExecutionFilter filter) {
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

  private static String range(
      Listing listing, ExecutionFilter filter, @Nullable ExecutionId before) {
    String range =
        listing.with(" AND claimed_at >= :from", "from", filter.from(), Lists::bound)
            + listing.with(" AND claimed_at < :until", "until", filter.until(), Lists::bound);
    if (before == null) {
      return range;
    }
    listing.with("", "beforeTime", before.claimedAt());
    listing.with("", "beforeTrigger", before.trigger().value());
    return range
        + listing.with(
            " AND claimed_at <= :beforeTime AND (claimed_at < :beforeTime"
                + " OR trigger_id < :beforeTrigger"
                + " OR (trigger_id = :beforeTrigger AND version < :beforeVersion))",
            "beforeVersion",
            before.version());
  }
}
