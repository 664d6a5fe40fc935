package dev.escapement.jdbc;

import dev.escapement.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
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

  private final DataSource source;
  private final Connection connection;
  private final boolean autoCommit;
  private final NetworkLimit network;
  private final Manner.Undo manner;

  private Borrowed(DataSource source, Connection connection, Duration timeout, Manner manner)
      throws SQLException {
    this.source = source;
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      refuseToCommit(connection, manner);
      connection.setAutoCommit(true);
    }
    // The application's own limit is for calls, and would cut a migration short.
    this.network =
        timeout.equals(Schema.LIMIT)
            ? NetworkLimit.over(connection, timeout)
            : NetworkLimit.on(connection, timeout);
    this.manner = manner.adopt(connection);
  }

  /**
   * Prepares a connection; closes it if that fails.
   *
   * @throws ConnectionException if the connection is of no use
   * @throws StoreException if it is in the middle of the caller's transaction
   */
  static Borrowed prepare(
      DataSource source, Connection connection, Duration timeout, Manner manner) {
    try {
      return new Borrowed(source, connection, timeout, manner);
    } catch (SQLException e) {
      BrokenConnections.discard(source, connection);
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
  public void close() {
    try (connection) {
      restoreOrDiscard();
    } catch (SQLException e) {
      // What was done is done, whatever becomes of the connection.
      log.debug("A connection could not be given back.", e);
    } catch (RuntimeException e) {
      // HikariCP's, of a connection that it closed at the same time, for example.
      log.warn("The pool failed when it was given a connection back; what was done is done.", e);
    }
  }

  private void restoreOrDiscard() {
    try {
      if (!connection.isClosed()) {
        restore();
      }
    } catch (SQLException e) {
      log.debug("A connection could not be given back as it was.", e);
      BrokenConnections.discard(source, connection);
    }
  }

  private void restore() throws SQLException {
    manner.undo();
    network.restore();
    if (connection.getAutoCommit() != autoCommit) {
      connection.setAutoCommit(autoCommit);
    }
  }
}
