package dev.escapement.jdbc;

import dev.escapement.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.statement.Cleanable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on loan: in autocommit and with a network timeout while we have it, and as it was
 * when it goes back. None of this costs a round trip to PostgreSQL.
 */
final class Borrowed implements Cleanable {

  private static final Logger log = LoggerFactory.getLogger(Borrowed.class);

  /**
   * How much longer than a statement the network may take: the statement's own limit must have the
   * time to fire and to report, for then it is certain that nothing changed.
   */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Connection connection;
  private final boolean autoCommit;
  private final int networkTimeout;
  private final boolean overrides;
  private final int queryTimeout;
  private final Manner.Undo manner;

  private Borrowed(Connection connection, Duration timeout, Manner manner) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.networkTimeout = networkTimeout(connection);
    // The application's own limit is for calls, and would cut a migration short.
    this.overrides = networkTimeout == 0 || timeout.equals(Schema.LIMIT);
    this.queryTimeout = queryTimeout(connection);
    if (!autoCommit) {
      refuseToCommit(connection, manner);
      connection.setAutoCommit(true);
    }
    if (overrides) {
      setNetworkTimeout((int) timeout.plus(GRACE).toMillis());
    }
    this.manner = manner.adopt(connection);
  }

  /**
   * Prepares a connection; closes it if that fails.
   *
   * @throws ConnectionException if the connection is of no use
   * @throws StoreException if it is in the middle of the caller's transaction
   */
  static Borrowed prepare(Connection connection, Duration timeout, Manner manner) {
    try {
      return new Borrowed(connection, timeout, manner);
    } catch (SQLException e) {
      giveBack(connection, e);
      throw new ConnectionException(e);
    } catch (StoreException e) {
      giveBack(connection, e);
      throw e;
    }
  }

  private static void giveBack(Connection connection, Exception cause) {
    try {
      connection.close();
    } catch (SQLException unclosable) {
      cause.addSuppressed(unclosable);
    }
  }

  /** Turning autocommit on would commit what the caller has done so far. */
  private static void refuseToCommit(Connection connection, Manner manner) throws SQLException {
    if (manner.isInTransaction(connection)) {
      throw new StoreException(
          "The data source is bound to a transaction: it handed out a connection on which work of"
              + " the caller's is not committed yet. Nothing was changed or committed. Give"
              + " JdbcStore the pool itself, not a proxy that follows the caller's transaction.",
          null);
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        restore();
      }
    } catch (SQLException e) {
      // What was done is done, whatever becomes of the connection; a pool finds out by itself.
      log.debug("A connection could not be given back as it was.", e);
    }
  }

  private void restore() throws SQLException {
    manner.undo();
    if (overrides) {
      setNetworkTimeout(networkTimeout);
    }
    if (queryTimeout(connection) != queryTimeout) {
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(queryTimeout);
      }
    }
    if (connection.getAutoCommit() != autoCommit) {
      connection.setAutoCommit(autoCommit);
    }
  }

  private void setNetworkTimeout(int millis) throws SQLException {
    try {
      connection.setNetworkTimeout(Runnable::run, millis);
    } catch (SQLFeatureNotSupportedException e) {
      log.trace("This driver knows no network timeout.", e);
    }
  }

  private static int networkTimeout(Connection connection) throws SQLException {
    try {
      return connection.getNetworkTimeout();
    } catch (SQLFeatureNotSupportedException e) {
      return 0;
    }
  }

  /** H2 keeps the limit of a statement for the whole connection; PostgreSQL's driver doesn't. */
  private static int queryTimeout(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.getQueryTimeout();
    }
  }
}
