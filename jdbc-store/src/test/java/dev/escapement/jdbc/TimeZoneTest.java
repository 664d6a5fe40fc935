package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import java.util.function.Supplier;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas in different default time zones, at an instant that one of them has twice. */
final class TimeZoneTest {

  private static final TimeZone BEFORE = TimeZone.getDefault();
  private static final Instant TWICE_IN_NEW_YORK = Instant.parse("2024-11-03T05:30:00.123456Z");
  private static final Instant NEVER_IN_BERLIN = Instant.parse("2024-03-31T01:30:00.654321Z");

  private final TestPostgres postgres = new TestPostgres();

  @AfterEach
  void restore() {
    TimeZone.setDefault(BEFORE);
    postgres.close();
  }

  @Test
  void agreeOverPostgres() {
    agree(() -> postgres.store(TestPostgres.dataSource()).build());
  }

  @Test
  void agreeOverH2() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:time-zones;DB_CLOSE_DELAY=-1");
    agree(() -> JdbcStore.of(h2));
  }

  private static void agree(Supplier<JdbcStore> stores) {
    TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
    Movement one = Movement.on(stores.get());
    NewTrigger trigger = Movement.trigger(Due.at(TWICE_IN_NEW_YORK));
    one.store().triggers().enqueue(List.of(trigger));

    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
    Movement other = Movement.on(stores.get());
    TriggerRecord row = other.store().triggers().find(trigger.id()).orElseThrow();
    assertThat(row.due()).isEqualTo(TWICE_IN_NEW_YORK);
    assertThat(row.fireTime()).isEqualTo(TWICE_IN_NEW_YORK);
    assertThat(Duration.between(one.store().now(), other.store().now()).abs())
        .isLessThan(Duration.ofMinutes(1));
    Claim claim = other.claim(1).get(0);
    assertThat(claim.due()).isEqualTo(TWICE_IN_NEW_YORK);

    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    one.store()
        .claims()
        .complete(
            List.of(
                new Completion(
                    claim.guard(),
                    new Ending(
                        Outcome.FAILED,
                        NEVER_IN_BERLIN,
                        TWICE_IN_NEW_YORK,
                        null,
                        false,
                        null,
                        true),
                    new Next.Retry(Due.at(NEVER_IN_BERLIN)))));

    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
    ExecutionRecord execution = other.store().history().of(trigger.id()).get(0);
    assertThat(execution.startedAt()).isEqualTo(NEVER_IN_BERLIN);
    assertThat(execution.endedAt()).isEqualTo(TWICE_IN_NEW_YORK);
    assertThat(execution.key().claimedAt()).isEqualTo(claim.claimedAt());
    assertThat(one.store().history().find(execution.key())).isPresent();
    assertThat(other.store().triggers().find(trigger.id()).orElseThrow().due())
        .isEqualTo(NEVER_IN_BERLIN);
  }
}
