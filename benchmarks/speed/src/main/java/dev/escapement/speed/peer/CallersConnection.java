package dev.escapement.speed.peer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/**
 * Lets a library that takes its connections from a data source work in the caller's transaction:
 * within {@link #within} it is given the caller's connection, whose transaction it can't end.
 * Spring's TransactionAwareDataSourceProxy does the same; the documents of peers point to it.
 * Thread-safe.
 */
final class CallersConnection {

  private static final ThreadLocal<Connection> CURRENT = new ThreadLocal<>();

  private static final DataSource SOURCE =
      (DataSource)
          Proxy.newProxyInstance(
              CallersConnection.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("getConnection")) {
                  return get();
                }
                throw new UnsupportedOperationException(method.getName());
              });

  private CallersConnection() {}

  /** Gives the connection of the transaction that the thread is in. */
  static DataSource source() {
    return SOURCE;
  }

  /**
   * The connection of the transaction that the thread is in.
   *
   * @throws SQLException if it is in none
   */
  static Connection get() throws SQLException {
    Connection connection = CURRENT.get();
    if (connection == null) {
      throw new SQLException("This thread is in no transaction.");
    }
    return connection;
  }

  /** Runs a call that works on that connection. */
  static <T> T within(Connection connection, Callable<T> call) throws Exception {
    CURRENT.set(kept(connection));
    try {
      return call.call();
    } finally {
      CURRENT.remove();
    }
  }

  private static Connection kept(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            CallersConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "close", "commit", "rollback", "setAutoCommit" -> {
                  return null;
                }
                default -> {
                  try {
                    return method.invoke(connection, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
              }
            });
  }
}
