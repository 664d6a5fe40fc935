package dev.escapement.jdbc;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerFilter;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lists on H2, which knows no LATERAL: each stretch is a statement, and all of them see the same
 * moment.
 */
final class H2Lists implements Lists {

  private static final Comparator<TriggerRecord> IN_ORDER_OF_DUE =
      Comparator.<TriggerRecord, @Nullable Instant>comparing(
              TriggerRecord::due, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(TriggerRecord::id);

  private static final Comparator<ExecutionRecord> NEWEST_FIRST =
      Comparator.comparing(ExecutionRecord::key).reversed();

  private final Database database;
  private final H2TriggerLists triggers;
  private final H2ExecutionLists executions;

  H2Lists(Database database, Tables tables) {
    this.database = database;
    this.triggers = new H2TriggerLists(tables);
    this.executions = new H2ExecutionLists(tables);
  }

  @Override
  public List<TriggerRecord> triggers(
      TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    return database.snapshot(
        "list triggers",
        handle -> {
          List<TriggerRecord> heads = new ArrayList<>();
          for (Listing head : triggers.heads(handle, filter, after)) {
            heads.addAll(head.in(handle).bind("limit", limit).map(Rows::trigger).list());
          }
          return heads.stream().sorted(IN_ORDER_OF_DUE).limit(limit).toList();
        });
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    return database.snapshot(
        "count triggers",
        handle ->
            sum(
                triggers.counts(handle, filter),
                limit,
                count -> count.in(handle).bind("limit", limit).mapTo(Long.class).one()));
  }

  @Override
  public List<ExecutionRecord> executions(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    return database.snapshot(
        "list executions",
        handle -> {
          List<ExecutionRecord> heads = new ArrayList<>();
          for (Listing head : executions.heads(handle, filter, before)) {
            heads.addAll(head.in(handle).bind("limit", limit).map(Rows::execution).list());
          }
          return heads.stream().sorted(NEWEST_FIRST).limit(limit).toList();
        });
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    return database.snapshot(
        "count executions",
        handle ->
            sum(
                executions.counts(handle, filter),
                limit,
                count -> count.in(handle).bind("limit", limit).mapTo(Long.class).one()));
  }

  private static long sum(List<Listing> stretches, int limit, ToLongFunction<Listing> count) {
    long sum = 0;
    for (Listing stretch : stretches) {
      sum += count.applyAsLong(stretch);
      if (sum >= limit) {
        return limit;
      }
    }
    return sum;
  }
}
