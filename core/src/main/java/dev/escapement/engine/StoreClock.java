package dev.escapement.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When to ask the store so that its clock shows a time when it answers. What is known of its clock
 * is what it said when it was asked, and that it read it some time after that. The question that
 * took the shortest way to the clock, among those of the last seconds, says when to ask the next
 * one: it will hardly come sooner than that, and if it does, it is asked again. To count from when
 * the answer came would be late by however long the store took for it. Not thread-safe.
 */
final class StoreClock {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(2);

  private @Nullable Instant origin;

  /** When the store's clock showed the origin, in nanoseconds of the node's, by each window. */
  private long current;

  private long previous;
  private long windowStart;

  /**
   * An answer.
   *
   * @param askedAt in nanoseconds of the node's clock, and no earlier than of the last one
   * @param answeredAt when the answer had come
   * @param now what the store's clock showed
   */
  void answered(long askedAt, long answeredAt, Instant now) {
    if (origin == null) {
      origin = now;
      begin(askedAt, askedAt, askedAt);
      return;
    }
    long sinceOrigin = Duration.between(origin, now).toNanos();
    long seen = askedAt - sinceOrigin;
    if (later(current, previous) - (answeredAt - sinceOrigin) > 0) {
      begin(askedAt, seen, seen); // the store's clock was set, or ours stood still
    } else if (askedAt - windowStart < WINDOW) {
      current = later(current, seen);
    } else {
      begin(askedAt, seen, askedAt - windowStart < 2 * WINDOW ? current : seen);
    }
  }

  private void begin(long start, long seen, long before) {
    windowStart = start;
    current = seen;
    previous = before;
  }

  /**
   * When to ask, in nanoseconds of the node's clock; a time no further off than some years.
   *
   * @throws NullPointerException if there has been no answer
   */
  long showing(Instant time) {
    Objects.requireNonNull(origin, "no answer yet");
    return later(current, previous) + Duration.between(origin, time).toNanos();
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
