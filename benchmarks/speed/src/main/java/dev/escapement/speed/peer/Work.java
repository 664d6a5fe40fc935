package dev.escapement.speed.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What every job does: waits for as long as the scenario says, and counts. Thread-safe.
 *
 * <p>Lateness is from the instant that a job is due to its start. What starts early counts as on
 * time there, and is counted apart.
 */
public final class Work {

  /** An hour in microseconds, more than any run takes. */
  private static final long LONGEST = TimeUnit.HOURS.toMicros(1);

  private static final int DIGITS = 3;

  private final long millis;
  private final LongAdder done = new LongAdder();
  private final LongAdder early = new LongAdder();
  private volatile Histogram lateness = histogram();
  private volatile Histogram latency = histogram();

  /**
   * @param duration how long each job takes; in whole milliseconds
   */
  public Work(Duration duration) {
    this.millis = duration.toMillis();
  }

  private static Histogram histogram() {
    return new ConcurrentHistogram(LONGEST, DIGITS);
  }

  /**
   * Does a job.
   *
   * @param due microseconds since 1970
   */
  public void run(long due) throws InterruptedException {
    long late = Task.micros(Instant.now()) - due;
    if (late < 0) {
      early.increment();
    }
    lateness.recordValue(inRange(late));
    if (millis > 0) {
      Thread.sleep(millis);
    }
    latency.recordValue(inRange(Task.micros(Instant.now()) - due));
    done.increment();
  }

  private static long inRange(long micros) {
    return Math.max(0, Math.min(LONGEST, micros));
  }

  /** Whether a job takes any time. */
  public boolean takesTime() {
    return millis > 0;
  }

  /** Forgets what was measured until now. */
  public void reset() {
    done.reset();
    early.reset();
    lateness = histogram();
    latency = histogram();
  }

  /** How many jobs are done. */
  public long done() {
    return done.sum();
  }

  /** How many began before they were due. */
  public long early() {
    return early.sum();
  }

  /** From due to start, in microseconds. */
  public Histogram lateness() {
    return lateness.copy();
  }

  /** From due to the end of the handler, in microseconds. */
  public Histogram latency() {
    return latency.copy();
  }
}
