package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with one connection that listens on a channel, and connects again, ever more slowly,
 * when the connection breaks.
 */
final class PostgresListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresListener.class);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  /** After so long without a word the connection is asked whether it is still there. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration PROBE = Duration.ofSeconds(5);

  private final DataSource source;
  private final String channel;
  private final Runnable hint;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Connection listening;

  PostgresListener(DataSource source, String channel, Runnable hint) {
    this.source = source;
    this.channel = channel;
    this.hint = hint;
  }

  void start() {
    Thread thread = new Thread(this::run, "escapement-listen");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    Duration backoff = FIRST_BACKOFF;
    while (!isClosed()) {
      long began = System.nanoTime();
      try (Connection connection = source.getConnection()) {
        listening = connection;
        listen(connection);
      } catch (SQLException | RuntimeException e) {
        if (isClosed()) {
          return;
        }
        boolean worked = System.nanoTime() - began > LONGEST_BACKOFF.toNanos();
        backoff = worked ? FIRST_BACKOFF : backoff;
        log.warn(
            "Listening for wake-ups broke off; polling goes on. Next attempt in about {} ms.",
            backoff.toMillis(),
            e);
        pause(backoff);
        backoff = longer(backoff);
      } finally {
        listening = null;
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN \"" + channel + "\"");
    }
    hint.run();
    PGConnection notifications = connection.unwrap(PGConnection.class);
    while (!isClosed()) {
      PGNotification[] received = notifications.getNotifications((int) SILENCE.toMillis());
      if (received != null && received.length > 0) {
        hint.run();
      } else if (!isClosed() && !connection.isValid((int) PROBE.toSeconds())) {
        throw new SQLException("The connection doesn't answer any more.");
      }
    }
  }

  private void pause(Duration backoff) {
    long jitter = ThreadLocalRandom.current().nextLong(backoff.toNanos() / 2);
    try {
      closed.await(backoff.toNanos() + jitter, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  private static Duration longer(Duration backoff) {
    Duration twice = backoff.multipliedBy(2);
    return twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Idempotent. Breaks the connection off, since the thread is blocked in it. */
  @Override
  public void close() {
    closed.countDown();
    Connection connection = listening;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("The listening connection could not be broken off.", e);
      }
    }
  }
}
