package dev.escapement.examples.orders;

import dev.escapement.Execution;
import dev.escapement.JobRequest;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Orders are placed, paid, shipped and remembered. Little of it goes well. */
final class ShopStory {

  private static final int FIRST = Tables.YESTERDAYS_ORDERS + 1;

  /** The orders that are placed. */
  static final List<Order> TAKEN =
      List.of(
          new Order(FIRST, Tables.TEAPOT, 2),
          new Order(FIRST + 1, Tables.TEAPOT, 3),
          new Order(FIRST + 3, Tables.TEAPOT, 7));

  /** Wants more than there is. */
  static final Order REFUSED = new Order(FIRST + 2, Tables.TEAPOT, 5_000);

  private static final List<Order> ASKED =
      List.of(TAKEN.get(0), TAKEN.get(1), REFUSED, TAKEN.get(2));

  /** The label of this order jams the printer, the first time. */
  static final Order STUCK = TAKEN.get(1);

  private final Stage stage;
  private final SchedulerClient scheduler;

  ShopStory(Stage stage) {
    this.stage = stage;
    this.scheduler = stage.scheduler();
  }

  /** One order is rolled back. */
  void place() throws InterruptedException, SQLException, TimeoutException {
    stage.say("%n1. An order and the job that confirms it are one transaction");
    Till till = new Till(stage.database(), scheduler);
    List<TriggerId> confirmations = new ArrayList<>();
    for (Order order : ASKED) {
      try {
        confirmations.add(till.place(order));
        stage.say("   %s: placed", order);
      } catch (Till.RefusedException e) {
        stage.say("   %s: rolled back, for %s", order, String.valueOf(e.getMessage()));
      }
    }
    for (TriggerId confirmation : confirmations) {
      scheduler.await(confirmation, Stage.PATIENCE);
    }
    stage.say(
        "   %d orders, %d confirmations; of order %d there is neither",
        stage.number("SELECT count(*) FROM orders WHERE placed_on = ?", Tables.TODAY),
        stage.number("SELECT count(*) FROM confirmation"),
        REFUSED.id());
  }

  /** Two attempts fail and are repeated; one is final. */
  Facts.Payments pay() throws InterruptedException, TimeoutException {
    stage.say("%n2. The payment provider gives no answer, then is busy, then declines a card");
    Execution unlucky = charge(TAKEN.get(0), Provider.GOOD_CARD);
    Execution declined = charge(TAKEN.get(1), Provider.EXPIRED_CARD);
    stage.say("   no attempt is wasted on it; run again from its execution, with another card:");
    Shop.Charge otherCard = new Shop.Charge(TAKEN.get(1).id(), Provider.GOOD_CARD);
    TriggerId again = scheduler.executions().rerun(declined.id(), Shop.CHARGE, otherCard).id();
    stage.end(again);
    charge(TAKEN.get(2), Provider.GOOD_CARD);
    return new Facts.Payments(unlucky.trigger(), declined.trigger(), again);
  }

  private Execution charge(Order order, String card) throws InterruptedException, TimeoutException {
    Shop.Charge charge = new Shop.Charge(order.id(), card);
    return stage.end(scheduler.submit(Shop.CHARGE.with(charge).key(order.key())).id());
  }

  /** One attempt fails after it has booked. Returns its trigger. */
  TriggerId ship() throws InterruptedException, SQLException, TimeoutException {
    stage.say("%n3. Stock is booked in the transaction of the attempt");
    List<TriggerId> shippings = new ArrayList<>();
    for (Order order : TAKEN) {
      shippings.add(scheduler.submit(Shop.SHIP.with(order.ref()).key(order.key())).id());
    }
    for (TriggerId shipping : shippings) {
      stage.end(shipping);
    }
    stage.say(
        "   %d teapots were there, %d were ordered, %d are left",
        Tables.TEAPOTS,
        TAKEN.stream().mapToInt(Order::pieces).sum(),
        stage.number("SELECT pieces FROM stock WHERE item = ?", Tables.TEAPOT));
    return shippings.get(TAKEN.indexOf(STUCK));
  }

  /** It waits for its time, then for its queue. */
  Facts.Reminder remind() throws InterruptedException, SQLException, TimeoutException {
    stage.say("%n4. Why doesn't the reminder run?");
    Order order = TAKEN.get(0);
    JobRequest<Order.Ref> request =
        Shop.REMIND.with(order.ref()).key(order.key()).after(Duration.ofDays(14));
    TriggerId reminder = scheduler.submit(request).id();
    stage.say("   %s", scheduler.explain(reminder));

    stage.say("   Its queue is paused, and it is made due in two and a half seconds.");
    scheduler.queues().pause(Shop.REMINDERS);
    scheduler.triggers().reschedule(reminder, Duration.ofMillis(2_500));
    stage.until("the reminder is due", () -> isDue(reminder));
    stage.say("   %s", scheduler.explain(reminder));

    Instant resumedAt = now();
    scheduler.queues().resume(Shop.REMINDERS);
    stage.say("   The queue is resumed.");
    return new Facts.Reminder(stage.end(reminder), resumedAt);
  }

  private boolean isDue(TriggerId trigger) throws SQLException {
    Instant now = now();
    return stage
        .scheduler()
        .triggers()
        .find(trigger)
        .flatMap(TriggerStatus::due)
        .filter(due -> due.isBefore(now))
        .isPresent();
  }

  private Instant now() throws SQLException {
    return stage
        .list(ResultSet::getTimestamp, "SELECT CURRENT_TIMESTAMP FROM stock")
        .get(0)
        .toInstant();
  }
}
