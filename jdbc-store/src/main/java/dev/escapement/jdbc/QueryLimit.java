package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How long a statement may take. H2 keeps the limit of a statement for the whole connection;
 * PostgreSQL's driver doesn't.
 *
 * @param seconds as it was; 0 for none
 */
record QueryLimit(Connection connection, int seconds) {

  static QueryLimit of(Connection connection) throws SQLException {
    return new QueryLimit(connection, read(connection));
  }

  void restore() throws SQLException {
    if (read(connection) != seconds) {
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(seconds);
      }
    }
  }

  private static int read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.getQueryTimeout();
    }
  }
}
