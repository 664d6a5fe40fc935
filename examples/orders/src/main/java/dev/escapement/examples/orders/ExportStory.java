package dev.escapement.examples.orders;

import dev.escapement.Execution;
import dev.escapement.Explanation;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A long export loses its process, is paused, and still ends. */
final class ExportStory {

  /** Killed after that many orders, in the middle of a batch. */
  private static final int KILL_AFTER = 400;

  /** Up to here a batch has little to be sent again. */
  private static final int BATCH_BEGINS = 5;

  /** From here on a batch may be over before its process is dead. */
  private static final int BATCH_ENDS = 40;

  private static final int PAUSE_AFTER = 750;

  private final Stage stage;
  private final SchedulerClient scheduler;
  private final Offices offices;

  ExportStory(Stage stage, Offices offices) {
    this.stage = stage;
    this.scheduler = stage.scheduler();
    this.offices = offices;
  }

  /** Returns the last execution. */
  Execution play() throws InterruptedException, IOException, SQLException, TimeoutException {
    stage.say("%n5. The nightly export, and its process is killed in the middle");
    Export.Day day = new Export.Day(Tables.YESTERDAY);
    TriggerId export = scheduler.submit(Export.EXPORT.with(day).key(day.day().toString())).id();
    kill(export);
    pause(export);
    stage.say("%n7. The result is awaited");
    Execution last = stage.end(export);
    stage.say("   result: %s", last.result().map(Object::toString).orElse("none"));
    return last;
  }

  private void kill(TriggerId export) throws InterruptedException, SQLException, TimeoutException {
    stage.until("an office exports; what it printed may say why not", () -> runs() == 1);
    String office = office();
    stage.say("   %s exports %d orders", office, Tables.YESTERDAYS_ORDERS);
    stage.until(KILL_AFTER + " orders are exported", this::isInTheMiddle);
    offices.kill(office);
    long killed = System.nanoTime();
    long sent = stage.number("SELECT count(*) FROM exported");
    stage.say(
        "   KILLED %s, after %d orders; its progress, written once a second, says %s",
        office, sent, progress(export));
    stage.until("another office takes over", () -> runs() == 2);
    double seconds = (System.nanoTime() - killed) / (double) TimeUnit.SECONDS.toNanos(1);
    long from = begin();
    stage.say(
        "   %s takes over %.1f s later, and goes on after order %d: %d are sent again",
        office(), seconds, from, sent - from);
  }

  private boolean isInTheMiddle() throws SQLException {
    long sent = stage.number("SELECT count(*) FROM exported");
    long inBatch = sent % Export.BATCH;
    return sent >= KILL_AFTER && inBatch > BATCH_BEGINS && inBatch < BATCH_ENDS;
  }

  private void pause(TriggerId export) throws InterruptedException, SQLException, TimeoutException {
    stage.say("%n6. The export is paused, and resumed");
    stage.until("order " + PAUSE_AFTER + " is exported", () -> upTo() >= PAUSE_AFTER);
    stage.say("   pause: %s, at order %d", scheduler.triggers().pause(export), upTo());
    stage.until(
        "the export has yielded",
        () -> scheduler.explain(export).reason() == Explanation.Reason.PAUSED);
    stage.say("   %s, after order %d", TriggerState.PAUSED, upTo());
    stage.say("   %s", scheduler.explain(export));
    stage.say("   resume: %s", scheduler.triggers().resume(export));
    stage.until("it goes on", () -> runs() == 3);
    stage.say("   %s goes on after order %d", office(), begin());
  }

  private long runs() throws SQLException {
    return stage.number("SELECT count(*) FROM export_run");
  }

  private long upTo() throws SQLException {
    return stage.number("SELECT max(order_id) FROM exported");
  }

  /** After which order the latest run has begun. */
  private long begin() throws SQLException {
    return stage.number("SELECT max(after_order) FROM export_run");
  }

  /** Who runs the export. */
  private String office() throws SQLException {
    return stage
        .list(ResultSet::getString, "SELECT office FROM export_run ORDER BY run DESC")
        .get(0);
  }

  private String progress(TriggerId export) {
    return scheduler
        .triggers()
        .progress(export)
        .map(each -> "%d of %d".formatted(each.done(), each.total()))
        .orElse("nothing");
  }
}
