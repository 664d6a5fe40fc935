package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.ExecutionFilter;
import dev.escapement.Outcome;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What H2 reads for the head of a stretch, with 2,000 triggers and 2,000 executions. */
final class H2ListPlanTest {

  private static final Tables TABLES = new Tables(null, Tables.DEFAULT_PREFIX);

  private final JdbcDataSource h2 = new JdbcDataSource();
  private Jdbi jdbi;

  @BeforeEach
  void load() {
    h2.setURL("jdbc:h2:mem:list-plans;DB_CLOSE_DELAY=-1");
    Movement node = Movement.on(JdbcStore.of(h2));
    node.enqueue(2_000);
    for (int i = 0; i < 20; i++) {
      node.complete(node.claim(100));
    }
    node.store()
        .triggers()
        .enqueue(
            Stream.generate(() -> Movement.trigger(Due.in(Duration.ofHours(1))))
                .limit(2_000)
                .toList());
    jdbi = Jdbi.create(h2);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    jdbi.registerArgument(new Values.InstantArgumentFactory());
  }

  @AfterEach
  void drop() throws SQLException {
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  @Test
  void theHeadOfAStretchOfTriggersIsReadInTheOrderOfItsIndex() {
    H2TriggerLists lists = new H2TriggerLists(TABLES);
    TriggerFilter filter = TriggerFilter.ofJob(Movement.JOB).state(TriggerState.SCHEDULED);
    jdbi.useHandle(
        handle -> {
          for (TriggerFilter each : List.of(filter, filter.dueFrom(Instant.EPOCH))) {
            assertThat(lists.heads(handle, each, null)).isNotEmpty();
            lists.heads(handle, each, null).forEach(head -> assertReadsLittle(handle, head));
          }
        });
  }

  @Test
  void theHeadOfAStretchOfExecutionsIsReadInTheOrderOfItsIndex() {
    H2ExecutionLists lists = new H2ExecutionLists(TABLES);
    ExecutionFilter filter = ExecutionFilter.all();
    jdbi.useHandle(
        handle -> {
          for (ExecutionFilter each :
              List.of(
                  filter,
                  filter.outcome(Outcome.SUCCEEDED),
                  filter.job(Movement.JOB).outcome(Outcome.SUCCEEDED).from(Instant.EPOCH))) {
            assertThat(lists.heads(handle, each, null)).isNotEmpty();
            lists.heads(handle, each, null).forEach(head -> assertReadsLittle(handle, head));
          }
        });
  }

  private static void assertReadsLittle(Handle handle, Listing head) {
    Listing explain = new Listing();
    head.values().forEach((name, value) -> explain.with("", name, value));
    explain.of("EXPLAIN ANALYZE " + head.sql());
    String plan = explain.in(handle).bind("limit", 10).mapTo(String.class).one();

    assertThat(plan).contains("index sorted");
    Matcher scanned = Pattern.compile("scanCount: (\\d+)").matcher(plan);
    while (scanned.find()) {
      assertThat(Integer.parseInt(scanned.group(1))).as(plan).isLessThan(20);
    }
  }
}
