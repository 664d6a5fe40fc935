package dev.escapement.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.ClassUtils;

/**
 * Connections beside the application's pool, made from Spring Boot's own connection details: one
 * for heartbeats, which must go on when the pool is exhausted, and one that listens.
 */
final class OwnConnections implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(OwnConnections.class);

  private static final boolean HIKARI =
      ClassUtils.isPresent(
          "com.zaxxer.hikari.HikariDataSource", OwnConnections.class.getClassLoader());

  /** A beat that finds no connection by then is one that failed; there are three in a lease. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final @Nullable JdbcAddress address;
  private final @Nullable DataSource control;
  private final @Nullable DataSource notifications;

  /**
   * @param pool the application's
   * @param address null if Spring Boot doesn't know it, because the application made its own
   *     DataSource
   */
  OwnConnections(EscapementProperties.Jdbc said, DataSource pool, @Nullable JdbcAddress address) {
    HikariDataSource hikari = HIKARI ? Hikari.in(pool) : null;
    boolean known = address != null && address.isPostgres();
    boolean same = hikari != null && address != null && address.url().equals(hikari.getJdbcUrl());
    // Of another pool nobody knows where it leads; then it takes a word of the application's.
    this.address = same || hikari == null ? address : null;
    boolean postgres = same && known;
    if (known && !same) {
      LOG.info(
          "Heartbeats and wake-ups have no connections beside the pool: it isn't known to lead to"
              + " {}; if it does, set escapement.jdbc.control-connection and"
              + " escapement.jdbc.notifications to true",
          address);
    }
    boolean listens = wanted(said.notifications(), postgres, "notifications");
    boolean beats = wanted(said.controlConnection(), postgres, "control-connection");
    this.notifications = listens ? single(hikari) : null;
    this.control = beats ? hikari == null ? single(null) : Hikari.like(hikari) : null;
  }

  private boolean wanted(@Nullable Boolean said, boolean otherwise, String property) {
    boolean wanted = said == null ? otherwise : said;
    if (wanted && address == null) {
      throw new NoStoreException(
          "escapement.jdbc."
              + property
              + " is true, and Spring Boot has no connection details to make a connection from: the"
              + " DataSource is the application's own.",
          "Give the store a DataSource for it with a JdbcStoreBuilderCustomizer, or set the"
              + " property to false.");
    }
    return wanted;
  }

  Optional<DataSource> control() {
    return Optional.ofNullable(control);
  }

  Optional<DataSource> notifications() {
    return Optional.ofNullable(notifications);
  }

  /**
   * A connection that is opened when it is asked for.
   *
   * @param hikari what else the driver is to be told; null if there is nothing
   */
  private DataSource single(@Nullable HikariDataSource hikari) {
    JdbcAddress known = address();
    DriverManagerDataSource source = new DriverManagerDataSource(known.url());
    Properties properties = new Properties();
    if (hikari != null) {
      properties.putAll(hikari.getDataSourceProperties());
    }
    if (known.user() != null) {
      properties.setProperty("user", known.user());
    }
    if (known.password() != null) {
      properties.setProperty("password", known.password());
    }
    source.setConnectionProperties(properties);
    return source;
  }

  private JdbcAddress address() {
    if (address == null) {
      throw new IllegalStateException("There is no address");
    }
    return address;
  }

  @Override
  public void destroy() {
    if (HIKARI && control != null) {
      Hikari.close(control);
    }
  }

  /** Loaded only where HikariCP is. */
  private static final class Hikari {

    static @Nullable HikariDataSource in(DataSource source) {
      try {
        return source.isWrapperFor(HikariDataSource.class)
            ? source.unwrap(HikariDataSource.class)
            : null;
      } catch (SQLException e) {
        LOG.debug("{} doesn't say what it is", source, e);
        return null;
      }
    }

    /** With its schema, its first statement and what it tells the driver. */
    static HikariDataSource like(HikariDataSource pool) {
      HikariConfig config = new HikariConfig();
      pool.copyStateTo(config);
      config.setPoolName("escapement-control");
      config.setRegisterMbeans(false);
      config.setMaximumPoolSize(1);
      config.setMinimumIdle(1);
      config.setAutoCommit(true);
      config.setReadOnly(false);
      config.setLeakDetectionThreshold(0);
      config.setConnectionTimeout(PATIENCE.toMillis());
      config.setValidationTimeout(PATIENCE.toMillis());
      // The store says whether it can't be reached, and with escapement.wait-for-store it may.
      config.setInitializationFailTimeout(-1);
      return new HikariDataSource(config);
    }

    static void close(DataSource source) {
      if (source instanceof HikariDataSource control) {
        control.close();
      }
    }
  }
}
