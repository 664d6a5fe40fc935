package dev.escapement.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections that don't behave. */
final class Wrapped {

  /** What happens instead of a call, or around it. */
  interface Around {
    @Nullable Object call(Method method, Call original) throws Throwable;
  }

  /** The call itself. */
  interface Call {
    @Nullable Object proceed() throws Throwable;
  }

  /** Where a connection comes from. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  private Wrapped() {}

  /** A data source whose connections come from there. */
  static DataSource source(Connector connector) {
    return (DataSource)
        Proxy.newProxyInstance(
            Wrapped.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              if (!method.getName().equals("getConnection")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return connector.connect();
            });
  }

  /** A data source that has one connection, and keeps it open. */
  static DataSource always(Connection one) {
    return source(
        () ->
            connection(
                one,
                (method, call) -> method.getName().equals("close") ? null : call.proceed(),
                (method, call) -> call.proceed()));
  }

  /** A connection whose own calls and those of its prepared statements go through these. */
  static Connection connection(Connection original, Around connection, Around statement) {
    Around both =
        (method, call) -> {
          @Nullable Object result = connection.call(method, call);
          return result instanceof PreparedStatement prepared
              ? proxy(PreparedStatement.class, prepared, statement)
              : result;
        };
    return proxy(Connection.class, original, both);
  }

  private static <T> T proxy(Class<T> type, T original, Around around) {
    return type.cast(
        Proxy.newProxyInstance(
            Wrapped.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                around.call(
                    method,
                    () -> {
                      try {
                        return method.invoke(original, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    })));
  }
}
