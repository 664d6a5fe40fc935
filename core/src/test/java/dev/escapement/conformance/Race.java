package dev.escapement.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Threads that start together, and waits that end. */
final class Race {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Race() {}

  /**
   * Runs each runner on a thread of its own, all from the same moment. Ends at the first failure;
   * the others are interrupted then.
   *
   * @return what they returned, in their order
   */
  static <T> List<T> of(int runners, IntFunction<T> runner) {
    ExecutorService threads = Executors.newFixedThreadPool(runners, Race::daemon);
    try {
      CyclicBarrier start = new CyclicBarrier(runners);
      ExecutorCompletionService<T> race = new ExecutorCompletionService<>(threads);
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < runners; i++) {
        int number = i;
        running.add(
            race.submit(
                () -> {
                  start.await();
                  return runner.apply(number);
                }));
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (int i = 0; i < runners; i++) {
        Future<T> finished = race.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (finished == null) {
          throw new AssertionError("A runner hangs after " + PATIENCE);
        }
        finished.get();
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : running) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("A runner failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread daemon(Runnable runner) {
    Thread thread = new Thread(runner, "conformance-race");
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for what a store or its clock will bring about. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("Waited in vain until " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
