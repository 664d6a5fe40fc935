package dev.escapement.jdbc;

import dev.escapement.store.BusyStoreException;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an SQLException means, by its SQLSTATE, or its type where a driver or pool gives none.
 *
 * <p>The question is always: can the write have happened? Where the database itself refused, it
 * can't. Where the connection broke, or the socket's time was up, it can: unless nothing was on its
 * way that commits.
 */
final class SqlErrors {

  /** The connection is gone, so an answer may be lost. H2's codes are its SQLSTATEs. */
  private static final Set<String> DISCONNECTED =
      Set.of(
          "57P01", // admin_shutdown
          "57P02", // crash_shutdown
          "57P03", // cannot_connect_now
          "57P05", // idle_session_timeout
          "25P03", // idle_in_transaction_session_timeout
          "40003", // statement_completion_unknown
          "90007", // H2: the object is already closed
          "90020", // H2: the database is in use by another process
          "90067", // H2: connection broken
          "90098", // H2: the database has been closed
          "90121", // H2: the database is closing
          "90135", // H2: it is closing, and open to that alone
          "90108"); // H2: out of memory, after which it closes the database

  /** The database refused for now, and nothing changed. */
  private static final Set<String> BUSY =
      Set.of(
          "40001", // serialization_failure; H2: deadlock
          "40P01", // deadlock_detected
          "55P03", // lock_not_available
          "57014", // query_canceled, by our own time limit
          "25006", // read_only_sql_transaction: a failover has left us on a replica
          "90131", // H2: concurrent update
          "HYT00"); // H2: lock timeout

  /** Those of them that a lock of somebody else's brings about. */
  private static final Set<String> LOCKED = Set.of("55P03", "57014", "HYT00");

  /** Another transaction was faster; nothing changed, and it is over. */
  private static final Set<String> LOST_RACES =
      Set.of(
          "40001", // serialization_failure; H2: deadlock
          "40P01", // deadlock_detected
          "90131"); // H2: concurrent update

  /** A migration that another node has under way, or a lock that somebody holds for long. */
  private static final Set<String> MIGRATION_RACES =
      Set.of(
          "55P03", // lock_not_available, by our own time limit
          "42P07", // duplicate_table: under a strict isolation we don't see that it is done already
          "42701", // duplicate_column: likewise
          "HYT00", // H2: lock timeout
          "HY000", // H2: general error: what we create was made meanwhile
          "42S02"); // H2: table not found: another one is copying it

  /**
   * What was prepared is gone, or is somebody else's, or would answer otherwise now. The server
   * says so before it executes the statement, and it isn't executed.
   */
  private static final Set<String> UNPREPARED =
      Set.of(
          "26000", // invalid_sql_statement_name: another connection of a pooler's, or DEALLOCATE
          "42P05", // duplicate_prepared_statement: likewise
          "0A000"); // feature_not_supported: a migration has changed what the statement answers

  /** For a step of several statements; H2 has no way around it. */
  private static final String UNIQUE_VIOLATION = "23505";

  private SqlErrors() {}

  /**
   * The exception to throw.
   *
   * @param what what was attempted, as "claim triggers"
   * @param where on what database
   * @param undecided whether a commit may have been on its way
   */
  static StoreException translate(String what, String where, boolean undecided, Throwable thrown) {
    String attempt = "Could not " + what + " in " + where + ": ";
    if (isDisconnected(thrown)) {
      return undecided
          ? unknown(what, where, thrown)
          : new TransientStoreException(attempt + reason(thrown), thrown);
    }
    if (isLocked(thrown)) {
      return new BusyStoreException(attempt + reason(thrown), thrown);
    }
    return isBusy(thrown)
        ? new TransientStoreException(attempt + reason(thrown), thrown)
        : new StoreException(attempt + reason(thrown), thrown);
  }

  /** Whether a unique key is taken. */
  static boolean isTaken(Throwable thrown) {
    return UNIQUE_VIOLATION.equals(state(thrown));
  }

