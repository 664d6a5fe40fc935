package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the state lives, and what is said where that isn't clear. */
class StoreTest {

  private static final CountDownLatch TICKS = new CountDownLatch(2);

  @Configuration(proxyBeanMethods = false)
  static class Ticking {
    @Bean
    Job<Void> tick(SchedulerClient client) {
      return Job.recurring(
          "tick",
          Schedules.every(Duration.ofMillis(100)),
          context -> {
            assertThat(client.jobs().find("tick")).isPresent();
            TICKS.countDown();
          });
    }
  }

  @Test
  void aDatabaseInTheContextIsEnough() throws Exception {
    try (ConfigurableApplicationContext context = Applications.run(Ticking.class)) {
      assertThat(TICKS.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(context.getBean(Store.class)).isInstanceOf(JdbcStore.class);
      assertThat(context.getBean(Scheduler.class)).isSameAs(context.getBean(SchedulerClient.class));
      assertThat(context.getBean("escapementScheduler")).isInstanceOf(Scheduler.class);
    }
  }

  @Test
  void withoutADatabaseTheStartFailsAndSaysWhatToDo() {
    FailureAnalysis failure =
        Applications.failure("spring.datasource.url=", Applications.NO_DATABASE);

    assertThat(failure.getDescription()).contains("There is no DataSource");
    assertThat(failure.getAction()).contains("escapement.store=memory");
  }

  @Test
  void aStoreInMemoryMustBeAskedFor() {
    try (ConfigurableApplicationContext context =
        Applications.run("escapement.store=memory", Applications.NO_DATABASE)) {
      assertThat(context.getBean(Store.class)).isInstanceOf(MemoryStore.class);
    }
  }

  @Test
  void aProcessThatOnlyEnqueuesHasNoNode() {
    try (ConfigurableApplicationContext context =
        Applications.run("escapement.enqueue-only=true")) {
      assertThat(context.getBeansOfType(Scheduler.class)).isEmpty();
      assertThat(context.getBean(SchedulerClient.class)).isNotNull();
    }
  }

  /** The same spellings as Spring Boot takes them elsewhere. */
  @Test
  void yesAndOneAreTrueToo() {
    try (ConfigurableApplicationContext context =
        Applications.run("escapement.enabled=1", "escapement.enqueue-only=yes")) {
      assertThat(context.getBeansOfType(Scheduler.class)).isEmpty();
      assertThat(context.getBean(SchedulerClient.class)).isNotNull();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Another {
    @Bean(defaultCandidate = false)
    Scheduler another(SchedulerFactory schedulers, Store store) {
      return schedulers.create("another", store);
    }
  }

  @Test
  void aSchedulerThatTheApplicationMakesRunsNothingEitherWhereItOnlyEnqueues() {
    try (ConfigurableApplicationContext context =
        Applications.run(Another.class, "escapement.enqueue-only=true")) {
      Scheduler another = context.getBean("another", Scheduler.class);
      JobType<Void> later = JobType.of("later");
      TriggerId id = another.enqueue(later).id();

      assertThat(another.triggers().find(id)).isPresent();
      assertThat(another.nodes().all()).isEmpty();
    }
  }

  @Test
  void itCanBeTurnedOff() {
    try (ConfigurableApplicationContext context = Applications.run("escapement.enabled=false")) {
      assertThat(context.getBeansOfType(SchedulerClient.class)).isEmpty();
      assertThat(context.getBeansOfType(Store.class)).isEmpty();
    }
  }
}
