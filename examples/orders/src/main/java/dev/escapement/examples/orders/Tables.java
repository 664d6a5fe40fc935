package dev.escapement.examples.orders;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * The shop's own tables. What handlers write has no constraint that would refuse a row too many: it
 * is there to show one.
 */
final class Tables {

  /** The day whose orders are exported. */
  static final LocalDate YESTERDAY = LocalDate.of(2026, 11, 20);

  static final LocalDate TODAY = YESTERDAY.plusDays(1);

  /** How many orders that day had; they are numbered from 1. */
  static final int YESTERDAYS_ORDERS = 1_000;

  static final String TEAPOT = "teapot";

  /** How many teapots there are in the beginning. */
  static final int TEAPOTS = 100;

  private static final List<String> ALL =
      List.of(
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_on DATE NOT NULL,"
              + " item VARCHAR(40) NOT NULL, pieces INTEGER NOT NULL)",
          "CREATE TABLE stock (item VARCHAR(40) PRIMARY KEY, pieces INTEGER NOT NULL)",
          "CREATE TABLE confirmation (order_id INTEGER NOT NULL)",
          "CREATE TABLE payment (order_id INTEGER NOT NULL, card VARCHAR(40) NOT NULL)",
          "CREATE TABLE shipment (order_id INTEGER NOT NULL)",
          "CREATE TABLE reminder (order_id INTEGER NOT NULL)",
          // run is the fencing token: it grows with each run of one trigger.
          "CREATE TABLE export_run (run BIGINT NOT NULL, office VARCHAR(40) NOT NULL,"
              + " after_order INTEGER NOT NULL)",
          "CREATE TABLE exported (order_id INTEGER NOT NULL, run BIGINT NOT NULL)");

  private Tables() {}

  static void create(Connection connection) throws SQLException {
    for (String table : ALL) {
      Sql.run(connection, table);
    }
    Sql.run(connection, "INSERT INTO stock VALUES (?, ?)", TEAPOT, TEAPOTS);
    connection.setAutoCommit(false);
    for (int id = 1; id <= YESTERDAYS_ORDERS; id++) {
      insert(connection, new Order(id, TEAPOT, 1 + id % 3), YESTERDAY);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  static void insert(Connection connection, Order order, LocalDate day) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        order.id(),
        day,
        order.item(),
        order.pieces());
  }
}
