package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the network may take, until this is restored. No round trip to PostgreSQL. */
final class NetworkLimit {

  private static final Logger log = LoggerFactory.getLogger(NetworkLimit.class);

  /**
   * How much longer than a statement the network may take: the statement's own limit must have the
   * time to fire and to report, for then it is certain that nothing changed.
   */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Connection connection;
  private final int before;
  private final boolean overrides;

  private NetworkLimit(Connection connection, Duration timeout, boolean always)
      throws SQLException {
    this.connection = connection;
    this.before = read(connection);
    this.overrides = always || before == 0;
    if (overrides) {
      set((int) timeout.plus(GRACE).toMillis());
    }
  }

  /**
   * Where the connection has none.
   *
   * @param timeout what the longest statement has
   */
  static NetworkLimit on(Connection connection, Duration timeout) throws SQLException {
    return new NetworkLimit(connection, timeout, false);
  }

  /** Whatever the connection has. */
  static NetworkLimit over(Connection connection, Duration timeout) throws SQLException {
    return new NetworkLimit(connection, timeout, true);
  }

  private static int read(Connection connection) throws SQLException {
    try {
      return connection.getNetworkTimeout();
    } catch (SQLFeatureNotSupportedException e) {
      return 0;
    }
  }

  private void set(int millis) throws SQLException {
    try {
      connection.setNetworkTimeout(Runnable::run, millis);
    } catch (SQLFeatureNotSupportedException e) {
      log.trace("This driver knows no network timeout.", e);
    }
  }

  /** As it was. A connection that is broken has no use for it, so this never fails. */
  void restore() {
    if (overrides) {
      try {
        set(before);
      } catch (SQLException e) {
        log.debug("A connection keeps our network timeout.", e);
      }
    }
  }
}
