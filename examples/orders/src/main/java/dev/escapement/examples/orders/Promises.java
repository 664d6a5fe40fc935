package dev.escapement.examples.orders;

import dev.escapement.ExecutionFilter;
import dev.escapement.Outcome;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What was promised, held against what is in the tables at the end. */
final class Promises {

  private final Connection database;
  private final SchedulerClient scheduler;
  private final Facts facts;
  private final List<Check> checks = new ArrayList<>();

  private Promises(Connection database, SchedulerClient scheduler, Facts facts) {
    this.database = database;
    this.scheduler = scheduler;
    this.facts = facts;
  }

  /**
   * One promise.
   *
   * @param promise in words
   * @param expected what is if it was kept
   * @param found what is
   */
  record Check(String promise, Object expected, Object found) {
    boolean holds() {
      return expected.equals(found);
    }
  }

  /** Looks at everything. */
  static List<Check> check(Connection database, SchedulerClient scheduler, Facts facts)
      throws SQLException {
    Promises promises = new Promises(database, scheduler, facts);
    promises.ofTheShop();
    promises.ofTheExport();
    return List.copyOf(promises.checks);
  }

  private void ofTheShop() throws SQLException {
    List<Integer> taken = ShopStory.TAKEN.stream().map(Order::id).toList();
    check(
        "The orders are there whose transaction was committed",
        taken,
        ids("SELECT id FROM orders WHERE placed_on = ? ORDER BY id", Tables.TODAY));
    check(
        "Each of them was confirmed once, and no other",
        taken,
        ids("SELECT order_id FROM confirmation ORDER BY order_id"));
    ExecutionFilter ofRefused =
        ExecutionFilter.ofJob(Shop.CONFIRM.name()).key(ShopStory.REFUSED.key());
    check(
        "The job of the one that was rolled back neither is nor was",
        List.of(Optional.empty(), List.of()),
        List.of(
            scheduler.triggers().find(Shop.CONFIRM.name(), ShopStory.REFUSED.key()),
            scheduler.executions().list(ofRefused, 1).items()));
    check("Each was paid once", taken, ids("SELECT order_id FROM payment ORDER BY order_id"));
    check(
        "The provider's failures were tried again until it worked",
        List.of(Outcome.FAILED, Outcome.FAILED, Outcome.SUCCEEDED),
        outcomes(facts.payments().unlucky()));
    check(
        "The declined card was tried once, the other one worked",
        List.of(Outcome.FAILED, Outcome.SUCCEEDED),
        outcomes(facts.payments().declined(), facts.payments().withOtherCard()));
    check("Each was shipped once", taken, ids("SELECT order_id FROM shipment ORDER BY order_id"));
    check(
        "The stock is exact, though an attempt failed after it had booked",
        List.of(List.of(Outcome.FAILED, Outcome.SUCCEEDED), piecesLeft()),
        List.of(
            outcomes(facts.stuck()),
            Sql.number(database, "SELECT pieces FROM stock WHERE item = ?", Tables.TEAPOT)));
    check(
        "The reminder was sent once, and not while its queue was paused",
        List.of(1L, true),
        List.of(
            Sql.number(database, "SELECT count(*) FROM reminder"),
            facts
                .reminder()
                .sent()
                .startedAt()
                .filter(start -> !start.isBefore(facts.reminder().resumedAt()))
                .isPresent()));
  }

  private static long piecesLeft() {
    return Tables.TEAPOTS - ShopStory.TAKEN.stream().mapToLong(Order::pieces).sum();
  }

  private void ofTheExport() throws SQLException {
    check(
        "The export was lost with its process, yielded to the pause, and succeeded",
        List.of(Outcome.LOST, Outcome.YIELDED, Outcome.SUCCEEDED),
        outcomes(facts.export().trigger()));
    check(
        "Another process took it over",
        2L,
        Sql.number(database, "SELECT count(DISTINCT office) FROM export_run"));
    List<Integer> begins = ids("SELECT after_order FROM export_run ORDER BY run");
    List<Integer> repeated = repeated();
    check(
        "It went on from its last checkpoint, less than a batch before the kill",
        List.of(true, true),
        List.of(begins.get(1) > 0, repeated.size() < Export.BATCH));
    check("It went on from where it was paused", upTo(1), begins.get(2));
    check(
        "No order was exported twice, but for those between checkpoint and kill",
        IntStream.rangeClosed(begins.get(1) + 1, upTo(0)).boxed().toList(),
        repeated);
    check(
        "Every order was exported",
        (long) Tables.YESTERDAYS_ORDERS,
        Sql.number(database, "SELECT count(DISTINCT order_id) FROM exported"));
    check(
        "The result agrees with the orders",
        Optional.of(
            new Export.Summary(
                Tables.YESTERDAYS_ORDERS,
                (int)
                    Sql.number(
                        database,
                        "SELECT sum(pieces) FROM orders WHERE placed_on = ?",
                        Tables.YESTERDAY))),
        facts.export().result().map(result -> result.as(Export.Summary.class)));
  }

  /** The last order that a run of the export has sent. */
  private int upTo(int run) throws SQLException {
    return ids("SELECT max(order_id) FROM exported GROUP BY run ORDER BY run").get(run);
  }

  /** One entry for each time too many. */
  private List<Integer> repeated() throws SQLException {
    List<Integer> sent = ids("SELECT order_id FROM exported ORDER BY order_id");
    return IntStream.range(1, sent.size())
        .filter(i -> sent.get(i).equals(sent.get(i - 1)))
        .mapToObj(sent::get)
        .toList();
  }

  private void check(String promise, Object expected, Object found) {
    checks.add(new Check(promise, expected, found));
  }

  private List<Integer> ids(String sql, Object... values) throws SQLException {
    return Sql.list(database, ResultSet::getInt, sql, values);
  }

  private List<Outcome> outcomes(TriggerId... triggers) {
    List<Outcome> outcomes = new ArrayList<>();
    for (TriggerId trigger : triggers) {
      scheduler.executions().of(trigger).forEach(each -> outcomes.add(each.outcome()));
    }
    return outcomes;
  }
}
