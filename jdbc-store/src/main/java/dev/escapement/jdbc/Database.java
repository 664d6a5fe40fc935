package dev.escapement.jdbc;

import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Cleanable;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs statements on a data source: one, or many as one. Thread-safe. */
final class Database {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** How often others may be faster before it is an error. */
  private static final int RACES = 10;

  private final String where;
  private final Duration timeout;
  private final Manner manner;
  private final Jdbi jdbi;
  private final Lent lent;
  private final @Nullable Database asGiven;

  /** Whether what the driver keeps prepared has got lost. */
  private volatile boolean unprepared;

  /**
   * @param where what errors call it
   * @param timeout for each statement
   */
  Database(DataSource source, String where, Duration timeout, Manner manner) {
    this(
        source,
        where,
        timeout,
        manner,
        new Database(source, where, timeout, manner.asGiven(), null));
  }

  private Database(
      DataSource source,
      String where,
      Duration timeout,
      Manner manner,
      @Nullable Database asGiven) {
    this.asGiven = asGiven;
    this.where = where;
    this.timeout = timeout;
    this.manner = manner;
    this.jdbi = jdbi(new Loans(source, timeout, manner));
    this.lent = new Lent();
  }

  private Jdbi jdbi(ConnectionFactory connections) {
    Jdbi made = Jdbi.create(connections);
    made.getConfig(SqlStatements.class)
        .setTemplateEngine(TemplateEngine.NOP)
        .setQueryTimeout((int) timeout.plusMillis(999).toSeconds());
    made.registerArgument(new Values.InstantArgumentFactory());
    made.registerColumnMapper(Instant.class, Values.INSTANT);
    return made;
  }

  /**
   * The same on connections whose driver does as their settings say: it may keep a statement
   * prepared on the server. Only for {@link Planned}, and for what any plan will do for.
   */
  Database asGiven() {
    return asGiven == null || unprepared ? this : asGiven;
  }

  /**
   * Works on connections as they are given, and if what the driver has prepared there got lost,
   * from then on without.
   *
   * @param work is given a way to the database, and may be called again with another one: nothing
   *     has happened then
   */
  <T> T prepared(Function<Database, T> work) {
    Database way = asGiven();
    try {
      return work.apply(way);
    } catch (StoreException e) {
      if (way == this || !SqlErrors.isUnprepared(e)) {
        throw e;
      }
      unprepared = true;
      LOG.warn(
          "Statements that the driver keeps prepared in {} get lost, so nothing is kept any more"
              + " and claims cost more. Behind a pooler that gives each transaction another"
              + " connection, say prepareThreshold=0 in the URL, for the application's statements"
              + " too; after a migration, restart at leisure.",
          where,
          e);
      return work.apply(this);
    }
  }

  /** Reads. Each statement is its own transaction. */
  <T> T read(String what, Function<Handle, T> work) {
    return run(what, false, work);
  }

  /**
   * Writes with one statement, which is its own transaction, and is tried again if it lost a race
   * to another one: under an isolation stricter than READ COMMITTED that is an error.
   */
  <T> T write(String what, Function<Handle, T> work) {
    for (int round = 1; ; round++) {
      try {
        return run(what, true, work);
      } catch (TransientStoreException e) {
        if (round == RACES || !SqlErrors.isLostRace(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Writes with several statements, as one transaction, which begins anew if it lost a race to
   * another one.
   */
  <T> T transact(String what, Function<Handle, T> work) {
    return transact(what, work, (handle, result) -> result);
  }

  /**
   * The same, and then one more step on the same connection, outside the transaction.
   *
   * @param afterwards is given what the transaction came to; must not throw
   */
  <T> T transact(String what, Function<Handle, T> work, BiFunction<Handle, T, T> afterwards) {
    for (int round = 1; ; round++) {
      try (Handle handle = open(what)) {
        return afterwards.apply(handle, transact(what, handle, work));
      } catch (StoreException e) {
        if (round == RACES || !SqlErrors.isRace(e)) {
          throw e;
        }
      }
    }
  }

  /** Reads with several statements, all of which see the same moment. */
  <T> T snapshot(String what, Function<Handle, T> work) {
    return run(
        what,
        false,
        handle -> handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::apply));
  }

  /**
   * Writes in a transaction of the application's, which it leaves open. Nothing is tried again:
   * what the application has done before would have to be done again too.
   *
   * @throws dev.escapement.NoTransactionsException if the connection is in none
   */
  <T> T join(String what, Connection connection, Function<Handle, T> work) {
    Joined joined = joined(what, connection);
    try (Handle handle = lent.open(connection)) {
      handle.getConfig(Handles.class).setForceEndTransactions(false);
      return work.apply(handle);
    } catch (JdbiException e) {
      throw SqlErrors.translate(what, where, false, e);
    } finally {
      joined.leave();
    }
  }

  private Joined joined(String what, Connection connection) {
    try {
      return Joined.join(connection, manner);
    } catch (SQLException e) {
      throw SqlErrors.translate(what, where, false, e);
    }
  }

  private <T> T transact(String what, Handle handle, Function<Handle, T> work) {
    boolean committing = false;
    try {
      handle.begin();
      T result = work.apply(handle);
      committing = true;
      handle.commit();
      return result;
    } catch (JdbiException e) {
      rollback(handle, e);
      throw committing
          ? SqlErrors.atCommit(what, where, e)
          : SqlErrors.translate(what, where, false, e);
    } catch (RuntimeException | Error e) {
      rollback(handle, e);
      throw e;
    }
  }

  private <T> T run(String what, boolean undecided, Function<Handle, T> work) {
    try (Handle handle = open(what)) {
      return work.apply(handle);
    } catch (JdbiException e) {
      throw SqlErrors.translate(what, where, undecided, e);
    }
  }

  private static void rollback(Handle handle, Throwable cause) {
    try {
      if (handle.isInTransaction()) {
        handle.rollback();
      }
    } catch (JdbiException e) {
      cause.addSuppressed(e);
    }
  }

  private Handle open(String what) {
    try {
      return jdbi.open();
    } catch (ConnectionException e) {
      throw SqlErrors.unreachable(what, where, e);
    }
  }

  /** How long a statement may take. */
  Duration timeout() {
    return timeout;
  }

  /** What this is, for errors of others. */
  String where() {
    return where;
  }

  /**
   * Connections that stay open. One Jdbi for all of them, since to make one takes longer than a
   * statement, and so the connection comes by way of the thread that opens it.
   */
  private final class Lent implements ConnectionFactory {

    private static final ThreadLocal<@Nullable Connection> OPENING = new ThreadLocal<>();

    private final Jdbi jdbi = jdbi(this);

    Handle open(Connection connection) {
      OPENING.set(connection);
      try {
        return jdbi.open();
      } finally {
        OPENING.remove();
      }
    }

    @Override
    public Connection openConnection() {
      return Objects.requireNonNull(OPENING.get());
    }

    @Override
    public Cleanable getCleanableFor(Connection lent) {
      return () -> {};
    }
  }

  private record Loans(DataSource source, Duration timeout, Manner manner)
      implements ConnectionFactory {

    private static final String CANNOT_CONNECT = "08001";

    @Override
    public Connection openConnection() throws SQLException {
      try {
        return source.getConnection();
      } catch (RuntimeException e) {
        throw new SQLException("The data source failed: " + e, CANNOT_CONNECT, e);
      }
    }

    @Override
    public Cleanable getCleanableFor(Connection connection) {
      return Borrowed.prepare(source, connection, timeout, manner);
    }
  }
}
