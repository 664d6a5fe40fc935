package dev.escapement.torture;

import java.time.Duration;
import java.util.List;

/**
 * How long something took, many times.
 *
 * @param sorted the shortest first
 */
record Spread(List<Duration> sorted) {

  static Spread of(List<Duration> all) {
    return new Spread(all.stream().sorted().toList());
  }

  boolean isEmpty() {
    return sorted.isEmpty();
  }

  int count() {
    return sorted.size();
  }

  /**
   * What so many of them didn't exceed.
   *
   * @param share 0 to 1
   */
  Duration at(double share) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }

  Duration longest() {
    return at(1);
  }

  /** In milliseconds: the middle, and the longest. */
  @Override
  public String toString() {
    return isEmpty()
        ? "none"
        : "%,d: %,d ms, p99 %,d ms, at most %,d ms"
            .formatted(count(), at(0.5).toMillis(), at(0.99).toMillis(), longest().toMillis());
  }
}
