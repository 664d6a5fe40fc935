package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** How a connection is to behave while it is borrowed, and what only its driver knows of it. */
interface Manner {

  /** A way back. */
  interface Undo {
    void undo() throws SQLException;
  }

  /** Makes a connection behave. No round trip. */
  Undo adopt(Connection connection) throws SQLException;

  /** The same, but that a connection behaves as its settings say. */
  Manner asGiven();

  /** Whether a connection that isn't in autocommit is in the middle of somebody's transaction. */
  boolean isInTransaction(Connection connection) throws SQLException;

  /** As it is, but for the limit of a statement, which H2 keeps for the whole connection. */
  Manner H2 =
      new Manner() {
        private static final String UNCOMMITTED =
            """
            SELECT contains_uncommitted
            FROM information_schema.sessions
            WHERE session_id = SESSION_ID()
            """;

        @Override
        public Undo adopt(Connection connection) throws SQLException {
          return QueryLimit.of(connection)::restore;
        }

        @Override
        public Manner asGiven() {
          return this;
        }

        @Override
        public boolean isInTransaction(Connection connection) throws SQLException {
          try (Statement statement = connection.createStatement();
              ResultSet session = statement.executeQuery(UNCOMMITTED)) {
            return session.next() && session.getBoolean(1);
          }
        }
      };

  /** Whatever PostgreSQL's driver was told when it was connected. */
  Manner POSTGRES_AS_GIVEN =
      new Manner() {
        @Override
        public Undo adopt(Connection connection) {
          return () -> {};
        }

        @Override
        public Manner asGiven() {
          return this;
        }

        @Override
        public boolean isInTransaction(Connection connection) throws SQLException {
          return connection.isWrapperFor(BaseConnection.class)
              && connection.unwrap(BaseConnection.class).getTransactionState()
                  != TransactionState.IDLE;
        }
      };

  /**
   * Tells PostgreSQL's driver not to keep statements prepared on the server, COMMIT among them: a
   * pooler in transaction mode would lose them, and a plan that was made for a small table would
   * outlive it.
   */
  Manner POSTGRES =
      new Manner() {
        @Override
        public Undo adopt(Connection connection) throws SQLException {
          if (!connection.isWrapperFor(PGConnection.class)) {
            return () -> {};
          }
          PGConnection driver = connection.unwrap(PGConnection.class);
          int before = driver.getPrepareThreshold();
          driver.setPrepareThreshold(0);
          return () -> driver.setPrepareThreshold(before);
        }

        @Override
        public Manner asGiven() {
          return POSTGRES_AS_GIVEN;
        }

        @Override
        public boolean isInTransaction(Connection connection) throws SQLException {
          return POSTGRES_AS_GIVEN.isInTransaction(connection);
        }
      };
}
