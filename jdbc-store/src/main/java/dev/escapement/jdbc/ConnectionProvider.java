package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** How the store finds the application's transactions. Thread-safe. */
public interface ConnectionProvider {

  /**
   * The connection of the transaction that the calling thread is in; empty if it is in none. What
   * is enqueued on this thread then takes part in that transaction.
   *
   * @throws SQLException if there is a transaction whose connection can't be had
   */
  Optional<Connection> current() throws SQLException;

  /**
   * Calls the action after that transaction has committed; never if it rolls back. At once if there
   * is none.
   */
  void afterCommit(Runnable action);

  /**
   * Runs work in a new transaction: commits if it returns true, else rolls back. What the work
   * throws passes through, after the rollback.
   *
   * @return whether it was committed; false also if it was rolled back instead, because something
   *     in it said so
   * @throws SQLException if there was no connection, or the commit failed: the driver's own, or
   *     with it as a cause, for its SQLSTATE tells whether it may have happened all the same
   */
  boolean transact(Work work) throws SQLException;

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param connection begun, and not in autocommit
     * @return whether to commit
     * @throws SQLException if the database refuses
     */
    boolean run(Connection connection) throws SQLException;
  }

  /**
   * For an application whose transactions nobody keeps for its threads: there never is a current
   * one, and a new one is a connection of its own.
   *
   * @param source where connections come from; stays the caller's to close
   */
  static ConnectionProvider of(DataSource source) {
    return new OwnTransactions(source, Duration.ofSeconds(10));
  }
}
