package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Scheduler;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.store.Store;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

/** How the tables come about, and what is said where they don't. */
class MigrationTest {

  private static final String ALWAYS = "escapement.jdbc.migrate=always";
  private static final String NEVER = "escapement.jdbc.migrate=never";

  @Test
  void onPostgresTheStartFailsWithoutTablesAndNamesTheFilesAndTheSetting() {
    try (Postgres postgres = new Postgres()) {
      FailureAnalysis failure = Applications.failure(postgres.properties());

      assertThat(failure.getDescription())
          .contains("no tables of Escapement in PostgreSQL")
          .doesNotContain("builder");
      assertThat(failure.getAction())
          .contains("postgresql/V1__movement.sql, then")
          .contains("escapement.jdbc.migrate=always");
    }
  }

  @Test
  void onPostgresTheyAreMadeIfThatIsSaid() {
    try (Postgres postgres = new Postgres()) {
      Applications.run(postgres.properties(ALWAYS, "escapement.jdbc.table-prefix=jobs_")).close();

      assertThat(postgres.number("SELECT count(*) FROM jobs_node")).isOne();
      try (ConfigurableApplicationContext context =
          Applications.run(postgres.properties(NEVER, "escapement.jdbc.table-prefix=jobs_"))) {
        assertThat(context.getBean(Store.class)).isInstanceOf(JdbcStore.class);
      }
    }
  }

  @Test
  void aHistoryThatIsNotInPartitionsIsNamedToo() {
    try (Postgres postgres = new Postgres()) {
      Applications.run(postgres.properties(ALWAYS)).close();

      FailureAnalysis failure =
          Applications.failure(postgres.properties("escapement.jdbc.history-partition=1d"));

      assertThat(failure.getDescription()).contains("is one table");
      assertThat(failure.getAction()).contains(".sql").contains("escapement.jdbc.migrate=always");
    }
  }

  @Test
  void onH2TheyAreMadeUnlessThatIsForbidden() {
    FailureAnalysis failure = Applications.failure(NEVER);

    assertThat(failure.getDescription()).contains("no tables of Escapement in H2");
    assertThat(failure.getAction()).contains("h2/V1__movement.sql");
  }

  @Test
  void aFileKeepsThem(@TempDir Path folder) {
    String url = "spring.datasource.url=jdbc:h2:file:" + folder.resolve("jobs");
    Applications.run(url).close();

    try (ConfigurableApplicationContext context = Applications.run(url, NEVER)) {
      assertThat(context.getBean(Scheduler.class).stats().sessions()).isOne();
    }
  }

  @Test
  void aDatabaseThatIsAwayFailsTheStartUnlessItIsToBeWaitedFor() {
    String[] away = {
      "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
      "spring.datasource.hikari.connection-timeout=250",
      "spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false",
      "spring.jpa.database-platform=org.hibernate.dialect.PostgreSQLDialect",
    };
    FailureAnalysis failure = Applications.failure(away);

    assertThat(failure.getDescription()).contains("no connection");
    assertThat(failure.getAction()).contains("escapement.wait-for-store=true");

    try (ConfigurableApplicationContext context =
        Applications.run(List.of(), and(away, "escapement.wait-for-store=true"))) {
      assertThat(context.getBean(Scheduler.class).stats().sessions()).isZero();
    }
  }

  private static String[] and(String[] some, String other) {
    String[] all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = other;
    return all;
  }
}
