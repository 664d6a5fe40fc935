package dev.escapement.examples.quickstart;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.Store;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * One replica of the application: a process with a connection pool, the jobs and a scheduler. A
 * byte on its standard input asks it to stop; if the input ends without one, its supervisor has
 * died, and the replica goes with it.
 */
final class Replica {

  /** Far below the defaults, so that nobody waits 20 seconds to see a takeover. */
  static final Duration HEARTBEAT = Duration.ofMillis(500);

  static final Duration LEASE = Duration.ofSeconds(2);

  /** On H2 nobody hears of what another process enqueues; this is how soon it is seen. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  /**
   * Shorter than the supervisor's patience, so that a command that goes on is interrupted first.
   */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private static final int WORKERS = 3;

  /**
   * One for each worker and one for the scheduler. Twenty replicas with so many fit into the
   * hundred that PostgreSQL allows by default.
   */
  private static final int CONNECTIONS = WORKERS + 1;

  static final String NAME = "QUICKSTART_REPLICA";

  private Replica() {}

  /** Takes no arguments: name and database stand in the environment. */
  public static void main(String[] args) throws IOException {
    Map<String, String> environment = System.getenv();
    String name = Objects.requireNonNull(environment.get(NAME), NAME);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Address address = Address.of(environment);
    try (HikariDataSource pool = address.connect(CONNECTIONS);
        Store store = address.store(pool)) {
      Journal journal = new Journal(name, new Ledger(pool, store), out::println);
      Program program = Program.of(environment);
      Object jobs = program.jobs(journal, SchedulerClient.of(store), out);
      try (Scheduler scheduler =
          Scheduler.builder()
              .store(store)
              .annotated(jobs)
              .nodeName(name)
              .workers(WORKERS)
              .heartbeat(HEARTBEAT)
              .lease(program.lease())
              .pollInterval(POLL_INTERVAL)
              .stopGrace(STOP_GRACE)
              .start()) {
        scheduler.registerShutdownHook();
        out.println(Message.of(Message.Kind.READY));
        waitUntilAskedToStop();
      }
    }
  }

  private static void waitUntilAskedToStop() throws IOException {
    if (System.in.read() < 0) {
      Runtime.getRuntime().halt(1);
    }
  }
}
