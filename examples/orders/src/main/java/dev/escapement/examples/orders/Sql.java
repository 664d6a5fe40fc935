package dev.escapement.examples.orders;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** As little SQL as the shop needs, over plain JDBC. */
final class Sql {

  private Sql() {}

  /** Reads a column, like {@code ResultSet::getInt}. */
  @FunctionalInterface
  interface Column<T> {
    T read(ResultSet row, int column) throws SQLException;
  }

  /** Executes a statement. */
  static void run(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.execute();
    }
  }

  /** The first column of each row. */
  static <T> List<T> list(Connection connection, Column<T> column, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(column.read(rows, 1));
        }
      }
      return found;
    }
  }

  /** The number in the only row. */
  static long number(Connection connection, String sql, Object... values) throws SQLException {
    return list(connection, ResultSet::getLong, sql, values).get(0);
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
