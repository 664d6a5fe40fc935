package dev.escapement.engine;

import dev.escapement.Outcome;
import dev.escapement.proofs.Interleavings;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Next;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The last run hands its outcome over while the completer writes, or fails to, and a node that
 * stops looks whether all is written.
 */
public class OutboxInterleavedTest {

  private static final int RUNS = 1;

  private final Holdings holdings = new Holdings();
  private final Outbox outbox = new Outbox(holdings, Pieces.CLOCK, Settings.GroupCommit.DEFAULT);
  private final AtomicInteger added = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final List<Outbox.Item> items;

  /** A claim is held. */
  public OutboxInterleavedTest() {
    Session session = Pieces.session();
    List<Run> runs = Stream.generate(() -> Pieces.run(session)).limit(RUNS).toList();
    holdings.add(runs);
    items = runs.stream().map(OutboxInterleavedTest::item).toList();
  }

  private static Outbox.Item item(Run run) {
    Ending ending = new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true);
    return new Outbox.Item(run, new Completion(run.guard(), ending, Next.REMOVE), null);
  }

  /** The run is done. */
  @Operation
  public void add() {
    int next = added.getAndIncrement();
    if (next < RUNS) {
      outbox.add(items.get(next));
    }
  }

  /** The completer writes what there is. */
  @Operation(nonParallelGroup = "completer")
  public void write() {
    List<Outbox.Item> batch = outbox.take();
    batch.forEach(this::written);
    outbox.putBack(batch);
  }

  private void written(Outbox.Item item) {
    if (item.done) {
      throw new IllegalStateException("written twice: " + item.run);
    }
    item.done = true;
    holdings.remove(item.run);
    written.incrementAndGet();
  }

  /** The store throws at the completer. */
  @Operation(nonParallelGroup = "completer")
  public void fail() {
    List<Outbox.Item> batch = outbox.take();
    outbox.putBack(batch);
  }

  /** Somebody holds the row. */
  @Operation(nonParallelGroup = "completer")
  public void findBusy() {
    List<Outbox.Item> batch = outbox.take();
    batch.forEach(
        item -> {
          item.passed = true;
          item.againAt = Pieces.CLOCK.getAsLong();
        });
    outbox.putBack(batch);
  }

  /** Whether a node that stops may take for written what isn't. */
  @Operation
  public boolean isDeceived() throws InterruptedException {
    return holdings.idle() && outbox.drain(Duration.ZERO) == 0 && written.get() < RUNS;
  }

  /** Nothing is lost. */
  @Validate
  public void allIsWrittenOnce() throws InterruptedException {
    while (added.get() < RUNS) {
      add();
    }
    while (outbox.drain(Duration.ZERO) > 0) {
      write();
    }
    if (written.get() != RUNS || !holdings.guards().isEmpty() || !holdings.idle()) {
      throw new IllegalStateException(written + " outcomes are written of " + RUNS);
    }
  }

  @Test
  void noInterleavingLosesAnOutcomeOrHidesOne() {
    Interleavings.explore(OutboxInterleavedTest.class, OutboxInterleavedTest.class, 4, 40);
  }

  @Test
  @Tag("torture")
  void noCollisionLosesAnOutcomeOrHidesOne() {
    Interleavings.stress(OutboxInterleavedTest.class, OutboxInterleavedTest.class, 6, 300);
  }
}
