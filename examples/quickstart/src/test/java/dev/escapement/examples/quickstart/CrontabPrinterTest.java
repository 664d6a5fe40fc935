package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.TriggerId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrontabPrinterTest {

  private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CrontabPrinter printer =
      new CrontabPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @Test
  void saysOfEachLineWhatItMeansAndWhenItRuns() throws Exception {
    printer.lines(
        CrontabReader.parse(
            "shop.crontab",
            """
            */5 * * * * date +\\%F
            CRON_TZ=Europe/Zurich
            30 2 * * * mail%Hello
            """),
        NOON);

    assertThat(printed())
        .isEqualTo(
            """

            shop.crontab has 2 lines to run

            line 1    */5 * * * *  (no CRON_TZ stands above it: UTC)
                 says every 5 minutes (UTC)
                 next Sat 2026-03-28 12:05 +00:00, Sat 2026-03-28 12:10 +00:00, Sat 2026-03-28\
             12:15 +00:00
                 runs date +%F

            line 3    30 2 * * *
                 says at 02:30 (Europe/Zurich)
                 next Sun 2026-03-29 03:00 +02:00, Mon 2026-03-30 02:30 +02:00, Tue 2026-03-31\
             02:30 +02:00
                 runs mail < "Hello\\n"

            """);
  }

  @Test
  void saysWhoRanEachFireAndWhichNobodyRan() throws Exception {
    Crontab crontab = CrontabReader.parse("crontab", "* * * * * one\n");
    TriggerId trigger = TriggerId.next();
    Instant time = NOON.plusSeconds(60);
    Run.Times times = new Run.Times(time, time, time.plusMillis(12));
    Run.Attempt attempt = new Run.Attempt(trigger, CrontabJobs.RUN_LINE.name(), 1, 1, times);
    Run run = new Run(1, "r2", attempt, time, time.plusMillis(20), "line 1: one", null);

    printer.fires(
        new CrontabEvidence(
            crontab,
            Map.of(trigger, crontab.lines().get(0)),
            List.of(run),
            List.of(),
            new CrontabWindow(NOON, NOON.plusSeconds(120))));

    assertThat(printed().lines())
        .contains(
            "From 12:00:00.000 to 12:02:00.000 UTC the lines' own schedules list 2 fires",
            "  12:01:00.000      1  r2      12 ms  line 1: one",
            "  12:02:00.000      1                 DIDN'T RUN",
            "Late by: p50 12 ms, max 12 ms");
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
