package dev.escapement.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Job;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerStats;
import dev.escapement.jdbc.JdbcStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica: a process with a connection pool, the jobs and a scheduler. Its standard input says
 * what to do: {@code stop}, or {@code exhaust MILLIS} to hold all connections of the pool for a
 * while. If the input ends without a word, whoever started it has died, and it goes too.
 */
final class Replica {

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  static final String READY = "ready";
  static final String STATS = "stats";

  private static final int WORKERS = 8;
  private static final int CONNECTIONS = 6;
  private static final Duration STOP_GRACE = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long WATCH = TimeUnit.MILLISECONDS.toNanos(50);

  private final ReplicaSettings settings;
  private final HikariDataSource pool;
  private final Scheduler scheduler;

  private Replica(ReplicaSettings settings) throws IOException {
    this.settings = settings;
    LedgerLink ledger = new LedgerLink(settings.ledger(), settings.name());
    // A lease is four heartbeats at least: half of it is still no reason to be declared dead.
    StallWatch.start(settings.lease().dividedBy(2), millis -> tell(ledger, millis));
    pool = pool(CONNECTIONS);
    JdbcStore.Builder store = JdbcStore.builder(pool).timeout(settings.heartbeat().multipliedBy(2));
    if (settings.control()) {
      store.controlDataSource(pool(1));
    }
    if (settings.url().startsWith("jdbc:postgresql:")) {
      PGSimpleDataSource ear = new PGSimpleDataSource();
      ear.setURL(settings.url());
      store.notifications(ear);
    }
    JdbcStore built = store.build();
    scheduler =
        Scheduler.builder()
            .store(built)
            .jobs(jobs(built, ledger))
            .interceptor(ledger)
            .nodeName(settings.name())
            .applicationVersion(Integer.toString(settings.generation()))
            .workers(WORKERS)
            .heartbeat(settings.heartbeat())
            .lease(settings.lease())
            .pollInterval(POLL)
            .stopGrace(STOP_GRACE)
            .quarantineAfter(settings.quarantine())
            .waitForStore()
            .start();
  }

  private Job<?>[] jobs(JdbcStore store, LedgerLink ledger) {
    List<Job<?>> all = new ArrayList<>(Jobs.of(store, ledger));
    all.addAll(BadJobs.all());
    all.addAll(Generation.jobs(settings.generation()));
    return all.toArray(Job<?>[]::new);
  }

  /** Takes no arguments: what it is told stands in the environment. */
  public static void main(String[] args) throws IOException {
    Replica replica = new Replica(ReplicaSettings.of(System.getenv()));
    say(READY);
    replica.obey();
  }

  private static void say(String words) {
    System.out.println(words);
    System.out.flush();
  }

  private HikariDataSource pool(int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(Math.max(250, settings.heartbeat().toMillis()));
    config.setValidationTimeout(250);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private void obey() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      switch (words[0]) {
        case "stop" -> {
          stop();
          return;
        }
        case "exhaust" -> exhaust(Duration.ofMillis(Long.parseLong(words[1])));
        default -> throw new IllegalArgumentException(order);
      }
    }
    Runtime.getRuntime().halt(1);
  }

  private void stop() {
    scheduler.close();
    SchedulerStats stats = scheduler.stats();
    say(STATS + " " + stats.sessions() + " " + stats.fenced());
    // Leaked threads, and handlers that ignore their interrupt, must not keep the process.
    System.exit(0);
  }

  private void exhaust(Duration time) {
    Thread thread = new Thread(() -> holdAll(time), "holds all connections");
    thread.setDaemon(true);
    thread.start();
  }

  private void holdAll(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    List<Connection> held = new ArrayList<>();
    while (System.nanoTime() - until < 0) {
      try {
        if (held.size() < CONNECTIONS) {
          held.add(pool.getConnection());
        } else {
          LockSupport.parkNanos(WATCH);
        }
      } catch (SQLException e) {
        LOG.debug("The scheduler has that one", e);
      }
    }
    for (Connection connection : held) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.warn("A connection that was held can't be given back", e);
      }
    }
  }

  private static void tell(LedgerLink ledger, long millis) {
    try {
      ledger.stalled(millis);
    } catch (IOException e) {
      LOG.warn("The ledger is gone", e);
    }
  }
}
