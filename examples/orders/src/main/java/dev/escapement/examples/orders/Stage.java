package dev.escapement.examples.orders;

import dev.escapement.Execution;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * What both parts of the story are played with.
 *
 * @param database where all happens
 * @param scheduler enqueues, looks and decides
 * @param out where the story is told
 */
record Stage(DataSource database, SchedulerClient scheduler, PrintStream out) {

  /** Far longer than anything takes. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int MILLIS_BETWEEN_LOOKS = 20;

  /** Something that becomes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws SQLException;
  }

  void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  /** Waits until a trigger has ended, and tells its attempts. Returns the last. */
  Execution end(TriggerId trigger) throws InterruptedException, TimeoutException {
    Execution last = scheduler.await(trigger, PATIENCE);
    for (Execution each : scheduler.executions().of(trigger)) {
      String failure = each.failure().map(why -> ": " + why.message()).orElse("");
      say(
          "   %-14s %-11s attempt %d  %s%s",
          each.job(), each.key().orElse(""), each.attempt(), each.outcome(), failure);
    }
    return last;
  }

  void until(String what, Condition condition)
      throws InterruptedException, SQLException, TimeoutException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException("Waited " + PATIENCE.toSeconds() + " s in vain until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
    }
  }

  <T> List<T> list(Sql.Column<T> column, String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return Sql.list(connection, column, sql, values);
    }
  }

  long number(String sql, Object... values) throws SQLException {
    return list(ResultSet::getLong, sql, values).get(0);
  }
}
