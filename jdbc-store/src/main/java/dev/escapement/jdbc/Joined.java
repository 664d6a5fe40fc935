package dev.escapement.jdbc;

import dev.escapement.NoTransactionsException;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in the middle of a transaction that isn't ours. It is neither committed nor rolled
 * back nor closed here, and gets back what little is changed. No round trip to PostgreSQL.
 */
final class Joined {

  private static final Logger log = LoggerFactory.getLogger(Joined.class);

  private final Connection connection;
  private final Manner.Undo manner;

  private Joined(Connection connection, Manner manner) throws SQLException {
    this.connection = connection;
    this.manner = manner.adopt(connection);
  }

  /**
   * Takes part.
   *
   * @throws NoTransactionsException if there is no transaction to take part in
   */
  static Joined join(Connection connection, Manner manner) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new NoTransactionsException(
          "The connection is in autocommit, so there is no transaction to take part in. Call"
              + " setAutoCommit(false) first and commit afterwards, or enqueue without a"
              + " connection.");
    }
    return new Joined(connection, manner);
  }

  /** Gives back what was changed. Never fails. */
  void leave() {
    try {
      if (!connection.isClosed()) {
        manner.undo();
      }
    } catch (SQLException e) {
      // Whoever has the transaction finds out by itself.
      log.debug("A connection could not be left as it was.", e);
    }
  }
}
