package dev.escapement.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.jdbc.JdbcStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A process that runs exports and nothing else. A byte on its standard input asks it to stop; if
 * the input ends without one, the process that started it has died, and it goes with it.
 */
final class Office {

  static final String NAME = "ORDERS_OFFICE";

  private static final int CONNECTIONS = 3;

  private Office() {}

  /** Takes no arguments: name and database stand in the environment. */
  public static void main(String[] args) throws IOException {
    Map<String, String> environment = System.getenv();
    String name = Objects.requireNonNull(environment.get(NAME), NAME);
    try (HikariDataSource pool = Database.connect(environment, CONNECTIONS);
        Scheduler scheduler =
            quick(Scheduler.builder())
                .store(JdbcStore.of(pool))
                .annotated(new Export(pool, name))
                .nodeName(name)
                .workers(1)
                .start()) {
      scheduler.registerShutdownHook();
      waitUntilAskedToStop();
    }
  }

  private static void waitUntilAskedToStop() throws IOException {
    if (System.in.read() < 0) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** Far below the defaults, so that nobody waits 20 seconds to see a takeover. */
  static SchedulerBuilder quick(SchedulerBuilder builder) {
    return builder
        .heartbeat(Duration.ofMillis(500))
        .lease(Duration.ofSeconds(3))
        // On H2 nobody hears of what another process enqueues; this is how soon it is seen.
        .pollInterval(Duration.ofMillis(200))
        .stopGrace(Duration.ofSeconds(5));
  }
}
