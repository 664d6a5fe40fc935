package dev.escapement.speed.measure;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database that a peer is measured on. Thread-safe.
 *
 * <p>What is counted of statements is what goes through {@link #pool}; the looks of the measurement
 * itself don't.
 */
public final class Database implements AutoCloseable {

  private final String url;
  private final @Nullable Statements counter;
  private final AtomicReference<@Nullable Connection> looking = new AtomicReference<>();

  /**
   * @param url of JDBC
   * @param counter counts what goes through the pools; null to count nothing
   */
  public Database(String url, @Nullable Statements counter) {
    this.url = url;
    this.counter = counter;
  }

  /** Its URL of JDBC. */
  public String url() {
    return url;
  }

  /** A new pool of so many connections, all of which are there at once. */
  public Pool pool(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
    HikariDataSource pool = new HikariDataSource(config);
    return new Pool(pool, counter == null ? pool : counter.counting(pool));
  }

  /** Gives a new connection each time. */
  public DataSource unpooled() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    return counter == null ? source : counter.counting(source);
  }

  /** The first number that a query answers. */
  public long count(String query) throws SQLException {
    synchronized (looking) {
      try (Statement statement = look().createStatement();
          ResultSet row = statement.executeQuery(query)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Runs a statement by itself. */
  public void run(String sql) throws SQLException {
    synchronized (looking) {
      try (Statement statement = look().createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private Connection look() throws SQLException {
    Connection open = looking.get();
    if (open == null) {
      open = DriverManager.getConnection(url);
      looking.set(open);
    }
    return open;
  }

  /** How many bytes of write-ahead log the server has written since it was made. */
  public long logged() throws SQLException {
    return count("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
  }

  @Override
  public void close() throws SQLException {
    Connection open = looking.getAndSet(null);
    if (open != null) {
      open.close();
    }
  }
}
