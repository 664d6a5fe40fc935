package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What H2 reads and locks for a claim, with 1,000 due triggers and 10,000 in the future. */
final class H2PlanTest {

  private final H2Sql sql = new H2Sql(new Tables(null, Tables.DEFAULT_PREFIX));
  private final JdbcDataSource h2 = new JdbcDataSource();

  @BeforeEach
  void load() {
    h2.setURL("jdbc:h2:mem:plans;DB_CLOSE_DELAY=-1");
    Movement node = Movement.on(JdbcStore.of(h2));
    node.enqueue(1_000);
    node.store()
        .triggers()
        .enqueue(
            Stream.generate(() -> Movement.trigger(Due.in(Duration.ofHours(1))))
                .limit(10_000)
                .toList());
  }

  @AfterEach
  void drop() throws SQLException {
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  @Test
  void twoWhoClaimAtOnceLockDifferentRows() {
    try (Handle one = Jdbi.open(h2);
        Handle other = Jdbi.open(h2)) {
      one.begin();
      other.begin();
      List<UUID> first = candidates(one, 10);
      List<UUID> second = candidates(other, 10);

      assertThat(first).hasSize(10);
      assertThat(second).hasSize(10).doesNotContainAnyElementsOf(first);
      one.rollback();
      other.rollback();
    }
  }

  private List<UUID> candidates(Handle handle, int limit) {
    return handle
        .createQuery(sql.candidates)
        .bind("queue", "default")
        .bind("priority", 1)
        .bind("since", OffsetDateTime.parse("1970-01-01T00:00:00Z"))
        .bind("until", Values.now(handle).atOffset(ZoneOffset.UTC))
        .bind("known", Values.texts(List.of(Movement.JOB)))
        .bind("limit", limit)
        .map((row, context) -> row.getObject("id", UUID.class))
        .list();
  }

  @Test
  void unparkingReadsOnlyWhatIsHeld() throws SQLException {
    String literal =
        sql.unparkable
            .replace(":job", "'" + Movement.JOB + "'")
            .replace(":least", "2")
            .replace(":limit", "10");
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN ANALYZE " + literal)) {
      plan.next();
      assertThat(plan.getString(1))
          .contains("ESCAPEMENT_TRIGGER_HELD")
          .containsPattern("scanCount: [12]\\b");
    }
  }

  @Test
  void theNextDueIsOneProbe() throws SQLException {
    String literal = sql.nextDue.replace(":queue", "'default'").replace(":priority", "1");
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN ANALYZE " + literal)) {
      plan.next();
      assertThat(plan.getString(1))
          .contains("ESCAPEMENT_TRIGGER_CLAIM")
          .contains("index sorted")
          .containsPattern("scanCount: [12]\\b");
    }
  }
}
