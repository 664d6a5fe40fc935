package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a pool that a connection of its own is broken. Most pools ask a connection before they hand
 * it out. HikariCP doesn't ask one that was in use within the last half second, and knows a broken
 * one by its SQLSTATE, of which H2's say nothing to it: whoever tries again sooner is handed the
 * same dead connection again and again, and its heart never beats again.
 */
final class BrokenConnections {

  private static final Logger log = LoggerFactory.getLogger(BrokenConnections.class);

  private static final boolean HIKARI = isPresent("com.zaxxer.hikari.HikariDataSource");

  private BrokenConnections() {}

  /** Before it is given back, or after. Never fails. */
  static void discard(DataSource source, Connection connection) {
    try {
      if (HIKARI) {
        Hikari.discard(source, connection);
      }
    } catch (SQLException | RuntimeException e) {
      log.debug("A broken connection goes back to its pool.", e);
    }
  }

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, BrokenConnections.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Loaded only where HikariCP is. */
  private static final class Hikari {

    static void discard(DataSource source, Connection connection) throws SQLException {
      if (source.isWrapperFor(HikariDataSource.class)) {
        source.unwrap(HikariDataSource.class).evictConnection(connection);
      }
    }
  }
}
