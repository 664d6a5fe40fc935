package dev.escapement.examples.quickstart;

import dev.escapement.Backoff;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Recurring;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.util.concurrent.TimeUnit;

/**
 * The jobs: what an application writes. Every replica declares the same ones, and whichever claims
 * a trigger runs it.
 *
 * <p>Each run notes itself in the {@link Journal}, only so that the quickstart can prove afterwards
 * what ran, when and where.
 */
final class Jobs {

  /** Sunrise and sunset. Who enqueues needs this constant and nothing else of the class. */
  static final JobType<SunTimes> SUN_TIMES = JobType.of("sun-times", SunTimes.class);

  static final JobType<Void> FLAKY = JobType.of("flaky");

  static final JobType<Almanac> ALMANAC = JobType.of("almanac", Almanac.class);

  static final String SUN_OVERHEAD = "sun-overhead";

  static final String PROGRESS = "progress";

  /** About how long an almanac takes. */
  static final Duration ALMANAC_TAKES = Duration.ofSeconds(3);

  /** The payload of {@link #SUN_TIMES}; kept as JSON. */
  record SunTimes(Place place, LocalDate day) {}

  /** The payload of {@link #ALMANAC}. */
  record Almanac(Place place, int year) {}

  private final Journal journal;

  Jobs(Journal journal) {
    this.journal = journal;
  }

  /** Fixed rate: counted from fire time to fire time, so it never drifts. */
  @Recurring(name = SUN_OVERHEAD, every = "1s")
  void sunOverhead(JobContext context) throws Exception {
    journal.record(context, () -> Sun.zenith(context.fireTime()).toString());
  }

  /** Fixed delay: the next fire comes a second after this run has ended. */
  @Recurring(name = PROGRESS, fixedDelay = "1s")
  void progress(JobContext context) throws Exception {
    journal.record(context, () -> journal.countDone(SUN_TIMES) + " sun-times are done");
  }

  /** A one-time job: somebody enqueues it, with a payload. */
  @JobHandler("sun-times")
  void sunTimes(SunTimes request, JobContext context) throws Exception {
    journal.record(context, () -> Sun.times(request.place(), request.day()));
  }

  /** An attempt that throws is tried again, here after about 300 and 600 ms. */
  @JobHandler(value = "flaky", maxAttempts = 5, backoff = @Backoff(initial = "300ms"))
  void flaky(JobContext context) throws Exception {
    journal.record(
        context,
        () -> {
          if (context.attempt() < 3) {
            throw new IllegalStateException("the partner doesn't answer");
          }
          return "the partner has answered";
        });
  }

  /** A job that takes its time. If its replica dies, another begins anew. */
  @JobHandler(value = "almanac", timeout = "30s")
  void almanac(Almanac request, JobContext context) throws Exception {
    journal.record(context, () -> "the longest day is " + longestDay(request));
  }

  private static LocalDate longestDay(Almanac request) throws InterruptedException {
    LocalDate longest = LocalDate.of(request.year(), Month.JANUARY, 1);
    for (Month month : Month.values()) {
      YearMonth days = YearMonth.of(request.year(), month);
      LocalDate ofMonth = Sun.longestDay(request.place(), days.atDay(1), days.atEndOfMonth());
      longest = Sun.longer(request.place(), longest, ofMonth);
      waitForThePrinter();
    }
    return longest;
  }

  /** Stands for something slow. An interrupt ends it, and the run with it: timeouts need that. */
  private static void waitForThePrinter() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ALMANAC_TAKES.toMillis() / Month.values().length);
  }
}
