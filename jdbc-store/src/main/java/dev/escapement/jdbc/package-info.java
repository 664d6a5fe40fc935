/**
 * The {@link dev.escapement.store Store SPI} over JDBC: the shared table in PostgreSQL or H2.
 *
 * <h2>How a call goes</h2>
 *
 * <ol>
 *   <li>A {@code Jdbc*} class (one for each face of the SPI) says what is to be done. SQL that both
 *       databases read the same stands there; what differs stands in the database's dialect.
 *   <li>{@code Database} borrows a connection, briefly. A read, and a write of one statement, runs
 *       in autocommit: no BEGIN, no COMMIT. What takes more is one transaction.
 *   <li>{@code Borrowed} gives the connection the call's time limits, and takes them away again
 *       before the pool gets it back.
 *   <li>In a transaction of the application's ({@code JdbcTransactions}, {@code Joined}) the same
 *       statements run on its connection, which is neither committed nor closed nor tried again.
 *   <li>{@code SqlErrors} turns what went wrong into one of the three exceptions of the SPI, by
 *       SQLSTATE and by whether a commit can have happened; never by a message's text.
 * </ol>
 *
 * <h2>What it relies on, and what not</h2>
 *
 * <p><b>PostgreSQL</b>: claim, completion, enqueue, amendment, spawn and beat are one statement
 * each. Rows are locked with {@code FOR UPDATE SKIP LOCKED} in a materialised CTE, and the guard
 * stands in the {@code UPDATE}: skipping is for speed, the version is the guarantee. <b>H2</b> has
 * neither such CTEs nor partial indexes: each of these is a transaction, and state leads the claim
 * index.
 *
 * <p><b>No session state.</b> Nothing outlives a transaction on the server: no {@code SET}, no
 * session lock, no temporary table. The PostgreSQL driver is told not to keep our statements
 * prepared either, so that a plan knows the table's size of today: one that was made for an empty
 * table would scan a full one. But for claims, ends and the enqueuing of one trigger, which say how
 * they are planned ({@code Planned}) and are kept if the connection's settings allow it. Where what
 * was kept gets lost, as behind a pooler in transaction mode, they go on without.
 *
 * <p><b>READ COMMITTED</b> is expected but not set, since setting it costs a round trip. Under a
 * stricter level the loser of a race sees SQLSTATE 40001 instead of no row; here that is the same.
 *
 * <p><b>Time</b> is the database's: {@code statement_timestamp()} on PostgreSQL, {@code
 * CURRENT_TIMESTAMP} on H2. Instants travel as {@code TIMESTAMP WITH TIME ZONE} in microseconds and
 * never as {@code java.sql.Timestamp}, which would let the JVM's time zone in.
 *
 * <h2>Lists</h2>
 *
 * <p>No page and no count reads more than a part of an index that its limit bounds, whatever the
 * filter; {@code Lists} says how.
 *
 * <h2>Locks</h2>
 *
 * <p>Always in this order: rows of jobs (by name), rows of triggers (by id), rows of checkpoints
 * (by trigger), rows of nodes and queues, the row of control.
 */
@NullMarked
package dev.escapement.jdbc;

import org.jspecify.annotations.NullMarked;
