package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Taking part in the application's transactions. What is written is the dialect's. */
final class JdbcTransactions implements Transactions {

  private static final String SAVEPOINT = "escapement_enqueue";

  private final Database database;
  private final Dialect dialect;
  private final ConnectionProvider provider;

  JdbcTransactions(Database database, Dialect dialect, ConnectionProvider provider) {
    this.database = database;
    this.dialect = dialect;
    this.provider = provider;
  }

  /** The connection of the transaction that the calling thread is in. */
  Optional<Connection> current() {
    try {
      return provider.current();
    } catch (SQLException e) {
      throw SqlErrors.unreachable("take part in the transaction", database.where(), e);
    }
  }

  @Override
  public List<Enqueued> enqueue(Connection connection, List<NewTrigger> triggers) {
    return dialect
        .wayToEnqueue(database, triggers)
        .join(
            "enqueue in a transaction",
            connection,
            handle -> {
              if (triggers.isEmpty()) {
                return List.of();
              }
              return mayStopHalfway(triggers)
                  ? enqueueOrNone(handle, triggers)
                  : dialect.enqueue(handle, triggers);
            });
  }

  /** Savepoints aren't free: PostgreSQL slows down where a transaction has more than 64 of them. */
  private boolean mayStopHalfway(List<NewTrigger> triggers) {
    return triggers.size() > 1
        && (!dialect.enqueuesAtOnce()
            || triggers.stream().anyMatch(each -> each.onConflict() == OnConflict.FAIL));
  }

  private List<Enqueued> enqueueOrNone(Handle handle, List<NewTrigger> triggers) {
    handle.savepoint(SAVEPOINT);
    List<Enqueued> answers;
    try {
      answers = dialect.enqueue(handle, triggers);
    } catch (RuntimeException e) {
      try {
        handle.rollbackToSavepoint(SAVEPOINT);
      } catch (RuntimeException lost) {
        e.addSuppressed(lost);
      }
      throw e;
    }
    handle.releaseSavepoint(SAVEPOINT);
    return answers;
  }

  @Override
  public Ended run(Work work) {
    Attempt attempt = new Attempt(work);
    boolean committed;
    try {
      committed = provider.transact(attempt);
    } catch (SQLException | RuntimeException e) {
      throw attempt.translate(e);
    }
    if (attempt.committing && !committed) {
      throw new StoreException(
          "The application's transaction in "
              + database.where()
              + " was rolled back instead of committed, by whoever keeps it.",
          null);
    }
    return committed ? attempt.ended : Ended.NOTHING;
  }

  /** One run of the work, and how far it came. */
  private final class Attempt implements ConnectionProvider.Work {

    private final Work work;
    private Ended ended = Ended.NOTHING;
    private @Nullable RuntimeException thrown;
    private boolean begun;
    private boolean committing;

    Attempt(Work work) {
      this.work = work;
    }

    @Override
    public boolean run(Connection connection) throws SQLException {
      begun = true;
      try {
        Completion completion = work.run(WorkConnection.over(connection));
        if (completion != null) {
          ended = end(connection, completion);
        }
      } catch (RuntimeException e) {
        thrown = e;
        throw e;
      }
      committing = !ended.written().isEmpty();
      return committing;
    }

    private Ended end(Connection connection, Completion completion) throws SQLException {
      NetworkLimit limit = NetworkLimit.on(connection, database.timeout());
      try {
        return database.join(
            "complete in a transaction",
            connection,
            handle -> dialect.complete(handle, List.of(completion)));
      } finally {
        limit.restore();
      }
    }

    /**
     * What the work itself threw passes through. Whatever a provider throws after the work may be
     * that of a commit whose answer was lost, unless it bears the database's own refusal.
     */
    RuntimeException translate(Exception e) {
      if (thrown != null) {
        if (e != thrown) {
          thrown.addSuppressed(e);
        }
        return thrown;
      }
      String where = database.where();
      if (committing) {
        return SqlErrors.atCommit("commit a transaction", where, e);
      }
      return begun
          ? SqlErrors.translate("roll a transaction back", where, false, e)
          : SqlErrors.unreachable("begin a transaction", where, e);
    }
  }
}
