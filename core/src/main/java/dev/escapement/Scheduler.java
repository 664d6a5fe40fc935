package dev.escapement;

/**
 * One node: it claims due triggers from the shared store and runs them. Any number of nodes may
 * share a store; each trigger is fired by exactly one. Thread-safe.
 *
 * <pre>{@code
 * Scheduler scheduler = Scheduler.builder().store(store).annotated(new Billing()).start();
 * }</pre>
 */
public interface Scheduler extends SchedulerClient, AutoCloseable {

  /** A scheduler to be. */
  static SchedulerBuilder builder() {
    return new SchedulerBuilder();
  }

  /**
   * Starts the node. Starting twice is nothing; a closed one can't be started again.
   *
   * @throws dev.escapement.store.StoreException if the store isn't as it must be, or can't be
   *     reached and the builder doesn't say to wait for it
   */
  void start();

  /** What this node has done since it was built. */
  SchedulerStats stats();

  /** Closes this scheduler when the JVM shuts down. Calling it twice is nothing. */
  void registerShutdownHook();

  /**
   * Stops gracefully: claims nothing more, gives back what it hasn't started, waits for what runs
   * until the stop grace is over, interrupts the rest, and writes every outcome. An interrupted run
   * is given back and its attempt isn't counted. Idempotent; blocks until done.
   */
  @Override
  void close();
}
