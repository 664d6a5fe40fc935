package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.Outcome;
import dev.escapement.Recurring;
import dev.escapement.SchedulerClient;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Two replicas of an application, which share a database. */
@Timeout(120)
class ReplicasTest {

  private static final String URL = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private static final String ADOPTED = "clock.adopted";
  private static final String ANNOTATED = "annotated";

  private static final AtomicInteger ADOPTED_CALLS = new AtomicInteger();
  private static final AtomicInteger ANNOTATED_CALLS = new AtomicInteger();

  static class Clock {
    @Scheduled(cron = "* * * * * *")
    void adopted() {
      ADOPTED_CALLS.incrementAndGet();
    }

    @Recurring(name = ANNOTATED, cron = "* * * * * *")
    void annotated() {
      ANNOTATED_CALLS.incrementAndGet();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableScheduling
  static class Replica {
    @Bean
    DataSource dataSource() {
      JdbcDataSource source = new JdbcDataSource();
      source.setURL(URL);
      return source;
    }

    @Bean
    Clock clock() {
      return new Clock();
    }
  }

  private static ConfigurableApplicationContext replica() {
    return Applications.run(Replica.class, "escapement.adopt-scheduled=true");
  }

  private static List<Execution> executions(SchedulerClient client, String job) {
    return client.executions().list(ExecutionFilter.ofJob(job), 1_000).items().stream()
        .filter(execution -> execution.outcome() != Outcome.RELEASED)
        .toList();
  }

  private static void checkEachFiredOnce(List<Execution> executions, AtomicInteger calls) {
    assertThat(executions).extracting(Execution::fireTime).doesNotHaveDuplicates();
    assertThat(executions).allMatch(execution -> execution.outcome() == Outcome.SUCCEEDED);
    assertThat(calls).hasValue(executions.size());
  }

  @Test
  void eachFireTimeIsFiredByOneOfThem() {
    SchedulerClient client;
    try (ConfigurableApplicationContext first = replica();
        ConfigurableApplicationContext second = replica()) {
      client = first.getBean(SchedulerClient.class);
      assertThat(second.getBean(SchedulerClient.class)).isNotSameAs(client);
      int before = executions(client, ADOPTED).size();
      while (executions(client, ADOPTED).size() < before + 3
          || executions(client, ANNOTATED).size() < 3) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    // A scheduler that has stopped still looks.
    checkEachFiredOnce(executions(client, ADOPTED), ADOPTED_CALLS);
    checkEachFiredOnce(executions(client, ANNOTATED), ANNOTATED_CALLS);
  }
}
