package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.Wakeups;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LISTEN and NOTIFY between two stores. */
final class NotificationTest {

  private final TestPostgres postgres = new TestPostgres();
  private final Store sender = store();
  private final Store receiver = store();
  private final Semaphore hints = new Semaphore(0);

  private Store store() {
    return postgres
        .store(TestPostgres.dataSource())
        .notifications(TestPostgres.dataSource())
        .build();
  }

  @BeforeEach
  void open() {
    sender.open();
    receiver.open();
  }

  @AfterEach
  void drop() {
    sender.close();
    receiver.close();
    postgres.close();
  }

  @Test
  void aSignalWakes() throws InterruptedException {
    try (Wakeups.Subscription listening = listen()) {
      sender.wakeups().signal();

      assertHint();
      assertThat(listening).isNotNull();
    }
  }

  /** Listens, and waits for the hint that says so: one may have come just before. */
  private Wakeups.Subscription listen() throws InterruptedException {
    Wakeups.Subscription listening = receiver.wakeups().listen(hints::release);
    assertHint();
    return listening;
  }

  private void assertHint() throws InterruptedException {
    assertThat(hints.tryAcquire(30, TimeUnit.SECONDS)).as("a hint").isTrue();
  }

  @Test
  void manySignalsAreFewNotifications() throws InterruptedException {
    try (Wakeups.Subscription listening = listen()) {
      long from = System.nanoTime();
      do {
        sender.wakeups().signal();
      } while (!hints.tryAcquire(7, 1, TimeUnit.MILLISECONDS));
      Duration time = Duration.ofNanos(System.nanoTime() - from);

      assertThat(time).as("four at once and three more").isGreaterThan(Duration.ofMillis(700));
      assertThat(listening).isNotNull();
    }
  }

  @Test
  void listensAgainAfterItsConnectionBroke() throws InterruptedException {
    try (Wakeups.Subscription listening = listen()) {
      postgres.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %"
              + postgres.schema()
              + "%'");
      assertHint();
      sender.wakeups().signal();

      assertHint();
      assertThat(listening).isNotNull();
    }
  }

  /** A channel's name may have 63 bytes, as an identifier may. */
  @Test
  void theLongestNamesWillDo() throws InterruptedException {
    String schema = (postgres.schema() + "_".repeat(31)).substring(0, 31);
    JdbcStore.Builder longest =
        postgres
            .store(TestPostgres.dataSource())
            .schema(schema)
            .tablePrefix("p".repeat(31))
            .notifications(TestPostgres.dataSource());
    try (Store one = longest.build();
        Store other = longest.build();
        Wakeups.Subscription listening = other.wakeups().listen(hints::release)) {
      assertHint();
      one.wakeups().signal();

      assertHint();
      assertThat(schema).hasSize(31);
      assertThat(listening).isNotNull();
    } finally {
      postgres.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
  }

  @Test
  void needPostgres() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:notifications");

    assertThatThrownBy(
            () -> JdbcStore.builder(h2).notifications(TestPostgres.dataSource()).build().open())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("leave out .notifications");
  }
}
