package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NewSession;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only a clock that jumps, or a race, would put into the tables. */
final class OddRowsTest {

  enum Kind {
    POSTGRES,
    H2
  }

  private final TestPostgres postgres = new TestPostgres();
  private final JdbcDataSource h2 = new JdbcDataSource();

  @AfterEach
  void drop() {
    postgres.close();
  }

  private Store store(Kind kind) {
    h2.setURL("jdbc:h2:mem:odd-rows-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    return kind == Kind.H2 ? JdbcStore.of(h2) : postgres.store(TestPostgres.dataSource()).build();
  }

  private Consumer<String> sql(Kind kind) {
    return kind == Kind.POSTGRES ? postgres::execute : this::executeOnH2;
  }

  private void executeOnH2(String sql) {
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewDeclarationIsTheLatestWhateverTheClockSays(Kind kind) {
    Store store = store(kind);
    Movement.on(store);
    sql(kind)
        .accept(
            "UPDATE escapement_declaration SET first_seen = TIMESTAMP WITH TIME ZONE"
                + " '2999-12-31 23:59:59.999999+00'");
    JobDeclaration next = new JobDeclaration(Movement.JOB, "next", Priority.HIGH, null);
    store
        .sessions()
        .open(new NewSession(SessionId.next(), "node", "", Set.of("next"), List.of(next)));

    JobRecord job = store.jobs().all().get(0);
    assertThat(job.inForce()).isEqualTo(next);
    assertThat(job.current()).isEqualTo(next);
    assertThat(job.firstSeen()).isEqualTo(Instant.parse("3000-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoHoldsAtOnceThatGoesWhichHasEnded(Kind kind) {
    Store store = store(kind);
    Movement node = Movement.on(store);
    TriggerId id = node.enqueue();
    sql(kind).accept("UPDATE escapement_trigger SET hold = 3");
    store.jobs().pause(Movement.JOB, true);

    assertThat(store.holds().unpark(Set.of(Movement.JOB), 10)).isEqualTo(1);
    assertThat(store.triggers().find(id).orElseThrow().holds()).containsExactly(Hold.JOB_PAUSED);
    assertThat(store.holds().unpark(Set.of(Movement.JOB), 10)).isZero();

    sql(kind).accept("UPDATE escapement_trigger SET hold = 3");
    store.jobs().pause(Movement.JOB, false);
    assertThat(store.holds().unpark(Set.of(Movement.JOB), 10)).isEqualTo(1);
    assertThat(node.claim(10)).hasSize(1);
  }
}
