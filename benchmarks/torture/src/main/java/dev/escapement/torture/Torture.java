package dev.escapement.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.SchedulerClient;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: replicas that work, faults that strike, and an account at the end. */
final class Torture {

  private static final Logger LOG = LoggerFactory.getLogger(Torture.class);

  private static final Duration SETTLING = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int LEAST_ALIVE = 3;

  private final Plan plan;
  private final DatabaseServer database;
  private final Path logs;
  private final Troubles troubles = new Troubles();
  private final Pause pause = new Pause();
  private final Map<String, Integer> strikes = new TreeMap<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  /**
   * What a run is.
   *
   * @param seed what all choices are drawn from
   * @param length how long faults strike
   * @param strikers how many strike at the same time
   * @param rest between two strikes of the same striker, on average
   * @param faults which ones
   * @param standard what replicas are told
   * @param rate how many triggers are enqueued per second, on average
   */
  record Plan(
      long seed,
      Duration length,
      int strikers,
      Duration rest,
      List<Fault> faults,
      ReplicaSettings standard,
      int rate) {}

  Torture(Plan plan, DatabaseServer database, Path logs) {
    this.plan = plan;
    this.database = database;
    this.logs = logs;
  }

  /** Runs it all. */
  Report run() throws Exception {
    Files.createDirectories(logs);
    // All that is said goes through this process.
    StallWatch.start(plan.standard().lease().dividedBy(2), this::stalled);
    try (Ledger ledger = new Ledger(logs.resolve("ledger"));
        Proxy clientProxy = database.proxy(new Random(plan.seed()));
        HikariDataSource clientPool = pool(database.url(clientProxy.port(), "client"));
        Fleet fleet = new Fleet(database, logs, troubles)) {
      JdbcStore store =
          JdbcStore.builder(clientPool)
              .migrate(SchemaPolicy.APPLY)
              .timeout(Duration.ofSeconds(5))
              .build();
      store.open();
      try (Connection connection = connection()) {
        Witness.install(connection);
      }
      ReplicaSettings standard = plan.standard().ledger(ledger.port());
      Workload workload = new Workload(SchedulerClient.of(store));
      Stage stage =
          new Stage(fleet, database, clientProxy, workload, ledger, troubles, standard, pause);
      struggle(stage);
      Duration settled = settle(stage);
      Instant rest = Instant.now();
      fleet.stopAll();
      ledger.awaitLastWords();
      Books books = books(stage, rest);
      Report.Deeds deeds =
          new Report.Deeds(
              plan,
              new TreeMap<>(strikes),
              mishaps(fleet, clientProxy),
              settled,
              stats(fleet),
              fleet.all());
      return new Report(deeds, Balance.of(books), Figures.of(books));
    }
  }

  private void stalled(long millis) {
    Instant now = Instant.now();
    troubles.add(Trouble.ALL, Trouble.Kind.STALLED, now.minusMillis(millis), now);
  }

  private static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(4);
    config.setConnectionTimeout(1_000);
    config.setValidationTimeout(500);
    return new HikariDataSource(config);
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(database.url());
  }

  private void struggle(Stage stage) throws InterruptedException, IOException {
    for (int i = 0; i < LEAST_ALIVE; i++) {
      stage.fleet().start(stage.standard());
    }
    for (Member member : stage.fleet().alive()) {
      if (!member.awaitReady(Duration.ofSeconds(60))) {
        throw new IllegalStateException(member + " doesn't start; see " + member.log());
      }
    }
    List<Thread> threads = new ArrayList<>();
    threads.add(thread("enqueues", () -> enqueue(stage, new Random(plan.seed()))));
    threads.add(thread("keeps the fleet", () -> keep(stage)));
    for (int i = 1; i <= plan.strikers(); i++) {
      Random random = new Random(plan.seed() + i);
      threads.add(thread("striker " + i, () -> strike(stage, random)));
    }
    try {
      pause.of(plan.length());
    } finally {
      pause.end();
      for (Thread thread : threads) {
        thread.join(SETTLING.toMillis());
      }
    }
    Throwable fault = broken.get();
    if (fault != null) {
      throw new IllegalStateException("The torture itself is broken.", fault);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private Thread thread(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception | Error e) {
                broken.compareAndSet(null, e);
                pause.end();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void enqueue(Stage stage, Random random) throws InterruptedException {
    int batch = Math.max(1, plan.rate() / 10);
    while (pause.of(Duration.ofMillis(random.nextInt(200)))) {
      stage.workload().enqueue(random, 1 + random.nextInt(2 * batch - 1));
    }
  }

  /** Whoever dies is replaced. */
  private void keep(Stage stage) throws IOException, InterruptedException {
    while (pause.of(LOOK)) {
      keepAlive(stage);
    }
  }

  private static void keepAlive(Stage stage) throws IOException {
    if (stage.fleet().alive().size() < LEAST_ALIVE) {
      stage.fleet().start(stage.standard().generation(2));
    }
  }

  private void strike(Stage stage, Random random) throws Exception {
    while (pause.of(stage.about(plan.rest(), random))) {
      Fault fault = plan.faults().get(random.nextInt(plan.faults().size()));
      LOG.info("Strikes: {}", fault.name());
      boolean struck = fault.strike(stage, random);
      LOG.info("{}: {}", struck ? "Struck" : "Missed", fault.name());
      synchronized (strikes) {
        strikes.merge(fault.name(), struck ? 1 : 0, Integer::sum);
      }
    }
  }

  /** Lets those who live finish what there is. Returns how long it took. */
  private Duration settle(Stage stage) throws Exception {
    Instant from = Instant.now();
    Pause calm = new Pause();
    // Of the newest version, which knows all jobs.
    stage.fleet().start(stage.standard().generation(2));
    long unsettled = -1;
    while (unsettled != 0 && Instant.now().isBefore(from.plus(SETTLING))) {
      calm.of(LOOK);
      keepAlive(stage);
      try (Connection connection = connection()) {
        unsettled = BookKeeping.unsettled(connection);
      }
    }
    if (unsettled != 0) {
      LOG.error("{} triggers don't come to rest within {}", unsettled, SETTLING);
    }
    return Duration.between(from, Instant.now());
  }

  private Books books(Stage stage, Instant rest) throws SQLException {
    List<Trouble> all = new ArrayList<>(troubles.all());
    all.addAll(stage.ledger().stalls());
    try (Connection connection = connection()) {
      return new Books(
          stage.ledger().runs(),
          stage.ledger().marks(),
          Witness.read(connection),
          BookKeeping.history(connection),
          BookKeeping.left(connection),
          BookKeeping.nodes(connection),
          BookKeeping.effects(connection),
          stage.workload().asked(),
          all,
          Jobs.PERIODS,
          plan.standard(),
          rest,
          stage.fleet().surprises());
    }
  }

  private static List<Member.Stats> stats(Fleet fleet) {
    return fleet.all().stream()
        .filter(member -> member.stats().isDone())
        .map(member -> member.stats().join())
        .toList();
  }

  private static Map<Mishap, Long> mishaps(Fleet fleet, Proxy client) {
    List<Proxy> proxies = new ArrayList<>(fleet.all().stream().map(Member::proxy).toList());
    proxies.add(client);
    Map<Mishap, Long> mishaps = new EnumMap<>(Mishap.class);
    for (Mishap mishap : Mishap.values()) {
      mishaps.put(mishap, proxies.stream().mapToLong(proxy -> proxy.count(mishap)).sum());
    }
    return mishaps;
  }
}
