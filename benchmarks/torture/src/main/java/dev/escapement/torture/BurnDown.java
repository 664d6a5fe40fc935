package dev.escapement.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.Scheduler;
import dev.escapement.TransitionListener;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How fast one node in this process runs jobs that do nothing, before and during something. */
final class BurnDown {

  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final DatabaseServer database;
  private final ReplicaSettings settings;
  private volatile CountDownLatch left = new CountDownLatch(0);

  /**
   * Jobs per second.
   *
   * @param before in each round before
   * @param during in each round during it
   * @param dead how many dead rows the table had in the end, as far as PostgreSQL knows
   */
  record Fall(List<Double> before, List<Double> during, long dead) {

    /** The last round during it, to the best before. */
    double ratio() {
      double best = before.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      return during.get(during.size() - 1) / best;
    }

    @Override
    public String toString() {
      return "jobs/s before %s, during %s; the last %.2f of the best; %,d dead rows"
          .formatted(rounded(before), rounded(during), ratio(), dead);
    }

    private static List<String> rounded(List<Double> rates) {
      return rates.stream().map(rate -> String.format(Locale.ROOT, "%,.0f", rate)).toList();
    }
  }

  BurnDown(DatabaseServer database, ReplicaSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /**
   * Measures some rounds, opens a transaction that sees the state of now, and measures as many
   * again while it stays open.
   *
   * @param jobs how many a round
   */
  Fall measure(int jobs, int rounds) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setMaximumPoolSize(6);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbcStore store = JdbcStore.builder(pool).migrate(SchemaPolicy.APPLY).build();
      TransitionListener counts =
          transition -> transition.outcome().ifPresent(outcome -> left.countDown());
      try (Scheduler scheduler =
          Scheduler.builder()
              .store(store)
              .jobs(Job.of(Jobs.WORK, (task, context) -> {}))
              .listener(counts)
              .heartbeat(settings.heartbeat())
              .lease(settings.lease())
              .start()) {
        round(scheduler, jobs); // The JVM and the caches warm up.
        List<Double> before = rounds(scheduler, jobs, rounds);
        try (Connection open = DriverManager.getConnection(database.url())) {
          look(open);
          List<Double> during = rounds(scheduler, jobs, rounds);
          return new Fall(before, during, dead());
        }
      }
    }
  }

  /** A snapshot that is kept: nothing that is deleted after it can be cleared. */
  private static void look(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM escapement_trigger");
    }
  }

  private long dead() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE escapement_trigger");
      try (var row =
          statement.executeQuery(
              "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'escapement_trigger'")) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private List<Double> rounds(Scheduler scheduler, int jobs, int rounds)
      throws InterruptedException {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(round(scheduler, jobs));
    }
    return rates;
  }

  private double round(Scheduler scheduler, int jobs) throws InterruptedException {
    CountDownLatch all = new CountDownLatch(jobs);
    left = all;
    long from = System.nanoTime();
    for (int i = 0; i < jobs; i += BATCH) {
      List<JobRequest<Task>> requests = new ArrayList<>();
      for (int k = 0; k < BATCH; k++) {
        requests.add(Jobs.WORK.with(new Task(i + k, 0, 0)));
      }
      scheduler.submitAll(requests);
    }
    if (!all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(all.getCount() + " jobs haven't run after " + PATIENCE);
    }
    return jobs * 1e9 / (System.nanoTime() - from);
  }
}
