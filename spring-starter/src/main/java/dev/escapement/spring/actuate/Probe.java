package dev.escapement.spring.actuate;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A question to the store that may hang. It is asked on a thread of its own, never twice at once,
 * and nobody waits longer than the limit: those who come while it is out wait for the same answer.
 * Thread-safe.
 */
final class Probe<T> {

  private final Callable<T> question;
  private final Duration limit;
  private @Nullable FutureTask<T> pending;

  /**
   * @param limit how long whoever asks waits at most
   */
  Probe(Callable<T> question, Duration limit) {
    this.question = question;
    this.limit = limit;
  }

  /**
   * Asks, or joins those who do.
   *
   * @throws TimeoutException if there is no answer within the limit
   * @throws Exception what the question has thrown
   */
  T ask() throws Exception {
    try {
      return pending().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      TimeoutException told =
          new TimeoutException("The store hasn't answered within " + limit + ".");
      told.initCause(e);
      throw told;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private synchronized FutureTask<T> pending() {
    FutureTask<T> current = pending;
    if (current == null || current.isDone()) {
      current = new FutureTask<>(question);
      pending = current;
      Thread thread = new Thread(current, "escapement-probe");
      thread.setDaemon(true);
      thread.start();
    }
    return current;
  }
}
