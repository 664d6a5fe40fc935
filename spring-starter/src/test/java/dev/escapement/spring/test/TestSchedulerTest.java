package dev.escapement.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.store.Store;
import dev.escapement.testing.TestScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The tests of an application without a database. */
@SpringBootTest(
    webEnvironment = WebEnvironment.NONE,
    properties = {
      "spring.autoconfigure.exclude="
          + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,"
          + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "escapement.jobs.clean.queue=night"
    })
@AutoConfigureTestScheduler
class TestSchedulerTest {

  private static final JobType<Letter> SEND = JobType.of("send", Letter.class);

  record Letter(String to) {}

  static class Post {
    private final SchedulerClient client;
    private final List<String> sent = new ArrayList<>();

    Post(SchedulerClient client) {
      this.client = client;
    }

    void write(String to) {
      client.schedule(SEND, new Letter(to), Duration.ofMinutes(5));
    }

    @JobHandler("send")
    void send(Letter letter) {
      sent.add(letter.to());
    }

    @Recurring(name = "sweep", cron = "0 0 3 * * *")
    void sweep() {
      sent.clear();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    Post post(SchedulerClient client) {
      return new Post(client);
    }

    /** Wants the scheduler that wants the job. */
    @Bean
    Job<Void> clean(SchedulerClient client) {
      return Job.of(
          JobType.of("clean"), (none, context) -> client.enqueue(SEND, new Letter("all")));
    }

    @Bean
    Clock clock(TestScheduler scheduler) {
      return scheduler.clock();
    }

    @Bean
    TestSchedulerBuilderCustomizer start() {
      return builder -> builder.startingAt(Instant.parse("2026-03-01T01:00:00Z"));
    }
  }

  @Autowired TestScheduler scheduler;
  @Autowired SchedulerClient client;
  @Autowired Post post;
  @Autowired Clock clock;
  @Autowired ApplicationContext context;

  @Test
  void theSchedulerIsOneForAllAndLeavesDatabasesAlone() {
    assertThat(client).isSameAs(scheduler);
    assertThat(context.getBean(Scheduler.class)).isSameAs(scheduler);
    assertThat(context.getBean("escapementScheduler")).isSameAs(scheduler);
    assertThat(context.getBeanProvider(Store.class).stream()).isEmpty();
    assertThat(context.getBeanProvider(DataSource.class).stream()).isEmpty();
  }

  @Test
  void nothingRunsBeforeTheTestTurnsTheClock() {
    post.write("Ann");

    scheduler.assertEnqueued(SEND, new Letter("Ann"));
    assertThat(scheduler.runDue()).isEmpty();
    assertThat(scheduler.advance(Duration.ofMinutes(5)))
        .extracting(Execution::outcome)
        .containsExactly(Outcome.SUCCEEDED);
    assertThat(post.sent).containsExactly("Ann");
    assertThat(clock.instant()).isEqualTo("2026-03-01T01:05:00Z");
  }

  @Test
  void annotatedMethodsRecur() {
    post.write("Ann");
    scheduler.advance(Duration.ofHours(25));

    assertThat(scheduler.executed("sweep"))
        .extracting(each -> each.fireTime().toString())
        .containsExactly("2026-03-01T03:00:00Z");
    assertThat(post.sent).isEmpty();
  }

  @Test
  void jobBeansRunAsPropertiesSay() {
    client.enqueue(JobType.of("clean"));

    assertThat(client.triggers().list(TriggerFilter.ofJob("clean"), 1).items())
        .extracting(each -> each.queue())
        .containsExactly("night");
    scheduler.runDue();
    assertThat(scheduler.executed(SEND)).hasSize(1);
  }

  @RepeatedTest(2)
  void eachTestBeginsWithANewOne() {
    assertThat(clock.instant()).isEqualTo("2026-03-01T01:00:00Z");
    scheduler.assertNothingEnqueued();
    assertThat(scheduler.executed(SEND)).isEmpty();

    post.write("Bob");
    scheduler.drain();
    post.write("Eve");
    assertThat(scheduler.executed(SEND)).hasSize(1);
  }

  @AfterEach
  void burnTheLetters() {
    post.sent.clear();
  }
}
