package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From version 1 to this one, with rows in the tables and an old node that lives on. */
final class UpgradeTest {

  private static final TriggerId STANDING = new TriggerId(UUID.fromString(Upgrade.STANDING));
  private static final TriggerId ONE_TIME = new TriggerId(UUID.fromString(Upgrade.ONE_TIME));
  private static final TriggerId ENQUEUED = new TriggerId(UUID.fromString(Upgrade.ENQUEUED));

  @Test
  void upgradesPostgres() {
    try (TestPostgres postgres = new TestPostgres()) {
      postgres.execute(Upgrade.script("postgresql/V1__movement.sql"));
      postgres.execute(Upgrade.ROWS_OF_VERSION_1);
      JdbcStore store = postgres.store(TestPostgres.dataSource()).build();
      store.open();
      postgres.execute(Upgrade.WRITES_OF_VERSION_1);

      assertGoesOn(store);
    }
  }

  @Test
  void upgradesH2() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:upgrade;DB_CLOSE_DELAY=-1");
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(Upgrade.script("h2/V1__movement.sql"));
      for (String row : Upgrade.ROWS_OF_VERSION_1) {
        statement.execute(row);
      }
      JdbcStore store = JdbcStore.of(h2);
      store.open();
      for (String write : Upgrade.WRITES_OF_VERSION_1) {
        statement.execute(write);
      }

      assertGoesOn(store);
      statement.execute("SHUTDOWN");
    }
  }

  private static void assertGoesOn(Store store) {
    assertThat(store.jobs().all())
        .containsExactly(new JobRecord(Movement.JOB, null, null, null, false, 1, null));
    assertThat(store.history().of(ONE_TIME))
        .extracting(ExecutionRecord::missed)
        .containsExactly(0L);
    TriggerRecord old = standing(store);
    assertThat(old.id()).isEqualTo(STANDING);
    assertThat(old.kind()).isEqualTo(TriggerKind.STANDING);
    assertThat(old.schedule()).isNull();
    assertThat(old.lastFire()).isNull();
    assertThat(old.missed()).isZero();
    assertThat(old.stale()).isFalse();
    assertThat(old.parent()).isNull();

    Movement node = Movement.on(store);
    assertThat(store.jobs().all())
        .singleElement()
        .satisfies(job -> assertThat(job.inForce()).isNotNull().isEqualTo(job.current()))
        .satisfies(job -> assertThat(job.sessions()).isEqualTo(2));
    List<Claim> claims = node.claim(10);
    assertThat(claims)
        .extracting(claim -> claim.guard().id())
        .containsExactlyInAnyOrder(STANDING, ONE_TIME, ENQUEUED);
    assertThat(claims).extracting(Claim::schedule).containsOnlyNulls();
    assertThat(claims).extracting(Claim::headers).containsOnlyNulls();
    assertBecomesStaleAndFires(store, standingOf(claims));
  }

  private static void assertBecomesStaleAndFires(Store store, Claim claim) {
    assertThat(amend(store, claim.guard().version(), null)).isTrue();
    assertThat(standing(store).stale()).isTrue();
    Due hour = Due.in(Duration.ofHours(1));
    store
        .claims()
        .complete(
            List.of(
                new Completion(
                    claim.guard(),
                    new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true),
                    new Next.Fire(hour, hour, 0))));
    assertThat(store.triggers().stale(10)).extracting(TriggerRecord::id).containsExactly(STANDING);
    assertThat(amend(store, standing(store).version(), Aim.NEVER)).isTrue();
    assertThat(standing(store).schedule()).isEqualTo("each hour");
    assertThat(standing(store).stale()).isFalse();
    assertThat(standing(store).lastFire()).isEqualTo(claim.fireTime());
  }

  private static Claim standingOf(List<Claim> claims) {
    return claims.stream()
        .filter(claim -> claim.kind() == TriggerKind.STANDING)
        .findFirst()
        .orElseThrow();
  }

  private static boolean amend(Store store, long version, @Nullable Aim aim) {
    return store
        .triggers()
        .amend(List.of(new Amendment(STANDING, version, "each hour", null, null, aim)))
        .contains(STANDING);
  }

  private static TriggerRecord standing(Store store) {
    List<TriggerRecord> found =
        store.triggers().find(List.of(TriggerName.ofDeclared(Movement.JOB)));
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
