package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection that is there and says nothing must not hang a call. */
@Timeout(30)
final class SilentNetworkTest {

  private final TestPostgres postgres = new TestPostgres();

  @AfterEach
  void drop() {
    postgres.close();
  }

  @Test
  void endsTheCallAndLeavesOpenWhetherItHappened() throws Exception {
    try (Hole hole = new Hole(TestPostgres.dataSource());
        Connection connection = hole.connect()) {
      Movement node =
          Movement.on(
              postgres.store(Wrapped.always(connection)).timeout(Duration.ofSeconds(1)).build());
      node.round();
      hole.silent = true;

      long began = System.nanoTime();
      assertThatThrownBy(node::enqueue).isInstanceOf(UnknownCommitException.class);

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void aStatementThatTakesTooLongChangesNothing() throws Exception {
    Movement node =
        Movement.on(
            postgres.store(TestPostgres.dataSource()).timeout(Duration.ofSeconds(1)).build());
    try (Connection blocker = TestPostgres.dataSource().getConnection();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE " + postgres.schema() + ".escapement_trigger");

      assertThatThrownBy(node::enqueue)
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("57014");
      blocker.rollback();
    }
    assertThat(node.claim(10)).isEmpty();
  }

  @Test
  void heartbeatsGoOnOverTheControlDataSource() throws Exception {
    try (Hole hole = new Hole(TestPostgres.dataSource());
        Connection connection = hole.connect()) {
      Movement node =
          Movement.on(
              postgres
                  .store(Wrapped.always(connection))
                  .controlDataSource(TestPostgres.dataSource())
                  .timeout(Duration.ofSeconds(1))
                  .build());
      hole.silent = true;

      assertThat(node.store().sessions().beat(node.session(), new NodeLoad(1, 0))).isTrue();
    }
  }

  /** Three tries of a heartbeat must fit into what a lease leaves. */
  @Test
  void aHeartbeatGivesUpBeforeTheLeaseDoes() throws Exception {
    Movement node =
        Movement.on(
            postgres.store(TestPostgres.dataSource()).timeout(Duration.ofMinutes(1)).build());
    try (Connection blocker = TestPostgres.dataSource().getConnection();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE " + postgres.schema() + ".escapement_node");

      long began = System.nanoTime();
      assertThatThrownBy(() -> node.store().sessions().beat(node.session(), new NodeLoad(1, 0)))
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("57014");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      blocker.rollback();
    }
  }

  @Test
  void deadSessionsArePurgedOverTheMainDataSource() throws Exception {
    try (Hole hole = new Hole(TestPostgres.dataSource());
        Connection connection = hole.connect()) {
      Movement node =
          Movement.on(
              postgres
                  .store(TestPostgres.dataSource())
                  .controlDataSource(Wrapped.always(connection))
                  .timeout(Duration.ofSeconds(1))
                  .build());
      hole.silent = true;

      assertThat(node.store().sessions().purge(Duration.ofDays(1))).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0S", "PT0.099S", "PT1M0.001S"})
  void aTimeoutHasBounds(Duration timeout) {
    assertThatThrownBy(() -> JdbcStore.builder(TestPostgres.dataSource()).timeout(timeout))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(timeout.toString());
  }

  /** Passes bytes on between a client and the server, until it falls silent. */
  private static final class Hole implements AutoCloseable {

    private final PGSimpleDataSource target;
    private final ServerSocket door;
    volatile boolean silent;

    Hole(PGSimpleDataSource target) throws IOException {
      this.target = target;
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      daemon(this::accept);
    }

    Connection connect() throws SQLException {
      PGSimpleDataSource here = TestPostgres.dataSource();
      here.setServerNames(new String[] {door.getInetAddress().getHostAddress()});
      here.setPortNumbers(new int[] {door.getLocalPort()});
      here.setCancelSignalTimeout(1);
      return here.getConnection();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = door.accept();
          Socket server = new Socket(target.getServerNames()[0], target.getPortNumbers()[0]);
          daemon(() -> pass(client, server));
          daemon(() -> pass(server, client));
        }
      } catch (IOException closed) {
        assertThat(door.isClosed()).isTrue();
      }
    }

    private void pass(Socket from, Socket to) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!silent) {
            out.write(buffer, 0, read);
            out.flush();
          }
        }
      } catch (IOException e) {
        if (!door.isClosed() && !silent) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private static void daemon(Runnable task) {
      Thread thread = new Thread(task, "hole");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}
