package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.Enqueuing;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.ConnectionProvider;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.policy.Retry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The snippets of the guide to transactions, on a real database; {@link DocumentsTest} holds the
 * guide to them.
 */
@Timeout(60)
@SuppressWarnings("ThreadLocalUsage") // each store has a provider of its own
class TransactionSnippetsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final JobType<String> CONFIRM = JobType.of("confirm", String.class);
  private static final JobType<String> BOOK = JobType.of("book", String.class);

  private static final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private static final Stock stock = new Stock();

  private final JdbcConnectionPool dataSource =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  private final Orders orders = new Orders();
  private final String order = "order 1";

  static final class Orders {
    void insert(Connection connection, String order) throws SQLException {
      write(connection, order);
    }
  }

  static final class Stock {
    void take(Connection connection, String order) throws SQLException {
      write(connection, "stock of " + order);
    }
  }

  private static void write(Connection connection, String effect) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effect VALUES (?)")) {
      insert.setString(1, effect);
      insert.executeUpdate();
    }
  }

  private List<String> effects() throws SQLException {
    List<String> effects = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name FROM effect ORDER BY name")) {
      while (rows.next()) {
        effects.add(rows.getString(1));
      }
    }
    return effects;
  }

  @BeforeEach
  void makeATable() throws SQLException {
    sent.clear();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE effect (name VARCHAR(100))");
    }
  }

  @AfterEach
  void closePool() {
    dataSource.dispose();
  }

  private Scheduler start(Job<?>... jobs) {
    return Scheduler.builder()
        .store(JdbcStore.of(dataSource))
        .pollInterval(Duration.ofMillis(100))
        .stopGrace(Duration.ofSeconds(1))
        .jobs(jobs)
        .start();
  }

  private static Job<String> confirming() {
    return Job.of(CONFIRM, (order, context) -> sent.add(order));
  }

  @Test
  void enqueuesInTheCallersTransaction() throws Exception {
    try (Scheduler scheduler = start(confirming())) {
      // snippet: transactions-using
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        orders.insert(connection, order);
        scheduler.using(connection).enqueue(CONFIRM, order);
        connection.commit(); // now both are there; before, or after a rollback, neither
      }
      scheduler.wakeUp(); // a hint; without it nodes look within a second
      // end

      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo(order);
      assertThat(effects()).containsExactly(order);
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        Enqueued dropped = scheduler.using(connection).enqueue(CONFIRM, "dropped");
        connection.rollback();
        assertThat(scheduler.triggers().find(dropped.id())).isEmpty();
      }
    }
  }

  @Test
  void autocommitIsRefused() throws Exception {
    try (Scheduler scheduler = start(confirming());
        Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(() -> scheduler.using(connection).enqueue(CONFIRM, order))
          .isInstanceOf(NoTransactionsException.class);
    }
  }

  @Test
  void aTakenKeyDoesNotSpoilTheTransaction() throws Exception {
    try (Scheduler scheduler = start(confirming())) {
      TriggerId live = scheduler.submit(CONFIRM.with(order).key(order).after(LONG)).id();
      // snippet: transactions-fail
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        Enqueuing enqueuing = scheduler.using(connection);
        orders.insert(connection, order);
        try {
          enqueuing.submit(CONFIRM.with(order).key(order).onConflict(OnConflict.FAIL));
        } catch (DuplicateKeyException e) {
          orders.insert(connection, "confirmed by " + e.live()); // the transaction goes on
        }
        connection.commit();
      }
      // end

      assertThat(effects()).containsExactly("confirmed by " + live, order);
    }
  }

  // snippet: transactions-provider
  /** Transactions that are kept for the thread that began them. */
  static final class ThreadTransactions implements ConnectionProvider {
    private final ConnectionProvider own;
    private final ThreadLocal<@Nullable Current> current = new ThreadLocal<>();

    private record Current(Connection connection, List<Runnable> afterCommit) {}

    ThreadTransactions(DataSource dataSource) {
      this.own = ConnectionProvider.of(dataSource);
    }

    @Override
    public Optional<Connection> current() {
      return Optional.ofNullable(current.get()).map(Current::connection);
    }

    @Override
    public void afterCommit(Runnable action) {
      Current now = current.get();
      if (now == null) {
        action.run();
      } else {
        now.afterCommit().add(action);
      }
    }

    @Override
    public boolean transact(Work work) throws SQLException {
      List<Runnable> actions = new ArrayList<>();
      boolean committed;
      try {
        committed =
            own.transact(
                connection -> {
                  current.set(new Current(connection, actions));
                  return work.run(connection);
                });
      } finally {
        current.remove();
      }
      if (committed) {
        actions.forEach(Runnable::run);
      }
      return committed;
    }
  }

  // end

  @Test
  void aProviderFindsTheTransactionOfTheThread() throws Exception {
    // snippet: transactions-store
    ThreadTransactions transactions = new ThreadTransactions(dataSource);
    JdbcStore store = JdbcStore.builder(dataSource).transactions(transactions).build();
    // end
    try (Scheduler scheduler =
        Scheduler.builder().store(store).jobs(confirming(), booking(store)).start()) {
      transactions.transact(
          connection -> {
            scheduler.enqueue(CONFIRM, "dropped");
            return false;
          });
      // snippet: transactions-thread
      transactions.transact(
          connection -> {
            orders.insert(connection, order);
            scheduler.enqueue(CONFIRM, order); // no using(…): the store finds the connection
            return true;
          });
      // end

      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo(order);
      assertThat(effects()).containsExactly(order);

      Execution booked = scheduler.await(scheduler.enqueue(BOOK, "order 2").id(), LONG);
      assertThat(booked.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo("order 2");
      assertThat(sent).isEmpty();
    }
  }

  /** What it enqueues finds its transaction by itself. */
  private static Job<String> booking(JdbcStore store) {
    SchedulerClient client = SchedulerClient.of(store);
    return Job.of(BOOK, (order, context) -> client.enqueue(CONFIRM, order)).transactional();
  }

  @Test
  void theEffectsOfATransactionalJobAreThereOnce() throws Exception {
    // snippet: transactions-job
    Job<String> book =
        Job.of(
                BOOK,
                (order, context) -> {
                  stock.take(context.connection(), order);
                  if (context.attempt() == 1) {
                    throw new IllegalStateException("in the middle"); // rolled back
                  }
                })
            .retry(Retry.fixed(Duration.ofMillis(50)))
            .transactional();
    // end

    try (Scheduler scheduler = start(book)) {
      Execution last = scheduler.await(scheduler.enqueue(BOOK, order).id(), LONG);
      assertThat(last.attempt()).isEqualTo(2);
      assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
    assertThat(effects()).containsExactly("stock of " + order);
  }

  static final class Shipping {
    private final Scheduler scheduler;

    Shipping(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    // snippet: transactions-chain
    @JobHandler(value = "book", transactional = true)
    void book(String order, JobContext context) throws SQLException {
      stock.take(context.connection(), order);
      scheduler.using(context.connection()).enqueue(CONFIRM, order);
    }
    // end
  }

  @Test
  void whatATransactionalJobEnqueuesIsThereWithItsEffects() throws Exception {
    try (Scheduler confirming = start(confirming());
        Scheduler booking =
            Scheduler.builder()
                .store(JdbcStore.of(dataSource))
                .annotated(new Shipping(confirming))
                .start()) {
      Execution last = booking.await(booking.enqueue(BOOK, order).id(), LONG);
      assertThat(last.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo(order);
    }
    assertThat(effects()).containsExactly("stock of " + order);
  }
}
