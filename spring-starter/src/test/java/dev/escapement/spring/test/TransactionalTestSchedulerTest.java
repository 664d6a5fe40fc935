package dev.escapement.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Execution;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.SchedulerClient;
import dev.escapement.store.Store;
import dev.escapement.testing.TestScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Transactional;

/** The tests of an application with a database, in transactions of their own or not. */
@SpringBootTest(
    webEnvironment = WebEnvironment.NONE,
    properties = "spring.datasource.url=jdbc:h2:mem:test-scheduler;DB_CLOSE_DELAY=-1")
@AutoConfigureTestScheduler
class TransactionalTestSchedulerTest {

  private static final JobType<String> SHIP = JobType.of("ship", String.class);

  static class Shop {
    private final SchedulerClient client;
    private final JdbcTemplate database;

    Shop(SchedulerClient client, JdbcTemplate database) {
      this.client = client;
      this.database = database;
      database.execute("create table if not exists sold (article varchar(20), shipped boolean)");
    }

    @Transactional
    public void sell(String article, boolean refused) {
      database.update("insert into sold values (?, false)", article);
      client.enqueue(SHIP, article);
      if (refused) {
        throw new IllegalStateException("refused");
      }
    }

    @JobHandler(value = "ship", transactional = true, maxAttempts = 1)
    void ship(String article, JobContext context) {
      int known = database.update("update sold set shipped = true where article = ?", article);
      client.enqueue(JobType.of("thank"));
      if (known == 0) {
        throw new IllegalStateException("Never sold");
      }
    }

    @JobHandler("thank")
    void thank() {}

    int shipped() {
      return count("select count(*) from sold where shipped");
    }

    int count(String query) {
      Integer found = database.queryForObject(query, Integer.class);
      return found == null ? 0 : found;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Shop.class)
  static class Application {}

  @Autowired TestScheduler scheduler;
  @Autowired Shop shop;
  @Autowired JdbcTemplate database;
  @Autowired ApplicationContext context;

  @AfterEach
  void clear() {
    database.update("delete from sold");
  }

  @Test
  void noTablesAreMade() {
    assertThat(context.getBeanProvider(Store.class).stream()).isEmpty();
    assertThat(
            shop.count(
                "select count(*) from information_schema.tables"
                    + " where lower(table_name) like 'escapement%'"))
        .isZero();
  }

  @Test
  void whatIsEnqueuedInATransactionThatRollsBackIsGone() {
    assertThatThrownBy(() -> shop.sell("book", true)).hasMessage("refused");
    scheduler.assertNothingEnqueued();

    shop.sell("book", false);
    scheduler.assertEnqueued(SHIP, "book");
  }

  @Test
  void aTransactionalJobWorksInItsOwnTransaction() {
    shop.sell("book", false);

    assertThat(scheduler.runDue())
        .extracting(Execution::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
    assertThat(shop.shipped()).isEqualTo(1);
  }

  @Test
  void aTransactionalJobThatFailsLeavesNothing() {
    scheduler.enqueue(SHIP, "ghost");

    assertThat(scheduler.runDue()).extracting(Execution::outcome).containsExactly(Outcome.FAILED);
    scheduler.assertNothingEnqueued();
  }

  @Test
  @Transactional
  void aTestInATransactionSeesItsJobsWorkInIt() {
    shop.sell("book", false);

    scheduler.assertEnqueued(SHIP, "book");
    assertThat(scheduler.runDue()).hasSize(2);
    assertThat(shop.shipped()).isEqualTo(1);

    scheduler.enqueue(SHIP, "ghost");
    assertThat(scheduler.runDue()).extracting(Execution::outcome).containsExactly(Outcome.FAILED);
    shop.sell("pen", false);
  }

  @AfterTransaction
  void allOfItIsGoneAfterwards() {
    assertThat(shop.count("select count(*) from sold")).isZero();
    scheduler.assertNothingEnqueued();
  }
}
