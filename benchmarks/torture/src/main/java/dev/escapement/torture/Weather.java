package dev.escapement.torture;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** How well a network carries just now. Thread-safe. */
final class Weather {

  private final RandomGenerator random;
  private final Set<Direction> silent = EnumSet.noneOf(Direction.class);
  private long delay;
  private long jitter;

  Weather(RandomGenerator random) {
    this.random = random;
  }

  /** From now on each chunk takes so long, and up to {@code jitter} longer. */
  synchronized void delay(Duration fixed, Duration jitter) {
    this.delay = fixed.toNanos();
    this.jitter = jitter.toNanos();
  }

  /** From now on nothing gets through these ways, and nobody is told. */
  synchronized void silence(Set<Direction> ways) {
    silent.clear();
    silent.addAll(ways);
    notifyAll();
  }

  /** Lets those look who wait because a connection is gone. */
  synchronized void look() {
    notifyAll();
  }

  /**
   * Waits for as long as a chunk takes just now.
   *
   * @return whether it took longer than in good weather
   */
  synchronized boolean slow(BooleanSupplier gone) throws InterruptedException {
    long takes = delay + (jitter == 0 ? 0 : random.nextLong(jitter));
    long until = System.nanoTime() + takes;
    for (long left = takes; left > 0 && !gone.getAsBoolean(); left = until - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return takes > 0;
  }

  /**
   * Waits until this way isn't silent any more.
   *
   * @return whether it was
   */
  synchronized boolean held(Direction way, BooleanSupplier gone) throws InterruptedException {
    boolean was = silent.contains(way);
    while (silent.contains(way) && !gone.getAsBoolean()) {
      wait();
    }
    return was;
  }
}
