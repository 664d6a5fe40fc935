package dev.escapement.store;

/**
 * Hints between processes that a trigger may be due sooner than they know. Losing every one costs
 * at most the poll interval.
 */
public interface Wakeups {

  /** Sends a hint, soon and not too often. Never throws, never blocks for long. */
  void signal();

  /**
   * Listens until closed.
   *
   * @param hint called on a thread of the store's or of whoever signals; must return at once. What
   *     it throws is logged and keeps no other listener from hearing
   */
  Subscription listen(Runnable hint);

  /** An end to listening. */
  interface Subscription extends AutoCloseable {
    /** Idempotent. */
    @Override
    void close();
  }

  /** For a store that has no way to tell. */
  Wakeups NONE =
      new Wakeups() {
        @Override
        public void signal() {}

        @Override
        public Subscription listen(Runnable hint) {
          return () -> {};
        }
      };
}
