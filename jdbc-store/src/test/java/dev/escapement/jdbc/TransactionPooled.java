package dev.escapement.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * One client's connection to a pooler in transaction mode: each transaction, and each statement in
 * autocommit, runs on whatever server connection is next, which remembers nothing.
 */
final class TransactionPooled {

  private final DataSource physical;
  private boolean autoCommit = true;
  private Connection server;

  TransactionPooled(DataSource physical) throws SQLException {
    this.physical = physical;
    this.server = next();
  }

  private Connection next() throws SQLException {
    Connection connection = physical.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("DISCARD ALL");
    }
    return connection;
  }

  private void switchServer() throws SQLException {
    Connection before = server;
    server = next();
    server.setAutoCommit(autoCommit);
    before.close();
  }

  Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("prepareStatement") && autoCommit) {
                switchServer();
              }
              if (method.getName().equals("setAutoCommit")) {
                autoCommit = (Boolean) arguments[0];
              }
              try {
                Object result = method.invoke(server, arguments);
                if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                  switchServer();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
