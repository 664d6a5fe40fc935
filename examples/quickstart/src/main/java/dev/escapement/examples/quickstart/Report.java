package dev.escapement.examples.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Prints the evidence and the verdict. */
final class Report {

  private final PrintStream out;
  private final Evidence evidence;
  private final List<String> replicas;

  Report(PrintStream out, Evidence evidence) {
    this.out = out;
    this.evidence = evidence;
    this.replicas =
        evidence.runs().stream().map(Run::replica).distinct().sorted(Report::byNumber).toList();
  }

  private static int byNumber(String one, String other) {
    return one.length() != other.length() ? one.length() - other.length() : one.compareTo(other);
  }

  void print(Verdict verdict) {
    fires(Jobs.SUN_OVERHEAD);
    fires(Jobs.PROGRESS);
    oneTimeJobs();
    takeover();
    latencies();
    print(out, verdict);
  }

  private void fires(String job) {
    SortedMap<Instant, List<Run>> fires = evidence.fires(job);
    print("%n%s: who fired each fire time, and how late%n  %-12s", job, "fire time");
    replicas.forEach(replica -> print(" %8s", replica));
    fires.forEach(
        (fireTime, runs) -> {
          print("%n  %s", Console.clock(fireTime));
          replicas.forEach(replica -> print(" %8s", cell(replica, runs)));
          print("%s", note(fireTime, runs));
        });
    print("%n");
  }

  private String note(Instant fireTime, List<Run> runs) {
    Instant due = runs.get(0).due();
    if (runs.stream().anyMatch(evidence::tookOver)) {
      return "  taken over";
    }
    return due.isBefore(fireTime) ? "  the latest of those from " + Console.clock(due) + " on" : "";
  }

  private String cell(String replica, List<Run> runs) {
    return runs.stream()
        .filter(run -> run.replica().equals(replica))
        .map(run -> evidence.killed(run) ? "killed" : Console.millis(run.lateBy()))
        .reduce((one, other) -> one + "+" + other)
        .orElse("");
  }

  private void oneTimeJobs() {
    List<Run> runs = evidence.runsOf(Jobs.SUN_TIMES.name());
    print(
        "%nsun-times: %d enqueued, %d done once each%n",
        evidence.orders().sunTimes(),
        runs.stream().filter(run -> run.succeeded() && !evidence.killed(run)).count());
    runs.stream()
        .filter(evidence::killed)
        .forEach(run -> print("           one began on %s too, which was killed%n", run.replica()));
    print("flaky:     ");
    for (Run run : evidence.runsOf(evidence.orders().flaky())) {
      print(
          " attempt %d %s on %s ",
          run.attempt().number(), run.failed() ? "failed" : "succeeded", run.replica());
    }
    print("%n");
  }

  private void takeover() {
    evidence
        .takeover()
        .ifPresent(
            run ->
                print(
                    "almanac:    %s was killed, %s began it anew %s later (the promise: %s)%n",
                    evidence.kill().orElseThrow().replica(),
                    run.replica(),
                    Console.seconds(evidence.takeoverTook().orElse(Duration.ZERO)),
                    Console.seconds(Promises.TAKEOVER)));
  }

  private void latencies() {
    print("%n%-32s %6s %8s %8s %8s %8s%n", "late by", "runs", "p50", "p95", "p99", "max");
    latency(Jobs.SUN_OVERHEAD, run -> run.job().equals(Jobs.SUN_OVERHEAD));
    latency(Jobs.PROGRESS, run -> run.job().equals(Jobs.PROGRESS));
    latency("sun-times, one by one", run -> isSunTimes(run) && !inBacklog(run));
    latency("sun-times, all due at once", run -> isSunTimes(run) && inBacklog(run));
  }

  private static boolean isSunTimes(Run run) {
    return run.job().equals(Jobs.SUN_TIMES.name());
  }

  private boolean inBacklog(Run run) {
    return evidence.orders().backlog().contains(run.trigger());
  }

  private void latency(String what, Predicate<Run> which) {
    Latency latency =
        Latency.of(
            evidence.runs().stream().filter(which).filter(run -> !evidence.tookOver(run)).toList());
    print(
        "  %-30s %6d %8s %8s %8s %8s%n",
        what,
        latency.runs(),
        Console.millis(latency.p50()),
        Console.millis(latency.p95()),
        Console.millis(latency.p99()),
        Console.millis(latency.max()));
  }

  /** Prints what each promise came to. */
  static void print(PrintStream out, Verdict verdict) {
    out.println();
    for (Verdict.Check check : verdict.checks()) {
      out.printf(Locale.ROOT, "  %-6s %s%n", check.holds() ? "ok" : "FAILED", check.promise());
      check
          .faults()
          .forEach(fault -> out.println("         " + fault.replace("\n", "\n           ")));
    }
    out.printf(
        Locale.ROOT,
        "%nVerdict: %s%n",
        verdict.holds()
            ? "every promise was kept."
            : "NOT every promise was kept, see FAILED above.");
  }

  private void print(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
