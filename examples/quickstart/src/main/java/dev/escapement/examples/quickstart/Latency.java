package dev.escapement.examples.quickstart;

import java.time.Duration;
import java.util.List;

/** How late runs were: percentiles by nearest rank. */
record Latency(int runs, Duration p50, Duration p95, Duration p99, Duration max) {

  static Latency of(List<Run> runs) {
    List<Duration> sorted = runs.stream().map(Run::lateBy).sorted().toList();
    return new Latency(
        sorted.size(),
        percentile(sorted, 50),
        percentile(sorted, 95),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  private static Duration percentile(List<Duration> sorted, int percent) {
    int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(rank, 1) - 1);
  }
}
