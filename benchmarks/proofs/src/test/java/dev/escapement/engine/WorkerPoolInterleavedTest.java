package dev.escapement.engine;

import dev.escapement.proofs.Interleavings;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pool of two workers that is given runs, whose workers come when they like or are refused, whose
 * threads are given up, and that gives back what hasn't started. At the end each run was run or
 * given back, once, and no worker is missing.
 */
public class WorkerPoolInterleavedTest {

  private static final int WORKERS = 2;

  private final Session session = Pieces.session();
  private final Queue<Runnable> threads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicReference<@Nullable Run> underWay = new AtomicReference<>();
  private final AtomicInteger offered = new AtomicInteger();
  private final AtomicInteger run = new AtomicInteger();
  private final AtomicInteger givenBack = new AtomicInteger();
  private final WorkerPool pool =
      new WorkerPool("queue", WORKERS, this::execute, Pieces.CLOCK, this::run);

  private void execute(Runnable task) {
    if (refusals.get() > 0 && refusals.getAndDecrement() > 0) {
      throw new RejectedExecutionException("full");
    }
    threads.add(task);
  }

  private void run(Run each) {
    underWay.set(each);
    if (each.begin()) {
      each.end();
    }
    run.incrementAndGet();
  }

  /** The poller has claimed one. */
  @Operation
  public void offer() {
    offered.incrementAndGet();
    if (!pool.offer(List.of(Pieces.run(session)))) {
      givenBack.incrementAndGet();
    }
  }

  /** A thread of the executor comes to work. */
  @Operation
  public void work() {
    Runnable task = threads.poll();
    if (task != null) {
      task.run();
    }
  }

  /** The executor will refuse the next task. */
  @Operation(runOnce = true)
  public void refuse() {
    refusals.incrementAndGet();
  }

  /** The thread of the last run is given up, whether it has returned or not. */
  @Operation
  public void abandon() {
    Run last = underWay.get();
    if (last != null) {
      pool.abandoned(last);
    }
  }

  /** The audit takes back what waits for too long. */
  @Operation
  public void takeUnstarted() {
    givenBack.addAndGet(pool.takeUnstarted(Pieces.CLOCK.getAsLong() + 1).size());
  }

  /** The node stops. */
  @Operation(runOnce = true)
  public void close() {
    givenBack.addAndGet(pool.close().size());
  }

  /** Never more, never fewer. */
  @Operation
  public boolean hasTooManyWorkers() {
    int busy = pool.busy();
    return busy < 0 || busy > WORKERS;
  }

  /** Nothing is lost, and no worker. */
  @Validate
  public void eachRunIsRunOrGivenBack() {
    refusals.set(0);
    pool.offer(List.of());
    while (!threads.isEmpty()) {
      work();
    }
    int accounted = run.get() + givenBack.get();
    if (accounted != offered.get()
        || pool.busy() != 0
        || pool.buffered() != 0
        || pool.wedged() != 0) {
      throw new IllegalStateException(
          offered + " offered, " + accounted + " accounted for, " + pool.busy() + " workers busy");
    }
  }

  @Test
  void noInterleavingLosesARunOrAWorker() {
    Interleavings.explore(WorkerPoolInterleavedTest.class, WorkerPoolInterleavedTest.class, 6, 40);
  }

  @Test
  @Tag("torture")
  void noCollisionLosesARunOrAWorker() {
    Interleavings.stress(WorkerPoolInterleavedTest.class, WorkerPoolInterleavedTest.class, 8, 300);
  }
}
