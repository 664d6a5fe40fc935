package dev.escapement.engine;

import dev.escapement.proofs.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A run that is stopped, by one or by two, while its handler is called and returns. */
public class RunInterleavedTest {

  private final Run run = Pieces.run(Pieces.session());

  /** The worker's part. Says how it went, and whether an interrupt has outlived the run. */
  @Operation(runOnce = true)
  public String work() {
    if (!run.begin()) {
      return "not begun";
    }
    run.end();
    return Thread.interrupted() ? "interrupted after the end" : "ran";
  }

  /** Somebody cancels. Says whether the reason that stood was pushed aside. */
  @Operation
  public boolean cancel() {
    return pushesAside(Run.Stop.CANCELLED);
  }

  /** The time is up. Says the same. */
  @Operation
  public boolean timeOut() {
    return pushesAside(Run.Stop.TIMEOUT);
  }

  private boolean pushesAside(Run.Stop reason) {
    Run.Stop before = run.stopped();
    run.stop(reason);
    Run.Stop after = run.stopped();
    return before != null && before != after;
  }

  /** The worker's outcome, or that of whoever gives the run up. */
  @Operation
  public boolean handOver() {
    return run.handOver();
  }

  @Test
  void whateverInterleavesOneReasonStandsAndNoInterruptOutlivesTheRun() {
    Interleavings.explore(RunInterleavedTest.class, RunInterleavedTest.class, 12, 40);
  }

  @Test
  @Tag("torture")
  void whateverCollidesOneReasonStandsAndNoInterruptOutlivesTheRun() {
    Interleavings.stress(RunInterleavedTest.class, RunInterleavedTest.class, 20, 300);
  }
}
