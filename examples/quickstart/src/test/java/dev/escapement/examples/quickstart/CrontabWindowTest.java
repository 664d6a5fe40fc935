package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.schedule.Cron;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrontabWindowTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T12:00:00Z, 65",
    "2026-11-21T12:00:30Z, 35",
    "2026-11-21T12:00:44Z, 21",
    "2026-11-21T12:00:50Z, 20",
    "2026-11-21T12:00:59Z, 20",
  })
  void lastsUntilAMinuteHasBegun(Instant from, long seconds) {
    assertThat(CrontabWindow.length(from)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void countsFiresAfterItsBeginAndUpToItsEnd() {
    CrontabWindow window =
        new CrontabWindow(
            Instant.parse("2026-11-21T12:00:00Z"), Instant.parse("2026-11-21T12:03:00Z"));

    assertThat(window.fires(Cron.unix("* * * * *")))
        .containsExactly(
            Instant.parse("2026-11-21T12:01:00Z"),
            Instant.parse("2026-11-21T12:02:00Z"),
            Instant.parse("2026-11-21T12:03:00Z"));
    assertThat(window.fires(Cron.unix("0 * * * *"))).isEmpty();
  }
}
