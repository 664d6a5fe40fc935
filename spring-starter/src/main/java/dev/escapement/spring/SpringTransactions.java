package dev.escapement.spring;

import dev.escapement.NoTransactionsException;
import dev.escapement.jdbc.ConnectionProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * Spring's transactions, as the store finds them: those of the thread whose connection is of the
 * store's data source, whether JDBC or JPA began them. For a {@link dev.escapement.jdbc.JdbcStore}
 * that the application makes itself. Thread-safe.
 */
public final class SpringTransactions implements ConnectionProvider {

  private static final Logger LOG = LoggerFactory.getLogger(SpringTransactions.class);

  /** Transaction rollback: what was rolled back for reasons that the database knows nothing of. */
  private static final String ROLLED_BACK = "40000";

  private final DataSource source;
  private final DataSource pool;
  private final Supplier<PlatformTransactionManager> manager;

  /** Of transactions that are over, or about to be; callbacks may still find them bound. */
  private final Set<ConnectionHolder> ended =
      Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

  /**
   * @param source the store's; transactions of what it wraps, and of what wraps the same, count too
   * @param manager begins the transactions of transactional jobs, on that data source
   */
  public SpringTransactions(DataSource source, PlatformTransactionManager manager) {
    this(source, () -> manager);
    listenTo(manager);
  }

  /**
   * @param manager asked for once, when it is first needed
   */
  SpringTransactions(DataSource source, Supplier<PlatformTransactionManager> manager) {
    this.source = source;
    this.pool = innermost(source);
    this.manager = SingletonSupplier.of(() -> listened(manager.get()));
  }

  private PlatformTransactionManager listened(PlatformTransactionManager given) {
    listenTo(given);
    return given;
  }

  /**
   * Hears of the ends of a manager's transactions.
   *
   * @param other of the same data source
   */
  void listenTo(PlatformTransactionManager other) {
    if (other instanceof ConfigurableTransactionManager configurable
        && configurable.getTransactionExecutionListeners().stream()
            .noneMatch(each -> each instanceof Ends ends && ends.of() == this)) {
      configurable.addListener(new Ends(this));
    }
  }

  /** The synchronizations that may still write have been called by then. */
  private record Ends(SpringTransactions of) implements TransactionExecutionListener {

    /** A connection that was bound before serves one transaction after the other. */
    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
      of.ended.remove(of.bound());
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
      ConnectionHolder holder = of.bound();
      if (holder != null) {
        of.ended.add(holder);
      }
    }
  }

  /** What proxies like Spring's own lead to. */
  static DataSource innermost(DataSource source) {
    DataSource inner = source;
    while (inner instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
      inner = proxy.getTargetDataSource();
    }
    return inner;
  }

  DataSource source() {
    return source;
  }

  PlatformTransactionManager manager() {
    return Objects.requireNonNull(manager.get());
  }

  /**
   * One that isn't in autocommit: somebody's transaction, and not just a connection kept open. None
   * while what hears of its end is called: what is written on its connection then, nobody commits.
   *
   * @throws NoTransactionsException if it is read-only
   */
  @Override
  public Optional<Connection> current() throws SQLException {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return Optional.empty();
    }
    ConnectionHolder holder = holder();
    if (holder == null) {
      return Optional.empty();
    }
    Connection connection = holder.getConnection();
    if (connection.getAutoCommit()) {
      return Optional.empty();
    }
    if (connection.isReadOnly()) {
      throw new NoTransactionsException(
          "The transaction is read-only, so nothing can be enqueued in it. Leave readOnly away from"
              + " its @Transactional, or enqueue in a transaction of its own, with"
              + " Propagation.REQUIRES_NEW.");
    }
    return Optional.of(connection);
  }

  /** That of a transaction which isn't over. */
  private @Nullable ConnectionHolder holder() {
    ConnectionHolder bound = bound();
    return bound == null || ended.contains(bound) ? null : bound;
  }

  private @Nullable ConnectionHolder bound() {
    if (TransactionSynchronizationManager.getResource(source) instanceof ConnectionHolder holder) {
      return holder;
    }
    for (Map.Entry<Object, Object> bound :
        TransactionSynchronizationManager.getResourceMap().entrySet()) {
      if (bound.getKey() instanceof DataSource other
          && bound.getValue() instanceof ConnectionHolder holder
          && innermost(other) == pool) {
        return holder;
      }
    }
    return null;
  }

  /** At once also in a transaction of another database, which the store takes no part in. */
  @Override
  public void afterCommit(Runnable action) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()
        || holder() == null) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }

  @Override
  public boolean transact(Work work) throws SQLException {
    TransactionStatus transaction = begin();
    End end = new End();
    boolean commit;
    try {
      end.listen();
      commit = work.run(connection());
    } catch (Throwable t) {
      rollback(transaction, t);
      throw t;
    }
    if (!commit) {
      rollback(transaction, null);
      return false;
    }
    return commit(transaction, end);
  }

  private TransactionStatus begin() throws SQLException {
    try {
      return manager()
          .getTransaction(
              new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    } catch (TransactionException e) {
      throw translated("The transaction couldn't be begun", e, null);
    }
  }

  private Connection connection() throws SQLException {
    Optional<Connection> current = current();
    if (current.isEmpty()) {
      throw new SQLException(
          manager()
              + " begins transactions of another database than the scheduler's. Name the right one"
              + " with escapement.jdbc.transaction-manager.",
          "25000");
    }
    return current.get();
  }

  private boolean commit(TransactionStatus transaction, End end) throws SQLException {
    try {
      manager().commit(transaction);
      return true;
    } catch (UnexpectedRollbackException e) {
      return false;
    } catch (RuntimeException e) {
      if (end.status == TransactionSynchronization.STATUS_COMMITTED) {
        LOG.warn("A transaction was committed, and what was to be done after it threw", e);
        return true;
      }
      boolean rolledBack = end.status == TransactionSynchronization.STATUS_ROLLED_BACK;
      throw translated("The transaction couldn't be committed", e, rolledBack ? ROLLED_BACK : null);
    }
  }

  private void rollback(TransactionStatus transaction, @Nullable Throwable cause)
      throws SQLException {
    try {
      manager().rollback(transaction);
    } catch (TransactionException e) {
      if (cause == null) {
        throw translated("The transaction couldn't be rolled back", e, null);
      }
      cause.addSuppressed(e);
    }
  }

  /**
   * With the driver's SQLSTATE, which tells what became of the transaction. Where no driver has
   * failed, no answer of the database's was lost either.
   *
   * @param otherwise the SQLSTATE where no driver has failed
   */
  private static SQLException translated(
      String what, RuntimeException e, @Nullable String otherwise) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException driver) {
        return new SQLException(
            what + ": " + driver.getMessage(), driver.getSQLState(), driver.getErrorCode(), e);
      }
    }
    return new SQLException(what + ": " + e.getMessage(), otherwise, e);
  }

  /** What Spring says became of a transaction. */
  private static final class End implements TransactionSynchronization {

    private int status = STATUS_UNKNOWN;

    void listen() {
      if (TransactionSynchronizationManager.isSynchronizationActive()) {
        TransactionSynchronizationManager.registerSynchronization(this);
      }
    }

    @Override
    public void afterCompletion(int reached) {
      status = reached;
    }
  }
}
