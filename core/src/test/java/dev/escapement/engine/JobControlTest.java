package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.UnknownJobException;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NewTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person may decide, and what is refused with a reason. */
class JobControlTest {

  private final Cluster cluster = new Cluster(HandClock.NOON);
  private final AtomicInteger told = new AtomicInteger();
  private final JobControl control =
      new JobControl(cluster.memory, new ScheduleReader(), told::incrementAndGet);

  @BeforeEach
  void join() {
    cluster.join(
        "node",
        Job.recurring("nightly", Schedules.parse("daily 02:00"), context -> {}),
        Job.of(JobType.of("send"), context -> {}));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private JobRecord row() {
    return cluster.memory.jobs().all().get(0);
  }

  @Test
  void anOverrideIsKeptInText() {
    control.overrideSchedule("nightly", Schedules.parse("daily 03:00; zone Europe/Zurich"));
    assertThat(row().override()).isEqualTo("daily 03:00; zone Europe/Zurich");
    assertThat(told).hasValue(1);
    control.dropOverride("nightly");
    assertThat(row().override()).isNull();
  }

  @Test
  void switchingAJobOffIsAnOverrideToo() throws Exception {
    control.overrideSchedule("nightly", Schedules.disabled());
    cluster.tick(Duration.ofSeconds(1));
    assertThat(cluster.standing("nightly").fireTime()).isNull();
  }

  @Test
  void aScheduleWrittenInCodeIsRefused() {
    Schedule own = after -> Optional.of(after.plusSeconds(1));
    assertThatThrownBy(() -> control.overrideSchedule("nightly", own))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("custom dev.escapement.engine.JobControlTest")
        .hasMessageContaining("use one of Schedules with a text of");
    assertThat(row().override()).isNull();
  }

  /** It says that it has a text form, and nobody reads that. */
  @Test
  void aTextThatNobodyReadsIsRefused() {
    Schedule tides =
        new Schedule() {
          @Override
          public Optional<Instant> next(Instant after) {
            return Optional.of(after.plusSeconds(1));
          }

          @Override
          public Optional<String> text() {
            return Optional.of("with the tides");
          }
        };
    assertThatThrownBy(() -> control.overrideSchedule("nightly", tides))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("with the tides")
        .hasMessageContaining("Use one of Schedules");
  }

  @Test
  void aScheduleThatIsOverIsRefused() {
    Schedule over = Schedules.parse("daily 02:00").until(Instant.parse("2020-01-01T00:00:00Z"));
    assertThatThrownBy(() -> control.overrideSchedule("nightly", over))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("never fires; to stop job \"nightly\", use Schedules.disabled()");
  }

  @Test
  void aJobThatDoesNotRecurHasNoScheduleToOverride() {
    assertThatThrownBy(() -> control.overrideSchedule("send", Schedules.disabled()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("\"send\" doesn't recur");
  }

  @Test
  void aJobThatNobodyDeclaredIsUnknown() {
    assertThatThrownBy(() -> control.overrideSchedule("nihgtly", Schedules.disabled()))
        .isInstanceOf(UnknownJobException.class)
        .hasMessageContaining("\"nihgtly\"");
    assertThatThrownBy(() -> control.dropOverride("nihgtly"))
        .isInstanceOf(UnknownJobException.class);
    assertThatThrownBy(() -> control.resume("nihgtly")).isInstanceOf(UnknownJobException.class);
    assertThat(control.find("nihgtly")).isEmpty();
    assertThat(told).hasValue(0);
  }

  @Test
  void pausedIsPausedOnce() {
    control.pause("nightly");
    control.pause("nightly");
    assertThat(row().paused()).isTrue();
    control.resume("nightly");
    assertThat(row().paused()).isFalse();
  }

  @Test
  void aJobWithManyTriggersIsDeletedBatchByBatch() {
    Bench old = cluster.join("old", Job.of(JobType.of("gone"), context -> {}));
    List<NewTrigger> many =
        Stream.generate(() -> Given.oneTime("gone", Due.now())).limit(20_001).toList();
    cluster.memory.triggers().enqueue(many);
    cluster.leave(old);

    control.delete("gone");

    assertThat(control.find("gone")).isEmpty();
    assertThat(many).allMatch(each -> cluster.memory.triggers().find(each.id()).isEmpty());
  }
}
