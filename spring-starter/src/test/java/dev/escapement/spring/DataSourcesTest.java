package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.policy.Retry;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An application with several data sources, or one behind proxies of Spring's. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DataSourcesTest {

  private static final JobType<Void> NOTHING = JobType.of("nothing");
  private static final JobType<Void> WRITING = JobType.of("writing");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Only who is woken is in time. */
  private static final String RARELY = "escapement.poll-interval=1h";

  private static DataSource h2(String name) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + name + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Configuration(proxyBeanMethods = false)
  static class Two {
    @Bean
    DataSource orders() {
      return h2("orders");
    }

    @Bean
    DataSource jobs() {
      return h2("jobs");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OneMarked {
    @Bean
    @Primary
    DataSource orders() {
      return h2("orders");
    }

    @Bean
    @EscapementDataSource
    DataSource jobs() {
      return h2("jobs");
    }

    @Bean
    JdbcTransactionManager ordersTransactions(DataSource orders) {
      return new JdbcTransactionManager(orders);
    }

    @Bean
    Job<Void> nothing() {
      return Job.of(NOTHING, run -> {});
    }

    @Bean
    Job<Void> writing(@EscapementDataSource DataSource jobs) {
      return Job.of(
              WRITING,
              run -> {
                new JdbcTemplate(jobs).update("INSERT INTO written VALUES (1)");
                throw new Refused();
              })
          .transactional()
          .retry(Retry.none());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class BothMarked {
    @Bean
    @EscapementDataSource
    DataSource orders() {
      return h2("orders");
    }

    @Bean
    @EscapementDataSource
    DataSource jobs() {
      return h2("jobs");
    }
  }

  @Test
  void ofSeveralOneMustBeNamed() {
    FailureAnalysis failure = Applications.failure(List.of(Two.class));

    assertThat(failure.getDescription())
        .contains("several DataSources")
        .contains("orders")
        .contains("jobs");
    assertThat(failure.getAction())
        .contains("@EscapementDataSource")
        .contains("escapement.jdbc.data-source");
    assertThat(Applications.failure(List.of(BothMarked.class)).getDescription())
        .contains("all bear @EscapementDataSource");
  }

  @Test
  void aNameThatIsNoBeansIsRefused() {
    FailureAnalysis failure =
        Applications.failure(List.of(Two.class), "escapement.jdbc.data-source=job");

    assertThat(failure.getDescription())
        .contains("escapement.jdbc.data-source names the bean \"job\"");
    assertThat(failure.getAction()).contains("orders").contains("jobs");
  }

  @Test
  void theNamedOneIsUsed() {
    try (ConfigurableApplicationContext context =
        Applications.run(Two.class, Applications.WITHOUT_JPA, "escapement.jdbc.data-source=jobs")) {
      assertThat(context.getBean(Store.class).describe()).contains("jdbc:h2:mem:jobs");
    }
  }

  @Test
  void aTransactionManagerOfAnotherDataSourceIsRefused() {
    FailureAnalysis failure =
        Applications.failure(
            List.of(OneMarked.class), "escapement.jdbc.transaction-manager=ordersTransactions");

    assertThat(failure.getDescription()).contains("of another DataSource than the scheduler's");
  }

  @Test
  void aTransactionOfAnotherDataSourceIsNotTakenPartInAndDelaysNothing() {
    try (ConfigurableApplicationContext context = Applications.run(OneMarked.class, RARELY)) {
      assertThat(context.getBean(Store.class).describe()).contains("jdbc:h2:mem:jobs");
      Scheduler scheduler = context.getBean(Scheduler.class);
      TransactionTemplate orders =
          new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
      assertThat(awaited(scheduler, scheduler.enqueue(NOTHING)).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
      Awaiting.until("nothing runs", () -> scheduler.stats().running() == 0);
      AtomicReference<@Nullable Execution> ended = new AtomicReference<>();
      orders.executeWithoutResult(
          status -> {
            Enqueued made = scheduler.enqueue(NOTHING);
            ended.set(awaited(scheduler, made));
            status.setRollbackOnly();
          });

      assertThat(Objects.requireNonNull(ended.get()).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void aTransactionalJobIsInATransactionOfTheSchedulersDataSource() {
    try (ConfigurableApplicationContext context = Applications.run(OneMarked.class, RARELY)) {
      Scheduler scheduler = context.getBean(Scheduler.class);
      JdbcTemplate jobs = new JdbcTemplate(context.getBean("jobs", DataSource.class));
      jobs.execute("CREATE TABLE written (id INT)");

      assertThat(awaited(scheduler, scheduler.enqueue(WRITING)).outcome())
          .isEqualTo(Outcome.FAILED);
      assertThat(jobs.queryForObject("SELECT count(*) FROM written", Integer.class)).isZero();
    }
  }

  private static Execution awaited(Scheduler scheduler, Enqueued made) {
    try {
      return scheduler.await(made.id(), PATIENCE);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Following {
    @Bean
    DataSource source() {
      return new TransactionAwareDataSourceProxy(h2("following"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Lazy {
    @Bean
    DataSource source() {
      return new LazyConnectionDataSourceProxy(h2("lazy"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class LazyBesideItsPool {
    @Bean
    DataSource pool() {
      return h2("pool");
    }

    @Bean
    @Primary
    DataSource source(DataSource pool) {
      return new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(pool));
    }
  }

  @Test
  void aProxyThatFollowsTransactionsIsSeenThrough() {
    assertJoins(Following.class);
  }

  @Test
  void aProxyThatConnectsLateIsUsedAsItIs() {
    assertJoins(Lazy.class);
  }

  @Test
  void transactionsOfAProxyAreThoseOfItsPool() {
    assertJoins(LazyBesideItsPool.class, "escapement.jdbc.data-source=pool");
    assertJoins(LazyBesideItsPool.class, "escapement.jdbc.data-source=source");
  }

  private static void assertJoins(Class<?> configuration, String... properties) {
    try (ConfigurableApplicationContext context = Applications.run(configuration, properties)) {
      Scheduler scheduler = context.getBean(Scheduler.class);
      TransactionTemplate transaction =
          new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
      AtomicReference<@Nullable Enqueued> made = new AtomicReference<>();
      assertThatThrownBy(
              () ->
                  transaction.executeWithoutResult(
                      status -> {
                        made.set(scheduler.enqueue(NOTHING));
                        throw new Refused();
                      }))
          .isInstanceOf(Refused.class);
      assertThat(scheduler.triggers().find(Objects.requireNonNull(made.get()).id())).isEmpty();

      transaction.executeWithoutResult(status -> made.set(scheduler.enqueue(NOTHING)));
      assertThat(scheduler.triggers().find(Objects.requireNonNull(made.get()).id())).isPresent();
    }
  }
}
