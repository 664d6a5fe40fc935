package dev.escapement.examples.quickstart;

import dev.escapement.Enqueued;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Recurrence;
import dev.escapement.SchedulerClient;
import java.util.List;

/**
 * The jobs of the crontab: what an application writes whose users say at run time when something is
 * to run. One job makes the triggers, and one job runs all lines.
 */
final class CrontabJobs {

  /** Makes each line of a crontab a recurring trigger. */
  static final JobType<Text> LOAD = JobType.of("load-crontab", Text.class);

  /** Runs a line. It has one recurring trigger for each line. */
  static final JobType<Line> RUN_LINE = JobType.of("run-line", Line.class);

  /** The payload of {@link #LOAD}. */
  record Text(String file, String text) {}

  /** What it means to run a line. */
  @FunctionalInterface
  interface Runner {
    /** Does it, and says the result. */
    String run(Line line) throws Exception;
  }

  private final Journal journal;
  private final SchedulerClient scheduler;
  private final Runner runner;

  CrontabJobs(Journal journal, SchedulerClient scheduler, Runner runner) {
    this.journal = journal;
    this.scheduler = scheduler;
    this.runner = runner;
  }

  /** A trigger has its line's number for a key, so loading twice makes nothing twice. */
  @JobHandler("load-crontab")
  void load(Text crontab, JobContext context) throws Exception {
    journal.record(
        context,
        () -> {
          List<Recurrence> recurrences =
              CrontabReader.parse(crontab.file(), crontab.text()).lines().stream()
                  .map(CrontabJobs::recurrence)
                  .toList();
          long made = scheduler.recurring(recurrences).stream().filter(Enqueued::created).count();
          return made + " new recurring triggers";
        });
  }

  private static Recurrence recurrence(CrontabLine line) {
    return new Recurrence(RUN_LINE.with(line.line()).key(line.line().key()), line.schedule());
  }

  /** As cron does, it doesn't try again what failed. */
  @JobHandler(value = "run-line", maxAttempts = 1)
  void runLine(Line line, JobContext context) throws Exception {
    journal.record(context, () -> "line " + line.number() + ": " + runner.run(line));
  }
}
