package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.TriggerId;
import dev.escapement.store.Store;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A store's own life, and its clock. */
abstract class BasicContract extends Contract {

  BasicContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void opensMoreThanOnce() {
    TriggerId id = enqueue(Draft.of(JOB));
    store.open();
    assertThat(row(id).id()).isEqualTo(id);
  }

  @Test
  void opensFromManyThreadsAtOnce() {
    var stores = stores(4);
    Race.of(
        4,
        number -> {
          stores.get(number).open();
          return number;
        });
    enqueue(Draft.of(JOB));
  }

  @Test
  void closesMoreThanOnce() {
    Store another = anotherStore();
    another.close();
    another.close();
  }

  @Test
  void outlivesOneOfItsInstances() {
    Store another = anotherStore();
    TriggerId id = another.triggers().enqueue(Draft.of(JOB).make(1)).get(0).id();
    another.close();
    assertThat(row(id).job()).isEqualTo(JOB);
  }

  @Test
  void showsOneInstanceWhatAnotherWrote() {
    TriggerId id = enqueue(Draft.of(JOB));
    assertThat(anotherStore().triggers().find(id)).isPresent();
  }

  @Test
  void readsItsClockInMicroseconds() {
    Instant now = store.now();
    assertThat(now).isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
    Race.await("the clock goes on", () -> store.now().isAfter(now));
  }

  @Test
  void saysWhatItIs() {
    assertThat(store.describe()).isNotBlank();
  }
}
