package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Outcome;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;

/** The application's transactions, with JDBC and with JPA. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TransactionsTest {

  private static final String[] COMMON = {"escapement.workers=1", "escapement.poll-interval=1h"};

  private static final String PURCHASE =
      "CREATE TABLE purchase (id BIGINT PRIMARY KEY, state VARCHAR(255))";
  private static final String RECEIPT =
      "CREATE TABLE receipt (purchase BIGINT REFERENCES purchase DEFERRABLE INITIALLY DEFERRED)";

  private static String[] and(String[] some, String... others) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  /** With JDBC. */
  abstract static class Jdbc extends TransactedJobs {
    @Override
    void buy(long id) {
      jdbc.update("INSERT INTO purchase (id, state) VALUES (?, 'new')", id);
    }
  }

  @Nested
  class OnH2 extends Jdbc {

    @Override
    ConfigurableApplicationContext start() {
      ConfigurableApplicationContext started =
          Applications.run(Beans.class, and(COMMON, Applications.WITHOUT_JPA));
      started.getBean(JdbcTemplate.class).execute(PURCHASE);
      return started;
    }

    @Override
    boolean isPostgres() {
      return false;
    }
  }

  /** With a pool whose connections aren't in autocommit: nothing is committed by oversight. */
  @Nested
  class OnPostgres extends Jdbc {

    private final Postgres postgres = new Postgres();

    @Override
    ConfigurableApplicationContext start() {
      postgres.execute(PURCHASE);
      postgres.execute(RECEIPT);
      return Applications.run(
          Beans.class,
          and(
              postgres.properties(COMMON),
              Applications.WITHOUT_JPA,
              "escapement.jdbc.migrate=always",
              "spring.datasource.hikari.auto-commit=false"));
    }

    @Override
    boolean isPostgres() {
      return true;
    }

    @Override
    void drop() {
      postgres.close();
    }
  }

  @Nested
  class WithJpa extends TransactedJobs {

    private final Postgres postgres = new Postgres();

    @Override
    ConfigurableApplicationContext start() {
      postgres.execute(PURCHASE);
      postgres.execute(RECEIPT);
      ConfigurableApplicationContext started =
          Applications.run(
              Beans.class,
              and(
                  postgres.properties(COMMON),
                  "spring.jpa.hibernate.ddl-auto=none",
                  "escapement.jdbc.migrate=always"));
      assertThat(started.getBean(PlatformTransactionManager.class))
          .isInstanceOf(JpaTransactionManager.class);
      return started;
    }

    /** Not flushed: the insert comes with the commit, after the end of the claim is written. */
    @Override
    void buy(long id) {
      entities().persist(new Purchase(id));
    }

    private EntityManager entities() {
      return SharedEntityManagerCreator.createSharedEntityManager(
          context.getBean(EntityManagerFactory.class));
    }

    @Override
    boolean isPostgres() {
      return true;
    }

    @Override
    void drop() {
      postgres.close();
    }

    private Execution run(Script script) throws Exception {
      SCRIPTS.put("flush", script);
      return scheduler.await(scheduler.enqueue(TRANSACTED, "flush").id(), PATIENCE);
    }

    @Test
    void aRowThatIsTakenWhenChangesAreFlushedFailsTheJob() throws Exception {
      shop.inTransaction(() -> buy(7));

      Execution ended = run(run -> buy(7));

      assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(ended.failure().orElseThrow().message()).contains("23505");
    }

    @Test
    void anEntityThatRefusesToBeFlushedFailsTheJob() throws Exception {
      shop.inTransaction(() -> buy(7));

      Execution ended =
          run(
              run -> {
                buy(8);
                Objects.requireNonNull(entities().find(Purchase.class, 7L)).state(Purchase.REFUSED);
              });

      assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(ended.failure().orElseThrow().message()).contains("couldn't be committed");
      assertThat(purchases()).isOne();
      assertThat(scheduler.executions().of(ended.trigger())).hasSize(1);
    }
  }
}
