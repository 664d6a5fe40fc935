package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerFilter;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of triggers and of executions, and how long they are. The words of the SPI hold.
 *
 * <p>An index is made of stretches, each in the order of the list: one for each (job, state, queue)
 * of the triggers that don't run, one for each (job, outcome) of the executions. A page takes its
 * number of rows from the head of each stretch that the filter wants, and then the first of all of
 * these. So it never reads more than that number for each stretch, however many rows there are and
 * however few of them the filter wants. What runs has no place in these stretches: it is as much as
 * the nodes have workers, and is read whole.
 */
interface Lists {

  List<TriggerRecord> triggers(TriggerFilter filter, @Nullable TriggerPlace after, int limit);

  long count(TriggerFilter filter, int limit);

  List<ExecutionRecord> executions(ExecutionFilter filter, @Nullable ExecutionId before, int limit);

  long count(ExecutionFilter filter, int limit);

  /** Whether the filter is about dues, so that it wants none that is never due. */
  static boolean isDated(TriggerFilter filter) {
    return filter.dueFrom().isPresent() || filter.dueUntil().isPresent();
  }

  /**
   * The end of a range as a database can hold it: within what can be due, and rounded up, for what
   * has no fraction of a microsecond lies on the same side of both.
   */
  static Instant bound(Instant end) {
    if (end.isBefore(Due.EARLIEST)) {
      return Due.EARLIEST;
    }
    if (end.isAfter(Due.LATEST)) {
      return Due.LATEST.plus(1, ChronoUnit.MICROS);
    }
    Instant floor = end.truncatedTo(ChronoUnit.MICROS);
    return floor.equals(end) ? end : floor.plus(1, ChronoUnit.MICROS);
  }
}
