package dev.escapement.store;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people decide about queues, and how long they are. */
public interface Queues {

  /**
   * Takes a queue out of service or puts it back; nodes claim nothing from it. Raises the epoch if
   * that changes anything. A queue is a name that triggers bear, so any may be paused, also one
   * that nobody knows yet.
   *
   * @return whether it changed anything
   */
  boolean pause(String queue, boolean paused);

  /** Those that are paused. */
  Set<String> paused();

  /**
   * How long a queue is.
   *
   * @param cap counts no further than one beyond that
   */
  Depth depth(String queue, int cap);

  /**
   * How long a queue is.
   *
   * @param due how many triggers without hold are due, at most one more than the cap
   * @param oldestDue since when the first of them has been; null if none is
   * @param now the store's clock
   */
  record Depth(long due, @Nullable Instant oldestDue, Instant now) {}
}
