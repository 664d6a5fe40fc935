package dev.escapement.speed.peer;

import dev.escapement.speed.measure.Pool;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * No scheduler: what the database can do. One thread claims a batch with a version, runs it,
 * deletes it under that version, and nothing else: no history, no sessions, no recovery, no
 * waiting. It stops when there is nothing left.
 */
final class RawPeer implements Peer {

  private static final int BATCH = 500;

  private static final String TABLE =
      """
      CREATE TABLE raw_trigger (
        id uuid PRIMARY KEY, version bigint NOT NULL, due timestamptz NOT NULL,
        state smallint NOT NULL, owner uuid, payload bytea NOT NULL);
      CREATE INDEX raw_trigger_claim ON raw_trigger (due) WHERE state = 1;
      """;

  private static final String INSERT =
      "INSERT INTO raw_trigger (id, version, due, state, payload) VALUES (?, 0, ?, 1, ?)";

  private static final String INSERT_MANY =
      """
      INSERT INTO raw_trigger (id, version, due, state, payload)
      SELECT id, 0, due, 1, payload
      FROM unnest(?::uuid[], ?::timestamptz[], ?::bytea[]) AS given (id, due, payload)
      """;

  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT id, version FROM raw_trigger
        WHERE state = 1 AND due <= statement_timestamp()
        ORDER BY due LIMIT %d FOR UPDATE SKIP LOCKED
      )
      UPDATE raw_trigger t SET state = 2, version = t.version + 1, owner = ?
      FROM candidate WHERE t.id = candidate.id AND t.version = candidate.version
      RETURNING t.id, t.version, t.payload
      """
          .formatted(BATCH);

  private static final String DELETE =
      """
      DELETE FROM raw_trigger t
      USING unnest(?::uuid[], ?::bigint[]) AS ending (id, version)
      WHERE t.id = ending.id AND t.version = ending.version AND t.owner = ?
      """;

  private static final String FUSED =
      """
      WITH removed AS (
        DELETE FROM raw_trigger t
        USING unnest(?::uuid[], ?::bigint[]) AS ending (id, version)
        WHERE t.id = ending.id AND t.version = ending.version AND t.owner = ?
      ),\
      """
          + CLAIM.substring("WITH ".length());

  private final boolean fused;

  /**
   * @param fused whether a batch is deleted and the next one claimed in one statement
   */
  RawPeer(boolean fused) {
    this.fused = fused;
  }

  @Override
  public String name() {
    return fused ? "raw-fused" : "raw";
  }

  @Override
  public String version() {
    return "batches of " + BATCH;
  }

  /** Of priorities, too: it has one index, by due. */
  @Override
  public Set<Feature> lacks() {
    return EnumSet.complementOf(EnumSet.of(Feature.REPLICAS, Feature.SINGLE, Feature.TRANSACTION));
  }

  @Override
  public int pace() {
    return 80_000;
  }

  @Override
  public Fleet enter(Setup setup) throws SQLException {
    Pool pool = setup.database().pool(8);
    try (Connection connection = pool.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    return new Rows(setup, pool);
  }

  private final class Rows implements Fleet {

    private final Setup setup;
    private final Pool pool;

    Rows(Setup setup, Pool pool) {
      this.setup = setup;
      this.pool = pool;
    }

    private byte[] payload(Instant due) {
      byte[] payload = new byte[Long.BYTES + setup.padding()];
      ByteBuffer.wrap(payload).putLong(Task.micros(due));
      return payload;
    }

    @Override
    public void enqueue(List<Instant> dues) throws SQLException {
      try (Connection connection = pool.source().getConnection();
          PreparedStatement insert = connection.prepareStatement(INSERT_MANY)) {
        for (int from = 0; from < dues.size(); from += 1_000) {
          List<Instant> some = dues.subList(from, Math.min(dues.size(), from + 1_000));
          insert.setArray(1, connection.createArrayOf("uuid", ids(some.size())));
          insert.setArray(
              2,
              connection.createArrayOf(
                  "timestamptz", some.stream().map(due -> due.atOffset(ZoneOffset.UTC)).toArray()));
          insert.setArray(
              3,
              connection.createArrayOf(
                  "bytea", some.stream().map(this::payload).toArray(byte[][]::new)));
          insert.executeUpdate();
        }
      }
    }

    private static Object[] ids(int count) {
      Object[] ids = new Object[count];
      Arrays.setAll(ids, i -> UUID.randomUUID());
      return ids;
    }

    @Override
    public void enqueueOne(Instant due) throws SQLException {
      try (Connection connection = pool.source().getConnection()) {
        enqueueIn(connection, due);
      }
    }

    @Override
    public void enqueueIn(Connection connection, Instant due) throws SQLException {
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert.setObject(1, UUID.randomUUID());
        insert.setObject(2, due.atOffset(ZoneOffset.UTC));
        insert.setBytes(3, payload(due));
        insert.executeUpdate();
      }
    }

    @Override
    public long left() throws SQLException {
      return setup.database().count("SELECT count(*) FROM raw_trigger");
    }

    @Override
    public Replica start() throws SQLException {
      Pool own = setup.database().pool(1);
      Looping looping = new Looping(own, setup.work(), fused);
      looping.start();
      return looping;
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  /** Claims, runs, deletes, until there is nothing. */
  private static final class Looping extends Thread implements Fleet.Replica {

    private final Pool pool;
    private final Work work;
    private final boolean fused;
    private final UUID owner = UUID.randomUUID();
    private volatile @Nullable Exception failure;

    Looping(Pool pool, Work work, boolean fused) {
      super("raw");
      this.pool = pool;
      this.work = work;
      this.fused = fused;
    }

    @Override
    public void run() {
      try (Connection connection = pool.source().getConnection()) {
        if (fused) {
          fused(connection);
        } else {
          inTwo(connection);
        }
      } catch (SQLException | InterruptedException | RuntimeException e) {
        failure = e;
      }
    }

    private record Held(Object[] ids, Object[] versions) {

      static final Held NOTHING = new Held(new Object[0], new Object[0]);
    }

    private void inTwo(Connection connection) throws SQLException, InterruptedException {
      try (PreparedStatement claim = connection.prepareStatement(CLAIM);
          PreparedStatement delete = connection.prepareStatement(DELETE)) {
        claim.setObject(1, owner);
        for (Held held = run(claim); held.ids().length > 0; held = run(claim)) {
          end(connection, delete, held);
          delete.executeUpdate();
        }
      }
    }

    private void fused(Connection connection) throws SQLException, InterruptedException {
      try (PreparedStatement both = connection.prepareStatement(FUSED)) {
        both.setObject(4, owner);
        Held held = Held.NOTHING;
        do {
          end(connection, both, held);
          held = run(both);
        } while (held.ids().length > 0);
      }
    }

    private void end(Connection connection, PreparedStatement statement, Held held)
        throws SQLException {
      statement.setArray(1, connection.createArrayOf("uuid", held.ids()));
      statement.setArray(2, connection.createArrayOf("int8", held.versions()));
      statement.setObject(3, owner);
    }

    private Held run(PreparedStatement claim) throws SQLException, InterruptedException {
      List<Object> ids = new ArrayList<>();
      List<Object> versions = new ArrayList<>();
      try (ResultSet rows = claim.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getObject(1, UUID.class));
          versions.add(rows.getLong(2));
          work.run(ByteBuffer.wrap(rows.getBytes(3)).getLong(), false);
        }
      }
      return new Held(ids.toArray(), versions.toArray());
    }

    @Override
    public void close() throws Exception {
      join();
      pool.close();
      if (failure != null) {
        throw failure;
      }
    }
  }
}
