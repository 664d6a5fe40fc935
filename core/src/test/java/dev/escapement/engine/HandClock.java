package dev.escapement.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that a test turns: nanoTime for the engine, instants for the store. Its nanoTime begins a
 * second before it overflows, so that every test crosses that.
 */
final class HandClock implements LongSupplier, InstantSource {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private final Instant start;
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong stepped = new AtomicLong();

  HandClock() {
    this(NOON);
  }

  HandClock(Instant start) {
    this.start = start;
  }

  /** Sets the store's clock forward or back; nanoTime goes on. */
  void step(Duration duration) {
    stepped.addAndGet(duration.toNanos());
  }

  void pass(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  @Override
  public long getAsLong() {
    return ORIGIN + passed.get();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(passed.get() + stepped.get());
  }
}
