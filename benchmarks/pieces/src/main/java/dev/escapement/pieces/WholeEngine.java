package dev.escapement.pieces;

import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.policy.KeepHistory;
import dev.escapement.store.MemoryStore;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole node over the store in memory, at default settings. What it allocates includes what the
 * store does.
 */
public class WholeEngine extends Piece {

  private static final int JOBS = 1_000;
  private static final long PATIENCE_SECONDS = 60;
  private static final JobType<Void> NOTHING = JobType.of("nothing");

  private final Semaphore done = new Semaphore(0);
  private final List<JobRequest<Void>> requests = Collections.nCopies(JOBS, NOTHING.request());

  /** Keeps no history: the longest measurement must not fill the memory. */
  private final Scheduler scheduler =
      Scheduler.builder()
          .store(new MemoryStore())
          .jobs(Job.of(NOTHING, context -> done.release()).keepHistory(KeepHistory.NONE))
          .build();

  /** Starts the node. */
  public WholeEngine() {
    scheduler.start();
  }

  /** One job that does nothing, from its enqueuing, with 999 others, to its run. */
  @Benchmark
  @OperationsPerInvocation(JOBS)
  public void job() throws InterruptedException {
    scheduler.submitAll(requests);
    if (!done.tryAcquire(JOBS, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.availablePermits() + " of " + JOBS + " jobs have run");
    }
  }

  /** Stops the node. */
  @TearDown
  public void stop() {
    scheduler.close();
  }
}
