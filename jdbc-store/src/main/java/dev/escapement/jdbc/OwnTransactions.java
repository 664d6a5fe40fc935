package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions on connections that are borrowed for them. */
final class OwnTransactions implements ConnectionProvider {

  private static final Logger log = LoggerFactory.getLogger(OwnTransactions.class);

  private final DataSource source;
  private final Duration timeout;

  /**
   * @param timeout how long a commit or rollback may take, where the connection has no limit
   */
  OwnTransactions(DataSource source, Duration timeout) {
    this.source = source;
    this.timeout = timeout;
  }

  @Override
  public Optional<Connection> current() {
    return Optional.empty();
  }

  @Override
  public void afterCommit(Runnable action) {
    action.run();
  }

  @Override
  public boolean transact(Work work) throws SQLException {
    Loan loan = new Loan(source.getConnection());
    try {
      loan.begin();
      boolean commit = work.run(loan.connection);
      if (commit) {
        loan.commit();
      }
      return commit;
    } finally {
      loan.giveBack();
    }
  }

  private final class Loan {

    final Connection connection;
    private boolean setsAutoCommit;
    private boolean open;

    Loan(Connection connection) {
      this.connection = connection;
    }

    void begin() throws SQLException {
      try {
        setsAutoCommit = connection.getAutoCommit();
        if (setsAutoCommit) {
          connection.setAutoCommit(false);
        }
      } catch (SQLException e) {
        BrokenConnections.discard(source, connection);
        throw e;
      }
      open = true;
    }

    void commit() throws SQLException {
      NetworkLimit limit = NetworkLimit.on(connection, timeout);
      try {
        connection.commit();
      } finally {
        limit.restore();
      }
      open = false;
    }

    /**
     * Rolls back what isn't committed. Where that fails, the database does so when the connection
     * is closed; turning autocommit on would commit.
     */
    void giveBack() {
      try (connection) {
        if (open) {
          NetworkLimit limit = NetworkLimit.on(connection, timeout);
          try {
            connection.rollback();
          } finally {
            limit.restore();
          }
        }
        if (setsAutoCommit) {
          connection.setAutoCommit(true);
        }
      } catch (SQLException | RuntimeException e) {
        // What is done is done, whatever becomes of the connection.
        log.debug("A connection could not be given back as it was.", e);
        BrokenConnections.discard(source, connection);
      }
    }
  }
}
