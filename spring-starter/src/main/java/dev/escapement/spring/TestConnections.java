package dev.escapement.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Connections of which each is a transaction of Spring's, so that what a transactional job does
 * through repositories is in it. Within the transaction of a test it is nested, so that the job
 * sees what the test has prepared, and all of it is gone after the test.
 */
final class TestConnections extends AbstractDataSource {

  private final SpringTransactions transactions;
  private final PlatformTransactionManager manager;
  private final List<Runnable> undos = new ArrayList<>();
  private @Nullable Connection begun;

  /**
   * @param source the application's, as the transaction manager knows it
   */
  TestConnections(DataSource source, PlatformTransactionManager manager) {
    this.transactions = new SpringTransactions(source, manager);
    this.manager = manager;
  }

  /** Does it if the transaction of this thread is rolled back; never, if there is none. */
  void afterRollback(Runnable undo) {
    Connection current = current();
    if (current == null || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return;
    }
    if (current == begun) {
      // It may be nested, and of its rollback nobody hears.
      undos.add(undo);
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            if (status == STATUS_ROLLED_BACK) {
              undo.run();
            }
          }
        });
  }

  private @Nullable Connection current() {
    try {
      return transactions.current().orElse(null);
    } catch (SQLException e) {
      throw new IllegalStateException("The transaction's connection doesn't answer.", e);
    }
  }

  @Override
  public Connection getConnection() {
    TransactionStatus transaction = begin();
    Connection connection =
        Objects.requireNonNull(
            current(), () -> manager + " begins no transactions of the scheduler's DataSource");
    begun = connection;
    return (Connection)
        Proxy.newProxyInstance(
            TestConnections.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "equals" -> self == arguments[0];
                  case "hashCode" -> System.identityHashCode(self);
                  case "getAutoCommit" -> false;
                  case "setAutoCommit" -> null;
                  case "commit" -> {
                    end();
                    manager.commit(transaction);
                    yield null;
                  }
                  case "rollback", "close" -> {
                    if (arguments != null) {
                      yield call(connection, method, arguments);
                    }
                    rollBackIfOpen(transaction);
                    yield null;
                  }
                  default -> call(connection, method, arguments);
                });
  }

  private static @Nullable Object call(
      Connection connection, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private TransactionStatus begin() {
    try {
      return manager.getTransaction(
          new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
    } catch (NestedTransactionNotSupportedException e) {
      // As JPA's: then it is one with the test's.
      return manager.getTransaction(new DefaultTransactionDefinition());
    }
  }

  private void rollBackIfOpen(TransactionStatus transaction) {
    List<Runnable> left = List.copyOf(undos);
    end();
    if (!transaction.isCompleted()) {
      manager.rollback(transaction);
      left.forEach(Runnable::run);
    }
  }

  private void end() {
    begun = null;
    undos.clear();
  }

  @Override
  public Connection getConnection(String user, String password) {
    return getConnection();
  }
}
