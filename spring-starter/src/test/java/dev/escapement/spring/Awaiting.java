package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what comes by itself. */
final class Awaiting {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Awaiting() {}

  static void until(String what, BooleanSupplier reached) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as(what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Threads that bear our name and live. */
  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("escapement"))
        .toList();
  }

  /** A thread that has been told to end needs a moment. */
  static void untilNoThreadIsLeft() {
    try {
      until("no thread is left", () -> threads().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("Threads that are left: " + threads(), e);
    }
  }
}
