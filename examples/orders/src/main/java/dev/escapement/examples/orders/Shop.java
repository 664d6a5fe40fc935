package dev.escapement.examples.orders;

import dev.escapement.Backoff;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** The jobs of the shop itself. */
final class Shop {

  static final JobType<Order.Ref> CONFIRM = JobType.of("send-confirmation", Order.Ref.class);

  static final JobType<Charge> CHARGE = JobType.of("charge", Charge.class);

  static final JobType<Order.Ref> SHIP = JobType.of("ship", Order.Ref.class);

  static final JobType<Order.Ref> REMIND = JobType.of("send-reminder", Order.Ref.class);

  /** The queue of the reminders. */
  static final String REMINDERS = "reminders";

  /** The payload of {@link #CHARGE}. */
  record Charge(int order, String card) {}

  private final DataSource database;
  private final Provider provider;
  private final AtomicBoolean printerHasJammed = new AtomicBoolean();

  Shop(DataSource database, Provider provider) {
    this.database = database;
    this.provider = provider;
  }

  @JobHandler("send-confirmation")
  void confirm(Order.Ref ref) throws SQLException {
    note("INSERT INTO confirmation VALUES (?)", ref.order());
  }

  /**
   * What throws is tried again, here after about 200, 400, 800 ms, unless the provider has said
   * when to come back. A declined card isn't tried again at all: its exception says so.
   */
  @JobHandler(value = "charge", maxAttempts = 5, backoff = @Backoff(initial = "200ms"))
  void charge(Charge charge, JobContext context) throws Exception {
    try {
      provider.charge(charge.card());
    } catch (Provider.BusyException e) {
      context.retryIn(e.retryAfter());
      throw e;
    }
    note("INSERT INTO payment VALUES (?, ?)", charge.order(), charge.card());
  }

  /**
   * Books the pieces out of the stock and the parcel in, in the transaction that also says that the
   * attempt has succeeded. An attempt that fails in the middle has changed nothing.
   */
  @JobHandler(value = "ship", transactional = true, backoff = @Backoff(initial = "200ms"))
  void ship(Order.Ref ref, JobContext context) throws SQLException {
    Connection connection = context.connection();
    Sql.run(
        connection,
        "UPDATE stock SET pieces = pieces - (SELECT pieces FROM orders WHERE id = ?)"
            + " WHERE item = (SELECT item FROM orders WHERE id = ?)",
        ref.order(),
        ref.order());
    printLabel(ref.order());
    Sql.run(connection, "INSERT INTO shipment VALUES (?)", ref.order());
  }

  private void printLabel(int order) {
    if (order == ShopStory.STUCK.id() && printerHasJammed.compareAndSet(false, true)) {
      throw new IllegalStateException("the label printer is jammed");
    }
  }

  @JobHandler(value = "send-reminder", queue = REMINDERS)
  void remind(Order.Ref ref) throws SQLException {
    note("INSERT INTO reminder VALUES (?)", ref.order());
  }

  private void note(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection()) {
      Sql.run(connection, sql, values);
    }
  }
}
