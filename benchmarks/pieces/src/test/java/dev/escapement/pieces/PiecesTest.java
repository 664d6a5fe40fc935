package dev.escapement.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class PiecesTest {

  @Test
  void everyBenchmarkRunsOnce() throws RunnerException {
    Options once =
        new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();

    Collection<RunResult> results = new Runner(once).run();

    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive())
        .extracting(result -> result.getParams().getBenchmark())
        .anyMatch(name -> name.startsWith("dev.escapement.pieces.NextFire."))
        .anyMatch(name -> name.startsWith("dev.escapement.pieces.Payloads."))
        .anyMatch(name -> name.startsWith("dev.escapement.pieces.WholeEngine."))
        .anyMatch(name -> name.startsWith("dev.escapement.engine.RunToEnd."))
        .anyMatch(name -> name.startsWith("dev.escapement.engine.HandOver."))
        .anyMatch(name -> name.startsWith("dev.escapement.jdbc.ClaimedRows."));
  }

  @Test
  void theLargePayloadHasAKilobyte() {
    assertThat(new Payloads().largeBytes()).isBetween(1000, 1050);
  }
}