  /** Whether the time was over before a lock was to be had, or most probably so. */
  private static boolean isLocked(Throwable thrown) {
    String state = state(thrown);
    return state != null && LOCKED.contains(state);
  }

  /** Whether a wait for a lock took longer than we had said. */
  static boolean isLockTimeout(Throwable thrown) {
    return "55P03".equals(state(thrown));
  }

  /**
   * The exception to throw when a commit failed. What bears no SQLSTATE may be anything, also an
   * answer that was lost. So may what H2 says in its own words: it ends a statement, the commit
   * itself too, after its work is done, and may fail at that.
   */
  static StoreException atCommit(String what, String where, Throwable thrown) {
    String state = state(thrown);
    boolean decided = state != null && (!isOfH2(state) || BUSY.contains(state));
    return decided ? translate(what, where, true, thrown) : unknown(what, where, thrown);
  }

  private static boolean isOfH2(String state) {
    return state.startsWith("90") || state.equals("HY000");
  }

  private static UnknownCommitException unknown(String what, String where, Throwable thrown) {
    return new UnknownCommitException(
        "The answer to the attempt to "
            + what
            + " in "
            + where
            + " was lost, and it may have happened; read before trying again: "
            + reason(thrown),
        thrown);
  }

  /** The exception to throw when no connection was to be had. */
  static StoreException unreachable(String what, String where, Throwable thrown) {
    String message = "Could not " + what + ": no connection to " + where + ": " + reason(thrown);
    String state = state(thrown);
    boolean refused = state != null && (state.startsWith("28") || state.equals("3D000"));
    return refused
        ? new StoreException(message, thrown)
        : new TransientStoreException(message, thrown);
  }

  /** Whether a race was lost to another transaction, by isolation or by deadlock. */
  static boolean isLostRace(Throwable thrown) {
    String state = state(thrown);
    return state != null && LOST_RACES.contains(state);
  }

  /** Whether another transaction was faster, so that a step that looked first may begin anew. */
  static boolean isRace(Throwable thrown) {
    return isLostRace(thrown) || isTaken(thrown);
  }

  /**
   * Whether the server has refused to execute a statement that the driver keeps prepared, and
   * nothing changed.
   */
  static boolean isUnprepared(Throwable thrown) {
    String state = state(thrown);
    return state != null && UNPREPARED.contains(state);
  }

  /** Whether a migration may begin anew: others got in its way, and its script may be sound. */
  static boolean isMigrationRace(Throwable thrown) {
    String state = state(thrown);
    return isRace(thrown) || (state != null && MIGRATION_RACES.contains(state));
  }

  private static boolean isDisconnected(Throwable thrown) {
    String state = state(thrown);
    if (state != null) {
      return state.startsWith("08") || DISCONNECTED.contains(state);
    }
    SQLException sql = sql(thrown);
    return sql instanceof SQLNonTransientConnectionException
        || sql instanceof SQLRecoverableException
        || sql instanceof SQLTransientException;
  }

  private static boolean isBusy(Throwable thrown) {
    String state = state(thrown);
    return state != null && (BUSY.contains(state) || state.startsWith("53"));
  }

  private static @Nullable String state(Throwable thrown) {
    SQLException sql = sql(thrown);
    return sql == null ? null : sql.getSQLState();
  }

  /** The exception nearest to the driver's that has a SQLSTATE, or the first SQLException. */
  private static @Nullable SQLException sql(Throwable thrown) {
    SQLException first = null;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        for (SQLException next = sql; next != null; next = next.getNextException()) {
          if (next.getSQLState() != null) {
            return next;
          }
        }
        first = first == null ? sql : first;
      }
    }
    return first;
  }

  private static String reason(Throwable thrown) {
    SQLException sql = sql(thrown);
    if (sql == null) {
      return String.valueOf(thrown.getMessage());
    }
    String state = sql.getSQLState();
    return sql.getMessage() + (state == null ? "" : " (SQLSTATE " + state + ")");
  }
}
