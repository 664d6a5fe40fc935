package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.redis.RedisStore;
import dev.escapement.store.Store;
import dev.escapement.testredis.RedisServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An application whose triggers are in the Redis that Spring has a connection to. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RedisStoreTest {

  private static final JobType<Void> NOTHING = JobType.of("nothing");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Where the guide's properties lead, but for the address. */
  private static final String GUIDE = "spring.config.import=classpath:redis.properties";

  private static final String ASKED_FOR = "escapement.store=redis";

  private static RedisServer server;

  @BeforeAll
  static void start() {
    server = RedisServer.start(Map.of("user", "shop on >secret ~* &* +@all"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Configuration(proxyBeanMethods = false)
  static class Jobs {
    @Bean
    Job<Void> nothing() {
      return Job.of(NOTHING, run -> {});
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class TransactionalJobs {
    @Bean
    Job<Void> nothing() {
      return Job.of(NOTHING, run -> {}).transactional();
    }
  }

  private static String[] properties(String... others) {
    List<String> all =
        new ArrayList<>(
            List.of(
                GUIDE,
                "REDIS_PASSWORD=secret",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + server.port()));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  @Test
  void withoutADatabaseItIsEnough() throws Exception {
    try (ConfigurableApplicationContext context =
        Applications.run(Jobs.class, properties(Applications.NO_DATABASE))) {
      Scheduler scheduler = context.getBean(Scheduler.class);

      assertThat(context.getBean(Store.class)).isInstanceOf(RedisStore.class);
      assertThat(scheduler.await(scheduler.enqueue(NOTHING).id(), PATIENCE).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
      assertThat(Applications.health(context))
          .startsWith("UP")
          .contains("redis://127.0.0.1:" + server.port());
    }
  }

  @Test
  void besideADatabaseItMustBeAskedFor() {
    try (ConfigurableApplicationContext context =
        Applications.run(Applications.WITHOUT_JPA, "spring.data.redis.port=" + server.port())) {
      assertThat(context.getBean(RedisConnectionFactory.class)).isNotNull();
      assertThat(context.getBean(Store.class)).isInstanceOf(JdbcStore.class);
    }
  }

  @Test
  void inATransactionOfTheDatabaseATriggerIsThereAtOnce() throws Exception {
    try (ConfigurableApplicationContext context =
        Applications.run(Jobs.class, properties(Applications.WITHOUT_JPA, ASKED_FOR))) {
      Scheduler scheduler = context.getBean(Scheduler.class);
      AtomicReference<@Nullable Enqueued> made = new AtomicReference<>();
      new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
          .executeWithoutResult(
              status -> {
                made.set(scheduler.enqueue(NOTHING));
                status.setRollbackOnly();
              });

      assertThat(scheduler.await(Objects.requireNonNull(made.get()).id(), PATIENCE).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
      try (Connection connection = context.getBean(DataSource.class).getConnection()) {
        assertThatThrownBy(() -> scheduler.using(connection))
            .isInstanceOf(NoTransactionsException.class)
            .hasMessageContaining("redis://127.0.0.1");
      }
    }
  }

  @Test
  void aTransactionalJobIsRefused() {
    FailureAnalysis failure =
        Applications.failure(
            List.of(TransactionalJobs.class), properties(Applications.NO_DATABASE));

    assertThat(failure.getDescription()).contains("is transactional", "has no transactions");
  }

  /** Bean methods often say no more than the interface. */
  @Configuration(proxyBeanMethods = false)
  static class ByHand {
    @Bean
    RedisConnectionFactory connection() {
      RedisStandaloneConfiguration there =
          new RedisStandaloneConfiguration("127.0.0.1", server.port());
      there.setUsername("shop");
      there.setPassword("secret");
      return new LettuceConnectionFactory(there);
    }
  }

  private final ApplicationContextRunner small =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(EscapementAutoConfiguration.class));

  @Test
  void aConnectionMadeByHandIsEnoughToo() {
    small
        .withUserConfiguration(ByHand.class)
        .withPropertyValues("escapement.redis.prefix=shop", "escapement.redis.timeout=2s")
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(RedisStore.class);
              assertThat(context.getBean(Scheduler.class).stats().trusted()).isTrue();
            });
  }

  @Test
  void anOwnStoreIsPreferred() {
    small
        .withUserConfiguration(ByHand.class)
        .withBean(Store.class, dev.escapement.store.MemoryStore::new)
        .withPropertyValues(ASKED_FOR)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisStore.class));
  }

  private static FailureAnalysis failure(ApplicationContextRunner application) {
    AtomicReference<@Nullable FailureAnalysis> found = new AtomicReference<>();
    application.run(
        context -> {
          Throwable thrown = Objects.requireNonNull(context.getStartupFailure());
          found.set(new EscapementFailureAnalyzer().analyze(thrown));
        });
    return Objects.requireNonNull(found.get());
  }

  private static void assertRefused(
      ApplicationContextRunner application, String what, String remedy) {
    FailureAnalysis failure = failure(application);
    assertThat(failure.getDescription()).contains(what);
    assertThat(failure.getAction()).contains(remedy);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertRefused(small, "no Redis for escapement-redis-store", "escapement-redis-store beside");
    assertRefused(
        small.withPropertyValues(ASKED_FOR),
        ", and Spring has no connection to Redis",
        "spring.data.redis");
    assertRefused(
        small
            .withUserConfiguration(ByHand.class)
            .withPropertyValues(ASKED_FOR)
            .withClassLoader(new FilteredClassLoader("dev.escapement.redis")),
        "the store in Redis isn't on the class path",
        "Add dev.escapement:escapement-redis-store");
    assertRefused(
        small.withUserConfiguration(ByHand.class).withPropertyValues("escapement.store=jdbc"),
        ", and there is no DataSource",
        "Add a database");
  }

  @Configuration(proxyBeanMethods = false)
  static class Two {
    @Bean
    LettuceConnectionFactory cache() {
      return new LettuceConnectionFactory();
    }

    @Bean
    LettuceConnectionFactory jobs() {
      return new LettuceConnectionFactory();
    }
  }

  @Test
  void ofSeveralOneMustBePrimary() {
    assertRefused(
        small.withUserConfiguration(Two.class),
        "several connections to Redis: [cache, jobs]",
        "@Primary");
  }

  @Test
  void ofServersWithoutSentinelsOneMustBeNamed() {
    assertRefused(
        small
            .withUserConfiguration(ByHand.class)
            .withPropertyValues("spring.data.redis.masterreplica.nodes=one:1,two:2"),
        "spring.data.redis.masterreplica.nodes = one:1,two:2",
        "Name the master");
  }

  @Test
  void settingsOfTheOtherStoreAreRefused() {
    assertRefused(
        small
            .withUserConfiguration(ByHand.class)
            .withPropertyValues("escapement.jdbc.migrate=always"),
        "kept in Redis, for which this has no meaning:"
            + System.lineSeparator()
            + "escapement.jdbc.migrate = always",
        "escapement.store");
    assertThat(
            Applications.failure(Applications.WITHOUT_JPA, "escapement.redis.prefix=shop")
                .getDescription())
        .contains("kept in the application's database", "escapement.redis.prefix = shop");
  }

  @Test
  void whatCannotBeIsRefusedWithItsPlace() {
    assertThat(
            failure(
                    small
                        .withUserConfiguration(ByHand.class)
                        .withPropertyValues("escapement.redis.prefix=a b"))
                .getDescription())
        .contains("escapement.redis.prefix = a b", "isn't 1 to 40 letters");
  }
}
