package dev.escapement.speed.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What every job does: waits for as long as the scenario says, fails at first if it is one of those
 * that shall, and counts. Thread-safe.
 *
 * <p>Lateness is from the instant that an attempt is due to its start. What starts early counts as
 * on time there, and is counted apart.
 */
public final class Work {

  /** How long after a failure a job is tried again. */
  static final Duration RETRY = Duration.ofSeconds(1);

  /** An hour in microseconds, more than any run takes. */
  private static final long LONGEST = TimeUnit.HOURS.toMicros(1);

  private static final int DIGITS = 3;

  private final long millis;
  private final LongAdder done = new LongAdder();
  private final LongAdder early = new LongAdder();
  private volatile Histogram lateness = histogram();
  private volatile Histogram latency = histogram();
  private volatile int failing;

  /**
   * @param duration how long each job takes; in whole milliseconds
   */
  public Work(Duration duration) {
    this.millis = duration.toMillis();
  }

  private static Histogram histogram() {
    return new ConcurrentHistogram(LONGEST, DIGITS);
  }

  /** One in so many jobs fails at its first attempt; which ones is up to chance. 0 for none. */
  public void fail(int oneIn) {
    failing = oneIn;
  }

  /**
   * Does a job.
   *
   * @param due when this attempt was due, microseconds since 1970
   * @param again whether an attempt before it has failed
   * @throws Failed if it is one of those that fail at first
   */
  public void run(long due, boolean again) throws InterruptedException {
    long late = Task.micros(Instant.now()) - due;
    if (late < 0) {
      early.increment();
    }
    lateness.recordValue(inRange(late));
    if (millis > 0) {
      Thread.sleep(millis);
    }
    if (!again && fails()) {
      throw new Failed();
    }
    latency.recordValue(inRange(Task.micros(Instant.now()) - due));
    done.increment();
  }

  private boolean fails() {
    int oneIn = failing;
    return oneIn > 0 && ThreadLocalRandom.current().nextInt(oneIn) == 0;
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

  /** From due to the end of the handler, in microseconds, of attempts that succeeded. */
  public Histogram latency() {
    return latency.copy();
  }

  /** A job fails, as was asked for. */
  public static final class Failed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Failed() {
      super("fails at first");
    }
  }
}
