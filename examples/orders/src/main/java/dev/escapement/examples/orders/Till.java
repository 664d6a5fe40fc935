package dev.escapement.examples.orders;

import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Takes orders. */
final class Till {

  private final DataSource database;
  private final SchedulerClient scheduler;

  Till(DataSource database, SchedulerClient scheduler) {
    this.database = database;
    this.scheduler = scheduler;
  }

  /** An order that the shop can't take. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Writes an order down and enqueues its confirmation, in one transaction: there are both or
   * neither.
   *
   * @return the confirmation's trigger
   */
  TriggerId place(Order order) throws SQLException, RefusedException {
    TriggerId confirmation;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Tables.insert(connection, order, Tables.TODAY);
        confirmation =
            scheduler
                .using(connection)
                .submit(Shop.CONFIRM.with(order.ref()).key(order.key()))
                .id();
        requireStock(connection, order);
        connection.commit();
      } catch (SQLException | RefusedException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
    scheduler.wakeUp();
    return confirmation;
  }

  private static void requireStock(Connection connection, Order order)
      throws SQLException, RefusedException {
    long pieces = Sql.number(connection, "SELECT pieces FROM stock WHERE item = ?", order.item());
    if (order.pieces() > pieces) {
      throw new RefusedException("there are only " + pieces);
    }
  }
}
