package dev.escapement.examples.quickstart;

import dev.escapement.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Prints what happens while it happens: a line for each run, as its ledger row tells it. */
final class Console {

  static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final String ROW = "%-12s  %-12s  %8s  %-4s %-13s %s%n";

  private final PrintStream out;

  Console(PrintStream out) {
    this.out = out;
  }

  void header() {
    out.printf(ROW, "due (UTC)", "fired", "late by", "by", "job", "");
  }

  void began(Run run) {
    row(run, "begins" + attempt(run));
  }

  void ended(Run run) {
    String outcome = run.failure() == null ? run.result() : Outcome.FAILED + ": " + run.failure();
    row(run, outcome + attempt(run));
  }

  private void row(Run run, String what) {
    out.printf(
        ROW,
        clock(run.due()),
        clock(run.startedAt()),
        millis(run.lateBy()),
        run.replica(),
        run.job(),
        what);
  }

  private static String attempt(Run run) {
    return run.attempt().number() == 1 ? "" : " (attempt " + run.attempt().number() + ")";
  }

  /** Something that isn't a run. */
  void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
  }

  static String clock(Instant instant) {
    return CLOCK.format(instant);
  }

  static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
