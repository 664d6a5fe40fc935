package dev.escapement.engine;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Work that stops in its middle where it says so, and goes on when it is told to. It has a thread,
 * but that runs only while its caller waits, so that what happens has one order.
 */
final class Strand {

  private static final Deque<Carrier> IDLE = new ConcurrentLinkedDeque<>();
  private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();

  /** Longer than it takes another core to answer, shorter than it takes to wake a thread up. */
  private static final int SPINS = 2_000;

  private final Semaphore mayRun = new Semaphore(0);
  private final Semaphore stands = new Semaphore(0);
  private volatile boolean over;
  private volatile boolean unwinding;
  private volatile @Nullable Throwable thrown;

  /** Ends the work of a strand that nobody lets go on any more. */
  static final class Unwound extends Error {
    private static final long serialVersionUID = 1L;

    Unwound() {
      super("nobody waits for this any more", null, false, false);
    }
  }

  /** Runs work until it pauses or is over. */
  static Strand begin(Runnable work) {
    Strand strand = new Strand();
    Carrier carrier = IDLE.pollFirst();
    if (carrier == null) {
      carrier = new Carrier();
      carrier.start();
    }
    Carrier chosen = carrier;
    carrier.next = () -> strand.run(chosen, work);
    carrier.wanted.release();
    await(strand.stands);
    strand.rethrow();
    return strand;
  }

  /** A thread for one strand after the other. */
  private static final class Carrier extends Thread {
    final Semaphore wanted = new Semaphore(0);
    volatile Runnable next = () -> {};

    Carrier() {
      super("strand");
      setDaemon(true);
    }

    @Override
    public void run() {
      while (true) {
        await(wanted);
        next.run();
      }
    }
  }

  private static void await(Semaphore semaphore) {
    for (int i = 0; i < SPINS; i++) {
      if (semaphore.tryAcquire()) {
        return;
      }
      Thread.onSpinWait();
    }
    semaphore.acquireUninterruptibly();
  }

  private void run(Carrier carrier, Runnable work) {
    Thread.interrupted();
    CURRENT.set(this);
    try {
      work.run();
    } catch (Unwound e) {
      over = true;
    } catch (Throwable t) {
      thrown = t;
    } finally {
      over = true;
      CURRENT.remove();
      IDLE.addFirst(carrier);
      stands.release();
    }
  }

  /** Stops here until the strand that this is called in may go on. */
  static void pause() {
    Strand self = CURRENT.get();
    if (self == null) {
      throw new IllegalStateException("not in a strand");
    }
    if (!self.unwinding) {
      self.stands.release();
      await(self.mayRun);
    }
    if (self.unwinding) {
      throw new Unwound();
    }
  }

  /** Runs it until it pauses again or is over. */
  void goOn() {
    resume();
    rethrow();
  }

  /** Ends it: whatever it calls that pauses throws from now on. */
  void unwind() {
    if (!over) {
      unwinding = true;
      resume();
    }
  }

  boolean isOver() {
    return over;
  }

  private void resume() {
    mayRun.release();
    await(stands);
  }

  private void rethrow() {
    Throwable fault = thrown;
    thrown = null;
    if (fault instanceof RuntimeException e) {
      throw e;
    } else if (fault instanceof Error e) {
      throw e;
    }
  }
}
