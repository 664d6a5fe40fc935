package dev.escapement.engine;

import dev.escapement.store.JobRecord;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Clears what is old: sessions that are dead for a day, checkpoints of fires that have ended,
 * executions beyond their age, and executions of a job beyond their number. The age is every node's
 * business, for whoever comes second finds nothing; the number takes a longer look, so each job is
 * one node's.
 */
final class Clearing {

  private static final Duration DEAD_SESSION_KEPT = Duration.ofDays(1);
  private static final int BATCH = 1_000;

  private final Store store;
  private final Settings.Limits limits;
  private final Herd herd;
  private final Queue<String> toTrim = new ArrayDeque<>();

  Clearing(Store store, Settings.Limits limits, Herd herd) {
    this.store = store;
    this.limits = limits;
    this.herd = herd;
  }

  /**
   * Clears until nothing old is left, or the time is over.
   *
   * @param inTime whether there is time for one more batch
   * @return false if something may be left: the next call goes on there
   */
  boolean clear(SessionId self, BooleanSupplier inTime) {
    if (toTrim.isEmpty()) {
      store.sessions().purge(DEAD_SESSION_KEPT);
      if (!purge(inTime)) {
        return false;
      }
      choose(self);
    }
    return trim(inTime);
  }

  private boolean purge(BooleanSupplier inTime) {
    return all(inTime, () -> store.checkpoints().purge(BATCH))
        && all(inTime, () -> store.history().purge(limits.history(), BATCH));
  }

  private static boolean all(BooleanSupplier inTime, IntSupplier batch) {
    while (inTime.getAsBoolean()) {
      if (batch.getAsInt() < BATCH) {
        return true;
      }
    }
    return false;
  }

  private void choose(SessionId self) {
    if (limits.historyPerJob().isPresent()) {
      store.jobs().all().stream()
          .map(JobRecord::name)
          .filter(job -> herd.isFirst(self, job))
          .forEach(toTrim::add);
    }
  }

  private boolean trim(BooleanSupplier inTime) {
    int keep = limits.historyPerJob().orElse(Integer.MAX_VALUE);
    for (String job = toTrim.peek(); job != null; job = toTrim.peek()) {
      if (!inTime.getAsBoolean()) {
        return false;
      }
      if (store.history().trim(job, keep, BATCH) < BATCH) {
        toTrim.remove();
      }
    }
    return true;
  }
}
