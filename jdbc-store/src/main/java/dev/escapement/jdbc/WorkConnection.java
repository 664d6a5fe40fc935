package dev.escapement.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a job's work gets. Whoever commits on it would commit without the end of the
 * claim, so that a crash in between runs the job once more; so it can't.
 */
final class WorkConnection implements InvocationHandler {

  private static final String NOT_HERE = "0A000";

  private final Connection connection;

  private WorkConnection(Connection connection) {
    this.connection = connection;
  }

  static Connection over(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            WorkConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new WorkConnection(connection));
  }

  @Override
  public @Nullable Object invoke(
      Object self, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    switch (method.getName()) {
      case "equals" -> {
        return arguments != null && self == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(self);
      }
      case "toString" -> {
        return "the transaction's " + connection;
      }
      case "commit", "close", "abort", "setAutoCommit" -> throw refused(method);
      case "rollback" -> {
        if (arguments == null) {
          throw refused(method);
        }
      }
      default -> {}
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static SQLException refused(Method method) {
    return new SQLException(
        method.getName()
            + "() is not for the job to call: its work and the end of its run are committed"
            + " together, so that the work takes effect exactly once. Return to commit, throw to"
            + " roll back.",
        NOT_HERE);
  }
}
