package dev.escapement.speed.peer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer's tables in a database, and its replicas. What a peer {@link Peer#lacks lacks} throws. Not
 * thread-safe, but for enqueuing.
 */
public interface Fleet extends AutoCloseable {

  /** Enqueues many jobs in the fastest way that the peer offers; a replica need not run yet. */
  void enqueue(List<Instant> dues) throws Exception;

  /** Enqueues one job by the peer's usual call, committed when it returns. */
  default void enqueueOne(Instant due) throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Enqueues one job in the caller's transaction. */
  default void enqueueIn(Connection connection, Instant due) throws Exception {
    throw new UnsupportedOperationException();
  }

  /**
   * Declares recurring jobs, each every second.
   *
   * @param firsts when each fires for the first time
   */
  default void recurring(List<Instant> firsts) throws Exception {
    throw new UnsupportedOperationException();
  }

  /**
   * Puts rows of jobs into the tables with SQL, for there are too many for calls.
   *
   * @param rows how many
   * @param due of the first one; each of the others a millisecond later than the one before
   * @param job the job's name; null for the one that the replicas know
   */
  default void fill(long rows, Instant due, @Nullable String job) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * How many jobs that were enqueued aren't known in the tables to have ended. May leave out what
   * isn't due and what nobody knows, so that it needn't read millions of rows.
   */
  long left() throws Exception;

  /** Starts one more replica, with connections and threads of its own. */
  Replica start() throws Exception;

  /** A replica that runs. */
  interface Replica extends AutoCloseable {

    /** Stops it, once what runs has ended. */
    @Override
    void close() throws Exception;
  }

  /** Gives back what it holds; the replicas are closed by whoever started them. */
  @Override
  void close() throws Exception;
}
