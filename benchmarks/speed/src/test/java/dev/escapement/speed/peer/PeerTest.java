package dev.escapement.speed.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.speed.measure.Database;
import dev.escapement.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
@Tag("torture")
class PeerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PADDING = 10;

  private final PostgresServer server = PostgresServer.start(Map.of("fsync", "off"));
  private int databases;
  private Database database = new Database(server.url(), null);
  private Work work = new Work(Duration.ZERO);

  @AfterAll
  void close() {
    server.close();
  }

  @BeforeEach
  void enterAnEmptyDatabase() throws SQLException {
    String name = "peer_" + databases++;
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    database = new Database(server.url().replace("/postgres?", "/" + name + "?"), null);
    work = new Work(Duration.ZERO);
  }

  @AfterEach
  void leaveIt() throws SQLException {
    database.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void runsWhatIsEnqueuedInBulk(String name) throws Exception {
    try (Fleet fleet = fleet(name, Tuning.FASTEST)) {
      fleet.enqueue(Collections.nCopies(200, ago()));
      assertThat(fleet.left()).isEqualTo(200);
      assertThatItRuns(fleet, 200, 0);
    }
  }

  static Stream<String> names() {
    return Peers.all().stream().map(Peer::name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withDefaults")
  void runsWithItsDefaults(String name) throws Exception {
    try (Fleet fleet = fleet(name, Tuning.DEFAULTS)) {
      fleet.enqueue(Collections.nCopies(20, ago()));
      assertThatItRuns(fleet, 20, 0);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withDefaults")
  void triesAgainWhatHasFailed(String name) throws Exception {
    work.fail(1);
    try (Fleet fleet = fleet(name, Tuning.FASTEST)) {
      fleet.enqueue(Collections.nCopies(20, ago()));
      assertThatItRuns(fleet, 20, 0);
    }
  }

  static Stream<String> withDefaults() {
    return names().filter(name -> !name.startsWith("raw"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofOne")
  void runsWhatIsEnqueuedOneByOne(String name) throws Exception {
    try (Fleet fleet = fleet(name, Tuning.FASTEST)) {
      fleet.enqueueOne(ago());
      assertThat(fleet.left()).isEqualTo(1);
      fleet.enqueueOne(ago());
      assertThatItRuns(fleet, 2, 0);
    }
  }

  static Stream<String> ofOne() {
    return having(Feature.SINGLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofTransactions")
  void enqueuesInTheTransactionOfTheCaller(String name) throws Exception {
    try (Fleet fleet = fleet(name, Tuning.FASTEST);
        Connection connection = DriverManager.getConnection(database.url())) {
      connection.setAutoCommit(false);
      fleet.enqueueIn(connection, ago());
      connection.rollback();
      assertThat(fleet.left()).isZero();

      fleet.enqueueIn(connection, ago());
      assertThat(fleet.left()).isZero();
      connection.commit();
      assertThat(fleet.left()).isEqualTo(1);
      assertThatItRuns(fleet, 1, 0);
    }
  }

  static Stream<String> ofTransactions() {
    return having(Feature.TRANSACTION);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofRecurring")
  void runsRecurringJobsEachSecondAndNoMoreOften(String name) throws Exception {
    int jobs = 5;
    try (Fleet fleet = fleet(name, Tuning.FASTEST)) {
      Instant first = Instant.now().plusMillis(200);
      fleet.recurring(Collections.nCopies(jobs, first));
      assertThat(fleet.left()).isZero();
      Fleet.Replica replica = fleet.start();
      try {
        await(() -> work.done() >= 2L * jobs);
        long runs = work.done();
        long seconds = Duration.between(first, Instant.now()).toSeconds();
        assertThat(runs).isLessThanOrEqualTo(jobs * (seconds + 1));
      } finally {
        replica.close();
      }
    }
  }

  static Stream<String> ofRecurring() {
    return having(Feature.RECURRING);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofFilled")
  void runsWhatItsTablesWereFilledWithButForJobsThatItDoesNotKnow(String name) throws Exception {
    try (Fleet fleet = fleet(name, Tuning.FASTEST)) {
      fleet.fill(10, ago(), "unheard-of");
      fleet.fill(50, ago(), null);
      long unknown = fleet.left() - 50;
      assertThat(unknown).as("a peer may leave them out").isIn(0L, 10L);
      assertThatItRuns(fleet, 50, unknown);
    }
  }

  static Stream<String> ofFilled() {
    return having(Feature.FILLED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofPriorities")
  void runsJobsOfSeveralPriorities(String name) throws Exception {
    Setup setup = new Setup(database, work, Tuning.FASTEST, PADDING, true);
    try (Fleet fleet = Peers.named(name).enter(setup)) {
      fleet.enqueue(Collections.nCopies(200, ago()));
      assertThat(fleet.left()).isEqualTo(200);
      assertThatItRuns(fleet, 200, 0);
    }
  }

  static Stream<String> ofPriorities() {
    return having(Feature.PRIORITIES);
  }

  private static Stream<String> having(Feature feature) {
    return Peers.all().stream().filter(peer -> !peer.lacks().contains(feature)).map(Peer::name);
  }

  private Fleet fleet(String name, Tuning tuning) throws Exception {
    return Peers.named(name).enter(new Setup(database, work, tuning, PADDING));
  }

  private static Instant ago() {
    return Instant.now().minusSeconds(1);
  }

  private void assertThatItRuns(Fleet fleet, long jobs, long left) throws Exception {
    Fleet.Replica replica = fleet.start();
    try {
      await(() -> work.done() >= jobs && fleet.left() <= left);
    } finally {
      replica.close();
    }
    assertThat(work.done()).isEqualTo(jobs);
    assertThat(work.early()).isZero();
    assertThat(fleet.left()).isEqualTo(left);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
