package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escapement.store.Store;
import dev.escapement.store.Wakeups;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hints, for a store that has any. */
abstract class WakeupContract extends Contract {

  WakeupContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @BeforeEach
  void needsAWayToTell() {
    assumeThat(store.wakeups()).isNotSameAs(Wakeups.NONE);
  }

  @Test
  void reachTheOtherStores() {
    Store other = anotherStore();
    AtomicInteger heard = new AtomicInteger();
    try (Wakeups.Subscription listening = other.wakeups().listen(heard::incrementAndGet)) {
      assertThat(listening).isNotNull();
      Race.await("a hint is heard", () -> signalled(heard));
    }
  }

  private boolean signalled(AtomicInteger heard) {
    store.wakeups().signal();
    return heard.get() > 0;
  }

  @Test
  void reachEveryListenerEvenBehindOneThatThrows() {
    AtomicInteger heard = new AtomicInteger();
    Wakeups wakeups = anotherStore().wakeups();
    Wakeups.Subscription faulty =
        wakeups.listen(
            () -> {
              throw new IllegalStateException("a listener's fault");
            });
    Wakeups.Subscription sound = wakeups.listen(heard::incrementAndGet);
    Race.await("a hint is heard", () -> signalled(heard));
    faulty.close();
    sound.close();
  }

  @Test
  void endWithTheSubscription() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger heard = new AtomicInteger();
    Wakeups wakeups = anotherStore().wakeups();
    Wakeups.Subscription ending = wakeups.listen(closed::incrementAndGet);
    Wakeups.Subscription going = wakeups.listen(heard::incrementAndGet);
    ending.close();
    ending.close();
    int before = closed.get();
    Race.await("a hint is heard", () -> signalled(heard));
    assertThat(closed).hasValue(before);
    going.close();
    going.close();
  }

  @Test
  void neverThrowAfterTheClose() {
    Store closing = anotherStore();
    Wakeups.Subscription listening = closing.wakeups().listen(() -> {});
    closing.close();
    closing.wakeups().signal();
    listening.close();
  }
}
