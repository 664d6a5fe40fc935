package dev.escapement.torture;

import dev.escapement.testpostgres.PostgresServer.Stop;
import java.sql.SQLException;
import java.util.random.RandomGenerator;

/**
 * A database in processes of its own, which we own. It comes back with what was committed, on the
 * same port. Closing it leaves nothing behind, and neither does the death of this JVM. Not
 * thread-safe.
 */
interface DatabaseServer extends AutoCloseable {

  /** Where it is; a driver needs nothing else. */
  default String url() {
    return url(port());
  }

  /** As if it listened on another port of this machine, where someone passes on what is said. */
  String url(int port);

  /**
   * As that client, where the database can tell clients apart.
   *
   * @param application letters, digits and hyphens
   */
  default String url(int port, String application) {
    return url(port);
  }

  /**
   * Ends some connections, whatever is done on them, where the database can.
   *
   * @param application what the names of their clients begin with
   * @param share the chance of each to be ended, 0 to 1
   * @return how many were ended
   * @throws SQLException if the server is down
   */
  default int endConnections(String application, double share, RandomGenerator random)
      throws SQLException {
    return 0;
  }

  /** The network between somebody and it. */
  default Proxy proxy(RandomGenerator random) {
    return Proxy.to(port(), random);
  }

  /** Where it listens, the same after each start. */
  int port();

  /** Stops it, and waits until it is gone. Does nothing if it is down. */
  void stop(Stop how);

  /** Starts it again, and waits until it answers. Does nothing if it is up. */
  void start();

  /** Stops it and starts it again. */
  default void restart(Stop how) {
    stop(how);
    start();
  }

  /** Stops it and deletes everything. Idempotent. */
  @Override
  void close();
}
