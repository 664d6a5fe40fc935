package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void takesPercentilesByNearestRank() {
    List<Run> runs =
        IntStream.rangeClosed(1, 200).mapToObj(i -> late(Duration.ofMillis(201 - i))).toList();

    assertThat(Latency.of(runs))
        .isEqualTo(
            new Latency(
                200,
                Duration.ofMillis(100),
                Duration.ofMillis(190),
                Duration.ofMillis(198),
                Duration.ofMillis(200)));
  }

  @Test
  void ofNothingIsZero() {
    assertThat(Latency.of(List.of()).max()).isZero();
  }

  private static Run late(Duration lateness) {
    Run.Times times = new Run.Times(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH.plus(lateness));
    Run.Attempt attempt = new Run.Attempt(TriggerId.next(), "late", 1, 1, times);
    return new Run(1, "r1", attempt, Instant.EPOCH, null, null, null);
  }
}
