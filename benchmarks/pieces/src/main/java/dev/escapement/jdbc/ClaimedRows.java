package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.pieces.Piece;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Position;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import dev.escapement.testpostgres.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The rows that a claim returns become claims. They have come from a real PostgreSQL once and are
 * read again and again, so that the driver's decoding counts and the network doesn't.
 */
public class ClaimedRows extends Piece {

  private static final int ROWS = 500;
  private static final String JOB = "invoices";
  private static final byte[] PAYLOAD =
      "{\"number\":4711,\"name\":\"Ada Lovelace\"}".getBytes(StandardCharsets.UTF_8);

  private final SessionId session = SessionId.next();
  private final PostgresServer server = PostgresServer.start(Map.of("fsync", "off"));
  private final Handle handle;
  private final StatementContext context;
  private final ResultSet rows;

  /** Has a store claim triggers, and fetches their rows. */
  public ClaimedRows() {
    claim();
    PGSimpleDataSource source = dataSource();
    // In text, as the store's own connections have it.
    source.setPrepareThreshold(0);
    try {
      Connection connection = source.getConnection();
      this.handle = Jdbi.open(connection);
      this.context = handle.createQuery("SELECT 1").getContext();
      this.rows =
          connection
              .prepareStatement(
                  """
                  SELECT now() AS now, NULL::timestamptz AS next_due, 0 AS epoch, 0 AS requests,
                         FALSE AS spawns, 0 AS children,
                         t.id, t.version, t.kind, t.priority, t.job, t.job_key, t.queue, t.attempt,
                         t.lost, t.schedule, t.missed, t.stale, t.payload, t.headers,
                         NULL::timestamptz AS other_fire_time,
                         (extract(epoch FROM t.due) * 1000000)::bigint AS due_micros
                  FROM escapement_trigger t
                  WHERE t.state = 2
                  """,
                  ResultSet.TYPE_SCROLL_INSENSITIVE,
                  ResultSet.CONCUR_READ_ONLY)
              .executeQuery();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.url());
    return source;
  }

  private void claim() {
    try (JdbcStore store = JdbcStore.builder(dataSource()).migrate(SchemaPolicy.APPLY).build()) {
      store.open();
      JobDeclaration declared = new JobDeclaration(JOB, "default", Priority.NORMAL, null);
      store
          .sessions()
          .open(new NewSession(session, "node", "", Set.of("default"), List.of(declared)));
      store.triggers().enqueue(Stream.generate(ClaimedRows::trigger).limit(ROWS).toList());
      List<ClaimRequest.Demand> demands = List.of(new ClaimRequest.Demand("default", ROWS));
      store
          .claims()
          .claim(new ClaimRequest(session, demands, Set.of(JOB), Set.of(), Position.START));
    }
  }

  private static NewTrigger trigger() {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        JOB,
        null,
        NewTrigger.Placement.OF_JOB,
        Due.now(),
        null,
        PAYLOAD,
        OnConflict.KEEP);
  }

  /** One row. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public List<Claim> claimOfRow() throws SQLException {
    rows.beforeFirst();
    List<Claim> claims = PostgresClaims.claimed(rows, context, session).claims();
    if (claims.size() != ROWS) {
      throw new IllegalStateException(claims.size() + " rows are claimed, not " + ROWS);
    }
    return claims;
  }

  /** Closes the connection and stops the server. */
  @TearDown
  public void close() {
    handle.close();
    server.close();
  }
}
