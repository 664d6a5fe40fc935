package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.policy.Retry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is enqueued in a transaction of the application's. One application for all of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Joining {

  static final JobType<String> PLAIN = JobType.of("plain", String.class);
  static final JobType<String> TRANSACTED = JobType.of("transacted", String.class);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a run does, by its payload. */
  static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

  /** What a run does. */
  @FunctionalInterface
  interface Script {
    void run(JobContext context) throws Exception;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Beans {

    @Bean
    Shop shop() {
      return new Shop();
    }

    @Bean
    Job<String> plain() {
      return Job.of(PLAIN, Joining::play);
    }

    @Bean
    Job<String> transacted() {
      return Job.of(TRANSACTED, Joining::play).transactional().retry(Retry.none());
    }
  }

  private static void play(String script, JobContext context) throws Exception {
    Objects.requireNonNull(SCRIPTS.get(script), script).run(context);
  }

  /** A shop's own exception. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super("refused");
    }
  }

  ConfigurableApplicationContext context;
  Scheduler scheduler;
  Shop shop;
  JdbcTemplate jdbc;

  /** With a table for purchases. The poll interval is so long that only a wake-up is in time. */
  abstract ConfigurableApplicationContext start();

  /** Puts a purchase where the application keeps it, in the way in which it does. */
  abstract void buy(long id);

  abstract boolean isPostgres();

  @BeforeAll
  void startOnce() {
    context = start();
    scheduler = context.getBean(Scheduler.class);
    shop = context.getBean(Shop.class);
    jdbc = context.getBean(JdbcTemplate.class);
  }

  @AfterAll
  void stop() {
    context.close();
    drop();
  }

  /** The database, if it is to be. */
  void drop() {}

  @BeforeEach
  void clear() {
    shop.inTransaction(() -> jdbc.update("DELETE FROM purchase"));
    SCRIPTS.put("nothing", run -> {});
  }

  long purchases() {
    return Objects.requireNonNull(jdbc.queryForObject("SELECT count(*) FROM purchase", Long.class));
  }

  boolean isThere(TriggerId id) {
    return scheduler.triggers().find(id).isPresent() || !scheduler.executions().of(id).isEmpty();
  }

  void assertSucceeds(TriggerId id) {
    try {
      assertThat(scheduler.await(id, PATIENCE).outcome()).isEqualTo(Outcome.SUCCEEDED);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Runs in a transaction that is rolled back. */
  void rolledBack(Runnable work) {
    assertThatThrownBy(
            () ->
                shop.inTransaction(
                    () -> {
                      work.run();
                      throw new Refused();
                    }))
        .isInstanceOf(Refused.class);
  }

  @Test
  void whatIsEnqueuedInATransactionBeginsAtOnceWhenItCommits() {
    AtomicReference<@Nullable TriggerId> made = new AtomicReference<>();
    shop.inTransaction(
        () -> {
          buy(1);
          TriggerId id = scheduler.enqueue(PLAIN, "nothing").id();
          made.set(id);
          assertThat(isThere(id)).as("seen from outside").isFalse();
        });

    assertSucceeds(Objects.requireNonNull(made.get()));
    assertThat(purchases()).isOne();
  }

  @Test
  void aRollbackLeavesNothing() {
    AtomicReference<@Nullable TriggerId> made = new AtomicReference<>();
    rolledBack(
        () -> {
          buy(1);
          made.set(scheduler.enqueue(PLAIN, "nothing").id());
        });

    assertThat(isThere(Objects.requireNonNull(made.get()))).isFalse();
    assertThat(purchases()).isZero();
  }

  @Test
  void whatIsEnqueuedInATransactionOfItsOwnStays() {
    AtomicReference<@Nullable TriggerId> made = new AtomicReference<>();
    rolledBack(() -> shop.inAnother(() -> made.set(scheduler.enqueue(PLAIN, "nothing").id())));

    assertSucceeds(Objects.requireNonNull(made.get()));
  }

  @Test
  void aTransactionThatOnlyReadsTakesNothingAndGoesOn() {
    Assumptions.assumeTrue(isPostgres(), "H2 takes no notice of it");
    shop.reading(
        () -> {
          assertThatThrownBy(() -> scheduler.enqueue(PLAIN, "nothing"))
              .isInstanceOf(NoTransactionsException.class)
              .hasMessageContaining("read-only")
              .hasMessageContaining("REQUIRES_NEW");
          assertThat(purchases()).isZero();
        });
  }

  @Test
  void whatIsEnqueuedAfterTheEndOfATransactionIsThere() {
    AtomicReference<@Nullable Enqueued> made = new AtomicReference<>();
    rolledBack(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCompletion(int status) {
                    made.set(scheduler.enqueue(PLAIN, "nothing"));
                  }
                }));

    assertSucceeds(Objects.requireNonNull(made.get()).id());
  }

  /** The transaction is still bound then, and nobody will commit it once more. */
  @Test
  void whatIsEnqueuedRightAfterACommitIsThereAndBeginsAtOnce() {
    AtomicReference<@Nullable Enqueued> made = new AtomicReference<>();
    shop.inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    Enqueued enqueued = scheduler.enqueue(PLAIN, "nothing");
                    assertThat(isThere(enqueued.id())).isTrue();
                    made.set(enqueued);
                  }
                }));

    assertSucceeds(Objects.requireNonNull(made.get()).id());
  }
}
