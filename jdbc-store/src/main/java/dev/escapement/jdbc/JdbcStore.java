package dev.escapement.jdbc;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Claims;
import dev.escapement.store.History;
import dev.escapement.store.Holds;
import dev.escapement.store.Jobs;
import dev.escapement.store.Queues;
import dev.escapement.store.Requests;
import dev.escapement.store.Sessions;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import dev.escapement.store.Triggers;
import dev.escapement.store.Wakeups;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in PostgreSQL 13 or newer, or H2 2.2 or newer. Thread-safe.
 *
 * <p>Making one doesn't touch the network. {@link #open()} finds out what the database is, and does
 * what the {@link SchemaPolicy} says about its tables; the first use does so too.
 *
 * <p>Connections are borrowed for the time of a call and go back as they were. Each call ends: see
 * {@link Builder#timeout}. How long it takes until a connection is to be had is for the data source
 * to bound.
 */
public final class JdbcStore implements Store {

  /**
   * The time limit of a heartbeat, and of what else keeps sessions. A lease of 20 s leaves 15 s
   * after a heartbeat interval of 5 s, and three tries fit into them: 3 x (3 s for the statement +
   * 2 s for the network).
   */
  private static final Duration BEAT_TIMEOUT = Duration.ofSeconds(3);

  private final DataSource dataSource;
  private final @Nullable DataSource control;
  private final @Nullable DataSource notifications;
  private final @Nullable SchemaPolicy policy;
  private final @Nullable Duration partitionPeriod;
  private final Tables tables;
  private final Duration timeout;
  private final ConnectionProvider provider;
  private volatile @Nullable Opened opened;

  private JdbcStore(Builder builder) {
    this.dataSource = builder.dataSource;
    this.control = builder.control;
    this.notifications = builder.notifications;
    this.policy = builder.policy;
    this.partitionPeriod = builder.partitionPeriod;
    this.tables = new Tables(builder.schema, builder.prefix);
    this.timeout = builder.timeout;
    this.provider =
        builder.provider == null
            ? new OwnTransactions(builder.dataSource, builder.timeout)
            : builder.provider;
  }

  /**
   * A store with the defaults.
   *
   * @param dataSource as for {@link #builder}
   */
  public static JdbcStore of(DataSource dataSource) {
    return builder(dataSource).build();
  }

  /**
   * A store to be told more about.
   *
   * @param dataSource where connections come from, best a pool; stays the caller's to close. It
   *     must be the pool itself, and not one that hands out the connection of the caller's
   *     transaction (Spring's {@code TransactionAwareDataSourceProxy}, JTA): a call that finds
   *     itself in the middle of a transaction throws a {@link StoreException} and leaves the
   *     transaction alone
   */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /** What there is once the database is known. */
  private record Opened(
      Product product,
      Schema schema,
      @Nullable PartitionSetup partitions,
      SchemaPolicy policy,
      Database database,
      Triggers triggers,
      Sessions sessions,
      Jobs jobs,
      Claims claims,
      Holds holds,
      History history,
      Requests requests,
      Queues queues,
      Checkpoints checkpoints,
      Transactions transactions,
      Wakeups wakeups) {}

  @Override
  public void open() {
    openNow();
  }

  private Opened openNow() {
    Opened known = opened;
    Opened prepared = known != null ? known : prepare();
    prepared.schema().ensure(prepared.policy());
    PartitionSetup partitions = prepared.partitions();
    if (partitions != null) {
      partitions.ensure(prepared.policy());
    }
    return publish(prepared);
  }

  private Opened prepare() {
    Product product = product();
    Dialect dialect = product.dialect(tables);
    Database database = database(dataSource, product, timeout);
    Database sessions =
        database(control == null ? dataSource : control, product, shorter(timeout, BEAT_TIMEOUT));
    JdbcTransactions transactions = new JdbcTransactions(database, dialect, provider);
    return new Opened(
        product,
        new Schema(
            database,
            database(dataSource, product, Schema.LIMIT),
            dialect,
            tables,
            Schema.PATIENCE),
        partitions(product, dialect, database),
        policy == null ? dialect.defaultPolicy() : policy,
        database,
        new JdbcTriggers(database, dialect, tables, transactions),
        new JdbcSessions(sessions, database, dialect, tables),
        new JdbcJobs(database, dialect, tables),
        new JdbcClaims(database, dialect, tables),
        new JdbcHolds(database, dialect, tables),
        history(dialect, database),
        new JdbcRequests(database, dialect, tables),
        new JdbcQueues(database, dialect, tables),
        new JdbcCheckpoints(database, dialect, tables),
        transactions,
        wakeups(product, database));
  }

  private @Nullable PartitionSetup partitions(Product product, Dialect dialect, Database database) {
    if (dialect instanceof PostgresDialect postgres) {
      Database migrations = database(dataSource, product, Schema.LIMIT);
      return new PartitionSetup(database, migrations, postgres, tables, partitionPeriod);
    }
    if (partitionPeriod != null) {
      throw new StoreException(
          "Partitions of the history need PostgreSQL, and this is %s; leave out"
                  .formatted(product.describe())
              + " .partitionedHistory(...).",
          null);
    }
    return null;
  }

  private History history(Dialect dialect, Database database) {
    History rows = new JdbcHistory(database, dialect, tables);
    return dialect instanceof PostgresDialect postgres
        ? new PartitionedHistory(
            rows, new PartitionUpkeep(database, postgres, tables, partitionPeriod))
        : rows;
  }

  private Product product() {
    try {
      return Product.of(dataSource);
    } catch (SQLException e) {
      throw SqlErrors.unreachable("open the store", describe(), e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Database database(DataSource source, Product product, Duration timeout) {
    Manner manner = product.isPostgres() ? Manner.POSTGRES : Manner.H2;
    return new Database(source, product.describe(), timeout, manner);
  }

  private Wakeups wakeups(Product product, Database database) {
    if (notifications == null) {
      return Wakeups.NONE;
    }
    if (!product.isPostgres()) {
      throw new StoreException(
          "Notifications need PostgreSQL, and this is %s; leave out .notifications(...)."
              .formatted(product.describe()),
          null);
    }
    return new PostgresWakeups(database, notifications, tables);
  }

  /** Of two threads that open at the same time, the first one's preparations count. */
  private synchronized Opened publish(Opened prepared) {
    Opened known = opened;
    if (known == null) {
      opened = prepared;
      return prepared;
    }
    return known;
  }

  private Opened opened() {
    Opened known = opened;
    return known != null ? known : openNow();
  }

  @Override
  public Instant now() {
    return opened()
        .database()
        .read("read the clock", handle -> Values.now(handle).truncatedTo(ChronoUnit.MICROS));
  }

  @Override
  public Triggers triggers() {
    return opened().triggers();
  }

  @Override
  public Sessions sessions() {
    return opened().sessions();
  }

  @Override
  public Jobs jobs() {
    return opened().jobs();
  }

  @Override
  public Claims claims() {
    return opened().claims();
  }

  @Override
  public Holds holds() {
    return opened().holds();
  }

  @Override
  public History history() {
    return opened().history();
  }

  @Override
  public Requests requests() {
    return opened().requests();
  }

  @Override
  public Queues queues() {
    return opened().queues();
  }

  @Override
  public Checkpoints checkpoints() {
    return opened().checkpoints();
  }

  @Override
  public Optional<Transactions> transactions() {
    return Optional.of(opened().transactions());
  }

  @Override
  public void afterCommit(Runnable action) {
    provider.afterCommit(action);
  }

  @Override
  public Wakeups wakeups() {
    return opened().wakeups();
  }

  @Override
  public String describe() {
    Opened known = opened;
    return known == null ? "a JDBC data source not opened yet" : known.product().describe();
  }

  /** Ends listening, for good. The data sources stay open: they are the caller's. */
  @Override
  public synchronized void close() {
    Opened known = opened;
    if (known != null && known.wakeups() instanceof PostgresWakeups wakeups) {
      wakeups.close();
    }
  }

  @Override
  public String toString() {
    return "JdbcStore[" + describe() + "]";
  }

  /** What a {@link JdbcStore} can be told. Each has a default. Not thread-safe. */
  public static final class Builder {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    private static final Duration SHORTEST_PERIOD = Duration.ofHours(1);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(31);

    private final DataSource dataSource;
    private @Nullable DataSource control;
    private @Nullable DataSource notifications;
    private @Nullable ConnectionProvider provider;
    private @Nullable SchemaPolicy policy;
    private @Nullable Duration partitionPeriod;
    private @Nullable String schema;
    private String prefix = Tables.DEFAULT_PREFIX;
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder(DataSource dataSource) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * The schema that the tables stand in. Default: wherever a connection's search path leads.
     *
     * @throws InvalidDeclarationException if it isn't an identifier of at most 31 characters
     */
    public Builder schema(String schema) {
      this.schema = Tables.identifier("schema", schema);
      return this;
    }

    /**
     * What the names of the tables begin with. Default: {@code escapement_}.
     *
     * @throws InvalidDeclarationException if it isn't an identifier of at most 31 characters
     */
    public Builder tablePrefix(String prefix) {
      this.prefix = Tables.identifier("table prefix", prefix);
      return this;
    }

    /**
     * What to do about the tables when the store opens. Default: {@link SchemaPolicy#APPLY} on H2,
     * {@link SchemaPolicy#VALIDATE} on PostgreSQL.
     */
    public Builder migrate(SchemaPolicy policy) {
      this.policy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Where sessions get their connections, so that heartbeats go on when the application has
     * exhausted its pool. One connection is enough. Default: the store's data source.
     *
     * @param control a data source of the same database; stays the caller's to close
     */
    public Builder controlDataSource(DataSource control) {
      this.control = Objects.requireNonNull(control, "control");
      return this;
    }

    /**
     * Wakes other processes with LISTEN and NOTIFY, so that what is enqueued for now starts at once
     * instead of at the next poll. PostgreSQL only. Default: off.
     *
     * @param notifications where the one connection comes from that listens, and is kept; neither
     *     the application's pool nor behind a pooler in transaction mode. Stays the caller's to
     *     close
     */
    public Builder notifications(DataSource notifications) {
      this.notifications = Objects.requireNonNull(notifications, "notifications");
      return this;
    }

    /**
     * How to find the application's transactions, so that what is enqueued in one exists if and
     * only if it commits. They must be of the database that the store's tables stand in. Default:
     * {@link ConnectionProvider#of} the store's data source, which knows of none but those that the
     * store itself begins.
     */
    public Builder transactions(ConnectionProvider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Keeps the history in partitions, so that what is too old is dropped a whole period at a time
     * instead of deleted row by row. PostgreSQL only. Default: one table.
     *
     * <p>{@link #open()} turns the table into a partitioned one if it isn't yet: under {@link
     * SchemaPolicy#APPLY} by itself, under {@link SchemaPolicy#VALIDATE} it throws a {@link
     * StoreException} that names the file to run. The old rows stay where they are: their table
     * becomes the first partition, which ends with the first period whose end is a day away or
     * more. To know that none of its rows lies beyond, PostgreSQL reads them all; it does so before
     * the change and in nobody's way, while this call waits. What needs the table alone reads
     * nothing, and waits 5 s at most until it gets it, ten times over.
     *
     * <p>Partitions for three periods ahead are made, and old ones dropped, by whoever purges: one
     * of the nodes, once a minute. It must own the tables. What finds no partition goes to one
     * called {@code ..._default}, and stays there until its rows are old. Without this setting a
     * partitioned history works too, but partitions are neither made nor dropped.
     *
     * @param per how much time a partition holds: 1 hour to 31 days, in whole seconds. A new value
     *     counts for the partitions that aren't made yet
     * @throws InvalidDeclarationException if it is anything else
     */
    public Builder partitionedHistory(Duration per) {
      if (per.compareTo(SHORTEST_PERIOD) < 0
          || per.compareTo(LONGEST_PERIOD) > 0
          || !per.equals(per.truncatedTo(ChronoUnit.SECONDS))) {
        throw new InvalidDeclarationException(
            "A partition of the history can't hold "
                + per
                + "; make it "
                + SHORTEST_PERIOD
                + " to "
                + LONGEST_PERIOD
                + ", in whole seconds.");
      }
      this.partitionPeriod = per;
      return this;
    }

    /**
     * How long a statement may take. Databases count in seconds, so this is rounded up. Where a
     * connection has no network timeout, it gets one that is two seconds longer; when that fires,
     * PostgreSQL's driver may still try to cancel for as long as its own {@code
     * cancelSignalTimeout} says (10 s). Heartbeats, and what else keeps sessions, never take longer
     * than 3 s, so that three tries fit into a lease. A migration has an hour for each statement,
     * whatever the application says. Default: 10 s.
     *
     * @throws InvalidDeclarationException if it is shorter than 100 ms, or longer than a minute
     */
    public Builder timeout(Duration timeout) {
      if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
        throw new InvalidDeclarationException(
            "The store's timeout can't be "
                + timeout
                + "; make it at least "
                + SHORTEST_TIMEOUT
                + ", and at most "
                + LONGEST_TIMEOUT
                + ".");
      }
      this.timeout = timeout;
      return this;
    }

    /** The store. Doesn't touch the network. */
    public JdbcStore build() {
      return new JdbcStore(this);
    }
  }
}
