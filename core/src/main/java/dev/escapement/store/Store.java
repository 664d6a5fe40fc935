package dev.escapement.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Where all state lives. The package comment is the protocol. Thread-safe; one store may serve
 * several schedulers of a process, and any number of processes share what lies behind it.
 */
public interface Store extends AutoCloseable {

  /**
   * Makes sure that the store can be used: reachable, its schema there and of a version that this
   * code understands. May be called again, also after a failure.
   *
   * @throws TransientStoreException if it can't be reached
   * @throws StoreException if it can be reached and is not as it must be
   */
  void open();

  /** The store's clock, truncated to microseconds. */
  Instant now();

  /** Enqueuing and reading triggers. */
  Triggers triggers();

  /** Sessions and the jobs that they know. */
  Sessions sessions();

  /** The jobs as the cluster knows them. */
  Jobs jobs();

  /** The movement: claim, complete, take over. */
  Claims claims();

  /** What keeps a due trigger from being a candidate. */
  Holds holds();

  /** Ended attempts. */
  History history();

  /** What is asked of triggers by whoever doesn't hold them. */
  Requests requests();

  /** What people decide about queues. */
  Queues queues();

  /** What runs leave for the attempts after them. */
  Checkpoints checkpoints();

  /** Taking part in database transactions; empty if there are none here. */
  Optional<Transactions> transactions();

  /**
   * Does something as soon as what the calling thread has written is there for others to see: at
   * once, or if it takes part in a transaction of the application's, after its commit.
   */
  void afterCommit(Runnable action);

  /** Hints between processes that something may be due. */
  Wakeups wakeups();

  /** What this is and where, for logs and errors. Without credentials. */
  String describe();

  /** Frees what the store itself opened; never the application's data source. Idempotent. */
  @Override
  void close();
}
