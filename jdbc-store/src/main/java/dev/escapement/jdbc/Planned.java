package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * A statement that costs more to parse and to plan than to execute, and so is worth being kept
 * prepared on the server, where the connection's settings let the driver do so. Left to itself
 * PostgreSQL would then choose one plan for all times, by what the table was like when it was
 * empty. So each execution says how to plan, in the same round trip and for its own transaction
 * only.
 */
final class Planned {

  /**
   * One plan for all times, and one that reads by indexes, also if the table is empty now. Without
   * compiling it, for a table that has no index makes it look dear.
   */
  private static final String ONCE =
      """
      SELECT set_config('plan_cache_mode', 'force_generic_plan', TRUE),
             set_config('enable_seqscan', 'off', TRUE), set_config('jit', 'off', TRUE)\
      """;

  /** Leaves out the answer to how to plan. */
  private static final StatementCustomizer SECOND =
      new StatementCustomizer() {
        @Override
        public void afterExecution(PreparedStatement statement, StatementContext context)
            throws SQLException {
          statement.getMoreResults();
        }
      };

  private final String sql;
  private final String once;
  private final String kept;
  private final String keptInTurn;

  Planned(String sql) {
    this(sql, sql);
  }

  /**
   * @param sql for one plan for each execution
   * @param once the same for one plan for all
   */
  Planned(String sql, String once) {
    this(sql, once, "");
  }

  private Planned(String sql, String once, String turn) {
    this.sql = sql;
    this.once = once;
    this.kept = ONCE + ";\n" + once;
    this.keptInTurn = ONCE + turn + ";\n" + once;
  }

  /** One that can wait for its turn, with what does the waiting. */
  static Planned inTurn(String sql, String turn) {
    return new Planned(sql, sql, ",\n       " + turn);
  }

  /** Not in a transaction that isn't ours, for the rest of which it would say how to plan. */
  Query query(Handle handle) {
    return query(handle, kept);
  }

  /** The same, after a wait for its turn; without one where nothing is kept. */
  Query queryInTurn(Handle handle) {
    return query(handle, keptInTurn);
  }

  private Query query(Handle handle, String kept) {
    return isKept(handle.getConnection())
        ? handle.createQuery(kept).addCustomizer(SECOND)
        : handle.createQuery(sql);
  }

  /** For one plan for each execution. */
  String sql() {
    return sql;
  }

  /** For one plan for all. */
  String once() {
    return once;
  }

  /** In simple mode nothing is kept, and what we send together is not one transaction. */
  private static boolean isKept(Connection connection) {
    try {
      if (!connection.isWrapperFor(PGConnection.class)) {
        return false;
      }
      PGConnection driver = connection.unwrap(PGConnection.class);
      return driver.getPrepareThreshold() > 0
          && driver.getPreferQueryMode() != PreferQueryMode.SIMPLE;
    } catch (SQLException e) {
      return false; // whatever is the matter with it, the statement itself will tell
    }
  }
}
