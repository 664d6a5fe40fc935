package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The connections that a replica has beside the application's pool. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OwnConnectionsTest {

  private static final JobType<Void> WORK = JobType.of("work");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MIGRATE = "escapement.jdbc.migrate=always";

  private final Postgres postgres = new Postgres();

  @AfterEach
  void drop() {
    postgres.close();
  }

  /** Runs until it is told to end, or isn't trusted any more. */
  @Configuration(proxyBeanMethods = false)
  static class Patient {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch finish = new CountDownLatch(1);

    @Bean
    Job<Void> work() {
      return Job.returning(
          WORK,
          run -> {
            started.countDown();
            while (!run.leaseLost() && finish.getCount() > 0) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            return run.leaseLost();
          });
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Quick {
    @Bean
    Job<Void> work() {
      return Job.of(WORK, run -> {});
    }
  }

  @Test
  void heartbeatsGoOnWhileTheApplicationHoldsTheWholePool() throws Exception {
    try (ConfigurableApplicationContext context =
        Applications.run(
            Patient.class,
            postgres.properties(
                MIGRATE,
                Applications.WITHOUT_JPA,
                "spring.datasource.hikari.maximum-pool-size=3",
                "spring.datasource.hikari.connection-timeout=500",
                "escapement.heartbeat=250ms",
                "escapement.lease=1500ms"))) {
      Patient job = context.getBean(Patient.class);
      Scheduler scheduler = context.getBean(Scheduler.class);
      Enqueued made = scheduler.enqueue(WORK);
      assertThat(job.started.await(30, TimeUnit.SECONDS)).isTrue();

      List<Connection> taken = takeAll(context.getBean(HikariDataSource.class));
      long before = beats();
      Awaiting.until("beats for three leases", () -> beats() >= before + 18);
      for (Connection connection : taken) {
        connection.close();
      }
      job.finish.countDown();

      Execution ended = scheduler.await(made.id(), PATIENCE);
      assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(ended.result().orElseThrow().toString()).as("lease lost").contains("false");
      assertThat(scheduler.stats().sessions()).isOne();
    }
  }

  private static List<Connection> takeAll(HikariDataSource pool) throws Exception {
    List<Connection> taken = new ArrayList<>();
    while (taken.size() < pool.getMaximumPoolSize()) {
      taken.add(pool.getConnection());
    }
    return taken;
  }

  private long beats() {
    return postgres.number("SELECT max(beat) FROM escapement_node");
  }

  @Test
  void aReplicaHasTwoMoreThanThePoolAndNoneWhenItsContextIsClosed() {
    Awaiting.untilNoThreadIsLeft();
    try (ConfigurableApplicationContext context =
        Applications.run(
            Quick.class,
            postgres.properties(
                MIGRATE,
                Applications.WITHOUT_JPA,
                "spring.datasource.hikari.maximum-pool-size=2"))) {
      assertThat(context.isRunning()).isTrue();
      Awaiting.until("all connections", () -> postgres.connections() == 4);
      assertThat(Awaiting.threads()).contains("escapement-listen");
    }
    Awaiting.untilNoThreadIsLeft();
    Awaiting.until("no connection", () -> postgres.connections() == 0);
  }

  @Test
  void theyAreAsThePoolsAre() {
    String inPlainSight = "spring.datasource.url=" + postgres.url().replace("currentSchema", "x");
    try (ConfigurableApplicationContext context =
        Applications.run(
            Quick.class,
            inPlainSight,
            MIGRATE,
            Applications.WITHOUT_JPA,
            "spring.datasource.hikari.schema=" + postgres.schema())) {
      assertThat(context.getBean(Scheduler.class).stats().sessions()).isOne();
      assertThat(postgres.number("SELECT count(*) FROM escapement_node")).isOne();
      assertThat(context.getBean(OwnConnections.class).control()).isPresent();
    }
  }

  @Test
  void whatOneProcessEnqueuesAnotherRunsAtOnce() throws Exception {
    String[] properties =
        postgres.properties(MIGRATE, Applications.WITHOUT_JPA, "escapement.poll-interval=1h");
    try (ConfigurableApplicationContext node = Applications.run(Quick.class, properties);
        ConfigurableApplicationContext client =
            Applications.run(
                postgres.properties(Applications.WITHOUT_JPA, "escapement.enqueue-only=true"))) {
      assertThat(node.getBean(Scheduler.class).stats().sessions()).isOne();
      SchedulerClient other = client.getBean(SchedulerClient.class);
      Awaiting.until("it listens", () -> Awaiting.threads().contains("escapement-listen"));

      assertThat(other.await(other.enqueue(WORK).id(), PATIENCE).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void onH2ThereAreNone() {
    try (ConfigurableApplicationContext context = Applications.run(Applications.WITHOUT_JPA)) {
      OwnConnections own = context.getBean(OwnConnections.class);
      assertThat(own.control()).isEmpty();
      assertThat(own.notifications()).isEmpty();
    }
  }

  /** The URL stands in a property that Spring Boot doesn't know. */
  @Configuration(proxyBeanMethods = false)
  static class OwnDataSource {
    @Bean
    DataSource source(Environment environment) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setURL(environment.getRequiredProperty("own.url"));
      return source;
    }
  }

  @Test
  void ofADataSourceOfTheApplicationsNobodyKnowsTheAddress() {
    String url = "own.url=" + postgres.url();
    try (ConfigurableApplicationContext context =
        Applications.run(OwnDataSource.class, url, MIGRATE, Applications.WITHOUT_JPA)) {
      OwnConnections own = context.getBean(OwnConnections.class);
      assertThat(own.control()).isEmpty();
      assertThat(own.notifications()).isEmpty();
    }
    for (String property : List.of("control-connection", "notifications")) {
      FailureAnalysis failure =
          Applications.failure(
              List.of(OwnDataSource.class),
              url,
              Applications.WITHOUT_JPA,
              "escapement.jdbc." + property + "=true");
      assertThat(failure.getDescription()).contains("escapement.jdbc." + property + " is true");
      assertThat(failure.getAction()).contains("JdbcStoreBuilderCustomizer");
    }
  }
}
