package dev.escapement.engine;

import dev.escapement.pieces.Piece;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Runs on their way through a pool of workers: offered, taken, run, settled. The runs do nothing.
 */
public class HandOver extends Piece {

  private static final int RUNS = 100;
  private static final int WORKERS = 10;
  private static final long PATIENCE_SECONDS = 60;

  private final List<Run> runs = new Given(RUNS).runs();
  private final ExecutorService threads =
      new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>());
  private final Semaphore done = new Semaphore(0);
  private final WorkerPool direct =
      new WorkerPool(Given.QUEUE, WORKERS, Runnable::run, Given.CLOCK, this::settleDirect);
  private final WorkerPool pool =
      new WorkerPool(Given.QUEUE, WORKERS, threads, Given.CLOCK, this::settle);

  private void settleDirect(Run run) {
    direct.settled(run);
    done.release();
  }

  private void settle(Run run) {
    pool.settled(run);
    done.release();
  }

  /** One run of a hundred, on the thread that offers: the locks and queues alone. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void onOneThread() throws InterruptedException {
    through(direct);
  }

  /** One run of a hundred, over ten platform threads. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void overThreads() throws InterruptedException {
    through(pool);
  }

  private void through(WorkerPool workers) throws InterruptedException {
    workers.offer(runs);
    if (!done.tryAcquire(RUNS, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.availablePermits() + " of " + RUNS + " have run");
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    threads.shutdown();
  }
}
