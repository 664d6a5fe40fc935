package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Progress;
import dev.escapement.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How far runs have come, written in few statements; the turns are taken by hand. */
class ReporterTest {

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench bench =
      Bench.opened(clock, memory, "node", Job.of(JobType.of("job"), context -> {}));
  private final Reporter reporter = stopped(new Reporter("reporter", memory));

  /** One that is stopped never begins by itself. */
  private static Reporter stopped(Reporter reporter) {
    reporter.stop(Duration.ZERO);
    return reporter;
  }

  private List<Run> claimed(int count) {
    bench.enqueue("job", count);
    bench.poller.turn();
    return new ArrayList<>(bench.holdings.all());
  }

  private Progress progress(Run run) {
    return memory.checkpoints().progress(run.triggerId()).orElseThrow();
  }

  @AfterEach
  void stop() {
    reporter.stop(Duration.ZERO);
  }

  @Test
  void theLatestReportOfEachRunIsWrittenAtOnce() {
    List<Run> runs = claimed(3);
    runs.forEach(run -> reporter.report(run, 1, 10, "begun"));
    runs.forEach(run -> reporter.report(run, 2, 10, "going"));
    assertThat(reporter.turn()).isEqualTo(Long.MAX_VALUE);
    assertThat(runs)
        .allSatisfy(
            run -> {
              assertThat(progress(run).done()).isEqualTo(2);
              assertThat(progress(run).message()).isEqualTo("going");
            });
  }

  @Test
  void aSecondWriteWaitsForASecond() {
    Run run = claimed(1).get(0);
    reporter.report(run, 1, 10, "");
    reporter.turn();
    reporter.report(run, 2, 10, "");
    assertThat(reporter.turn()).isBetween(1L, 1_000_000_000L);
    assertThat(progress(run).done()).isEqualTo(1);
  }

  @Test
  void oneThatHasEndedIsNotReported() {
    Run run = claimed(1).get(0);
    reporter.report(run, 1, 10, "");
    reporter.ended(run);
    assertThat(reporter.turn()).isEqualTo(Long.MAX_VALUE);
    assertThat(memory.checkpoints().progress(run.triggerId())).isEmpty();
  }

  @Test
  void whatIsNegativeOrTooLongOrNoTextForADatabaseIsMended() {
    Run run = claimed(1).get(0);
    reporter.report(run, -1, -5, "\u0000" + "x".repeat(1_000));
    reporter.turn();
    assertThat(progress(run).done()).isZero();
    assertThat(progress(run).total()).isZero();
    assertThat(progress(run).message()).hasSize(500).startsWith("\uFFFDxx");
  }
}
