package dev.escapement.engine;

import dev.escapement.Failure;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Writes how far runs have come: at most once in an interval, all of them in one statement. Its
 * thread begins with the first report.
 */
final class Reporter extends Loop {

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final int LONGEST_MESSAGE = 500;
  private static final int BATCH = 1_000;

  private final Store store;
  private final long interval;
  private final ConcurrentMap<Run, Checkpoints.Report> reports = new ConcurrentHashMap<>();
  private volatile boolean begun;
  private long writtenAt;
  private boolean written;

  Reporter(String name, Store store) {
    this(name, store, INTERVAL);
  }

  /**
   * @param interval nanoseconds between two writes
   */
  Reporter(String name, Store store, long interval) {
    super(name, Duration.ofSeconds(5));
    this.store = store;
    this.interval = interval;
  }

  /** Takes the latest of a run; the one before, if it isn't written yet, never will be. */
  void report(Run run, long done, long total, String message) {
    String cut = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
    Checkpoints.Report report =
        new Checkpoints.Report(
            run.guard(),
            run.fireTime(),
            Math.max(0, done),
            Math.max(0, total),
            Failure.storable(cut));
    if (reports.put(run, report) == null) {
      wake();
    }
    if (!begun) {
      begun = true;
      start();
    }
  }

  /** What has ended needs no further report. */
  void ended(Run run) {
    if (begun) {
      reports.remove(run);
    }
  }

  @Override
  long turn() {
    long now = System.nanoTime();
    if (written && now - writtenAt < interval) {
      return interval - (now - writtenAt);
    }
    Map<Run, Checkpoints.Report> batch = take();
    if (batch.isEmpty()) {
      return Long.MAX_VALUE;
    }
    writtenAt = now;
    written = true;
    try {
      store.checkpoints().report(List.copyOf(batch.values()));
    } catch (RuntimeException e) {
      batch.forEach(reports::putIfAbsent);
      throw e;
    }
    return reports.isEmpty() ? Long.MAX_VALUE : interval;
  }

  private Map<Run, Checkpoints.Report> take() {
    Map<Run, Checkpoints.Report> batch = new HashMap<>();
    for (Run run : reports.keySet()) {
      Checkpoints.Report latest = batch.size() < BATCH ? reports.remove(run) : null;
      if (latest != null) {
        batch.put(run, latest);
      }
    }
    return batch;
  }
}
