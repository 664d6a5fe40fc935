package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.store.Sessions;
import dev.escapement.store.TransientStoreException;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/** A pool gets its broken connections out of circulation, however soon the store comes back. */
final class BrokenConnectionsTest {

  private static final int CONNECTIONS = 3;

  @Test
  void areNotHandedOutAgain() throws SQLException {
    Server server = serve("0");
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(
          "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:broken;DB_CLOSE_DELAY=-1");
      pool.setMaximumPoolSize(CONNECTIONS);
      JdbcStore store = JdbcStore.of(pool);
      store.open();
      Sessions sessions = store.sessions();
      sessions.all();
      server.stop();

      assertThatThrownBy(sessions::all).isInstanceOf(TransientStoreException.class);
      server = serve(Integer.toString(server.getPort()));
      // At once: within the half second in which HikariCP asks no connection.
      int failures = 0;
      while (failures <= CONNECTIONS && !answers(sessions)) {
        failures++;
      }

      assertThat(failures).isLessThan(CONNECTIONS);
    } finally {
      server.stop();
    }
  }

  private static Server serve(String port) throws SQLException {
    return Server.createTcpServer("-tcpPort", port, "-ifNotExists").start();
  }

  private static boolean answers(Sessions sessions) {
    try {
      sessions.all();
      return true;
    } catch (TransientStoreException e) {
      return false;
    }
  }
}
