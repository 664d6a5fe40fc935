package dev.escapement.conformance;

import dev.escapement.TriggerId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Looks at a store until it shows what a test waits for. What one node does to another's rows gives
 * no signal in the other, so the store is what there is to look at.
 */
final class SessionProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long BETWEEN_LOOKS = Duration.ofMillis(20).toNanos();

  private final Store store;

  SessionProbe(Store store) {
    this.store = store;
  }

  void awaitDead(int count) {
    await(
        count + " dead sessions",
        () -> store.sessions().all().stream().filter(s -> !s.live()).count() >= count);
  }

  void awaitHeld(TriggerId id) {
    await(
        "a hold on " + id,
        () -> store.triggers().find(id).filter(t -> !t.holds().isEmpty()).isPresent());
  }

  private void await(String what, BooleanSupplier seen) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!seen.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "Waited in vain for "
                + what
                + "; sessions: "
                + store.sessions().all().stream().map(SessionRecord::toString).toList());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS);
    }
  }
}
