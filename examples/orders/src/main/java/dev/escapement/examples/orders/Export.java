package dev.escapement.examples.orders;

import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Sends the orders of a day to a partner, one by one. */
final class Export {

  static final JobType<Day> EXPORT = JobType.of("export-orders", Day.class);

  /** How many orders there are from one checkpoint to the next. */
  static final int BATCH = 50;

  private static final int MILLIS_PER_ORDER = 4;

  /** The payload. */
  record Day(LocalDate day) {}

  /** The checkpoint: the last order that is sent, and what there was up to it. */
  record Sent(int upTo, int orders, int pieces) {}

  /** The result. */
  record Summary(int orders, int pieces) {}

  private final DataSource database;
  private final String office;

  Export(DataSource database, String office) {
    this.database = database;
    this.office = office;
  }

  /**
   * Goes on where the attempt before has left its checkpoint. What that one has sent since then is
   * sent again: a partner who must not get an order twice needs its number to tell.
   */
  @JobHandler(value = "export-orders", queue = "exports")
  Summary export(Day payload, JobContext context) throws SQLException, InterruptedException {
    Sent sent = context.checkpoint(Sent.class).orElse(new Sent(0, 0, 0));
    try (Connection connection = database.getConnection()) {
      long run = context.fencingToken();
      Sql.run(connection, "INSERT INTO export_run VALUES (?, ?, ?)", run, office, sent.upTo());
      long total =
          Sql.number(connection, "SELECT count(*) FROM orders WHERE placed_on = ?", payload.day());
      List<Integer> batch = next(connection, payload.day(), sent.upTo());
      while (!batch.isEmpty()) {
        int pieces = sent.pieces();
        for (int order : batch) {
          pieces += send(connection, order, run);
        }
        sent = new Sent(batch.get(batch.size() - 1), sent.orders() + batch.size(), pieces);
        context.progress(sent.orders(), total, "up to order " + sent.upTo());
        context.checkpoint(sent); // a run that is asked to pause ends here
        batch = next(connection, payload.day(), sent.upTo());
      }
    }
    return new Summary(sent.orders(), sent.pieces());
  }

  private static List<Integer> next(Connection connection, LocalDate day, int after)
      throws SQLException {
    return Sql.list(
        connection,
        ResultSet::getInt,
        "SELECT id FROM orders WHERE placed_on = ? AND id > ? ORDER BY id LIMIT " + BATCH,
        day,
        after);
  }

  /** Takes a while, as partners do; returns the pieces of that order. */
  private static int send(Connection connection, int order, long run)
      throws SQLException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(MILLIS_PER_ORDER);
    Sql.run(connection, "INSERT INTO exported VALUES (?, ?)", order, run);
    return (int) Sql.number(connection, "SELECT pieces FROM orders WHERE id = ?", order);
  }
}
