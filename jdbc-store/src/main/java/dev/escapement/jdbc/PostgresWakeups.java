package dev.escapement.jdbc;

import dev.escapement.store.Wakeups;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints over LISTEN and NOTIFY. A NOTIFY is a statement of its own on a thread of its own, and many
 * signals become one: in callers' transactions it would serialise all commits of the database.
 */
final class PostgresWakeups implements Wakeups, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresWakeups.class);

  /** Four a second, whatever the load; a node polls every second anyhow. */
  private static final long GAP = TimeUnit.MILLISECONDS.toNanos(250);

  /** How many go out one after the other after a while without any. */
  private static final int BURST = 4;

  /** PostgreSQL's limit for identifiers, in bytes; schema and prefix are ASCII. */
  private static final int LONGEST_CHANNEL = 63;

  /** Nobody waits for the disk because of a hint; a crash of the server loses it anyhow. */
  private static final String NOTIFY =
      """
      SELECT set_config('synchronous_commit', 'off', TRUE), pg_notify(:channel, '')
      """;

  private final Database database;
  private final DataSource source;
  private final String channel;
  private final ScheduledThreadPoolExecutor sender;
  private final AtomicBoolean pending = new AtomicBoolean();
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private final Cadence cadence = new Cadence(GAP, BURST, System.nanoTime());
  private @Nullable PostgresListener listener;

  /**
   * @param database where signals are sent
   * @param source where a connection for listening comes from
   */
  PostgresWakeups(Database database, DataSource source, Tables tables) {
    this.database = database;
    this.source = source;
    this.channel = channel(tables.qualified() + "due");
    this.sender =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "escapement-notify");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    sender.setKeepAliveTime(1, TimeUnit.MINUTES);
    sender.allowCoreThreadTimeOut(true);
  }

  private static String channel(String name) {
    return name.length() <= LONGEST_CHANNEL
        ? name
        : "escapement_due_" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void signal() {
    if (pending.compareAndSet(false, true)) {
      long rest = cadence.untilNext(System.nanoTime());
      var unused = sender.schedule(this::send, rest, TimeUnit.NANOSECONDS);
    }
  }

  private void send() {
    pending.set(false);
    cadence.goesOut(System.nanoTime());
    try {
      database.write(
          "notify",
          handle -> handle.createQuery(NOTIFY).bind("channel", channel).mapTo(String.class).one());
    } catch (RuntimeException e) {
      log.debug("A wake-up was not sent; the others will poll.", e);
    }
  }

  @Override
  public synchronized Subscription listen(Runnable hint) {
    Runnable own = () -> hint.run();
    hints.add(own);
    if (listener == null) {
      listener = new PostgresListener(source, channel, this::tell);
      listener.start();
    }
    return () -> remove(own);
  }

  private synchronized void remove(Runnable hint) {
    hints.remove(hint);
    if (hints.isEmpty()) {
      stop();
    }
  }

  private void tell() {
    for (Runnable hint : hints) {
      try {
        hint.run();
      } catch (RuntimeException e) {
        log.warn("A listener for wake-ups threw.", e);
      }
    }
  }

  private void stop() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  @Override
  public synchronized void close() {
    hints.clear();
    stop();
    sender.shutdownNow();
  }
}
