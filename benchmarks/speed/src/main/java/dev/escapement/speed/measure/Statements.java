package dev.escapement.speed.measure;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/**
 * Counts what goes to the database: each execution of a statement (a batch of n is n), and each
 * commit, also the one that a statement in autocommit is. Costs a little, so a run that counts
 * isn't one that is timed. Thread-safe.
 */
public final class Statements {

  private final LongAdder statements = new LongAdder();
  private final LongAdder commits = new LongAdder();

  /** How many statements since the start. */
  public long statements() {
    return statements.sum();
  }

  /** How many commits since the start. */
  public long commits() {
    return commits.sum();
  }

  DataSource counting(DataSource source) {
    return proxy(
        DataSource.class,
        source,
        (method, result) ->
            method.getName().equals("getConnection") ? counting((Connection) result) : result);
  }

  private Connection counting(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, result) -> {
          if (method.getName().equals("commit")) {
            commits.increment();
          }
          return result instanceof Statement && method.getReturnType().isInterface()
              ? counting(connection, method.getReturnType(), result)
              : result;
        });
  }

  private Object counting(Connection connection, Class<?> type, Object statement) {
    return proxy(
        type,
        statement,
        (method, result) -> {
          if (method.getName().startsWith("execute")) {
            int count = result instanceof int[] each ? each.length : 1;
            statements.add(count);
            if (isAutoCommit(connection)) {
              commits.increment();
            }
          }
          return result;
        });
  }

  private static boolean isAutoCommit(Connection connection) {
    try {
      return connection.getAutoCommit();
    } catch (SQLException e) {
      return false; // closed meanwhile; what broke it isn't counted
    }
  }

  /** What becomes of an answer. */
  @FunctionalInterface
  private interface Answer {
    Object of(Method method, Object result);
  }

  private static <T> T proxy(Class<T> type, Object target, Answer answer) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result;
          try {
            result = method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          return answer.of(method, result);
        };
    return type.cast(
        Proxy.newProxyInstance(Statements.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
