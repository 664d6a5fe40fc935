package dev.escapement.examples.quickstart;

import java.io.PrintStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what a crontab's lines say, and what became of them. */
final class CrontabPrinter {

  private static final int FIRES_SHOWN = 3;
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm xxx", Locale.ENGLISH);

  private final PrintStream out;

  CrontabPrinter(PrintStream out) {
    this.out = out;
  }

  /** Each line in words, with its next fires. */
  void lines(Crontab crontab, Instant now) {
    print("%n%s has %s to run%n", crontab.file(), count(crontab.lines().size(), "line"));
    for (CrontabLine line : crontab.lines()) {
      print(
          "%nline %-4d %s%s%n",
          line.line().number(),
          line.schedule().expression(),
          line.zoned() ? "" : "  (no CRON_TZ stands above it: UTC)");
      print("     says %s%n", line.schedule().describe(Locale.ENGLISH));
      print("     next %s%n", next(line, now));
      print("     runs %s%n", line.line());
    }
    print("%n");
  }

  private static String next(CrontabLine line, Instant now) {
    return line.schedule().fires(now, FIRES_SHOWN).stream()
        .map(fire -> LOCAL.format(fire.atZone(line.schedule().zone())))
        .collect(Collectors.joining(", "));
  }

  /** Each fire of the window, and who ran it. */
  void fires(CrontabEvidence evidence) {
    List<CrontabEvidence.Fire> fires = evidence.fires();
    CrontabWindow window = evidence.window();
    print(
        "%nFrom %s to %s UTC the lines' own schedules list %s%n",
        Console.clock(window.from()), Console.clock(window.to()), count(fires.size(), "fire"));
    if (!fires.isEmpty()) {
      print("  %-13s %5s  %-4s %8s  %s%n", "fire (UTC)", "line", "by", "late by", "");
    }
    for (CrontabEvidence.Fire fire : fires) {
      List<Run> runs = evidence.runsOf(fire);
      if (runs.isEmpty()) {
        String why = evidence.cameDuringARun(fire) ? "came during the run before" : "DIDN'T RUN";
        row(fire, "", "", why);
      }
      for (Run run : runs) {
        row(fire, run.replica(), Console.millis(run.lateBy()), outcome(run));
      }
    }
    Latency latency = Latency.of(evidence.lineRuns());
    if (latency.runs() > 0) {
      print(
          "Late by: p50 %s, max %s%n",
          Console.millis(latency.p50()), Console.millis(latency.max()));
    }
  }

  private void row(CrontabEvidence.Fire fire, String replica, String late, String what) {
    print(
        "  %-13s %5d  %-4s %8s  %s%n",
        Console.clock(fire.time()), fire.line().line().number(), replica, late, what);
  }

  private static String outcome(Run run) {
    String outcome = run.failed() ? "FAILED: " + run.failure() : run.result();
    return outcome == null ? "has no end" : outcome;
  }

  private static String count(int number, String what) {
    return (number == 0 ? "no" : number) + " " + what + (number == 1 ? "" : "s");
  }

  private void print(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
