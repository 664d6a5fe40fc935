package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a schedule gets that only says when its next fire is. */
class ScheduleTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final class Hourly implements Schedule {

    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(after.plusSeconds(3_600));
    }
  }

  @Test
  void latestAndCountStepThroughTheFires() {
    Schedule schedule = new Hourly();
    assertThat(schedule.latest(NOON, NOON.plusSeconds(10_000))).contains(NOON.plusSeconds(7_200));
    assertThat(schedule.count(NOON, NOON.plusSeconds(10_000))).isEqualTo(2);
    assertThat(schedule.count(NOON, NOON.plusSeconds(3_600))).isEqualTo(1);
    assertThat(schedule.count(NOON, NOON.plusSeconds(3_599))).isZero();
    assertThat(schedule.count(NOON, NOON.minusSeconds(3_600))).isZero();
  }

  @Test
  void aScheduleThatStandsStillIsNotSteppedThroughForEver() {
    Schedule still = after -> Optional.of(after);
    assertThat(still.latest(NOON, NOON.plusSeconds(10))).isEmpty();
    assertThat(still.count(NOON, NOON.plusSeconds(10))).isZero();
  }

  @Test
  void theDefaultsSayNothing() {
    Schedule schedule = new Hourly();
    assertThat(schedule.zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(schedule.text()).isEmpty();
    assertThat(schedule.delay(NOON, "a")).isZero();
    assertThat(schedule.delayAfterCompletion()).isEmpty();
    assertThat(schedule.describe(Locale.ENGLISH)).isEqualTo(schedule.toString());
  }

  @Test
  void aCustomScheduleIsIdentifiedByItsClass() {
    assertThat(new Hourly().identity())
        .isEqualTo("custom dev.escapement.schedule.ScheduleTest$Hourly");
    assertThat(new Hourly().until(NOON).identity())
        .isEqualTo(
            "custom dev.escapement.schedule.ScheduleTest$Hourly; until 2026-03-01T12:00:00Z");
  }

  /** The rest of a lambda's name is another one in each process. */
  @Test
  void aLambdaIsIdentifiedByWhereItStands() {
    Schedule lambda = after -> Optional.empty();
    assertThat(lambda.identity()).isEqualTo("custom dev.escapement.schedule.ScheduleTest");
  }

  @Test
  void listsTheNextFires() {
    assertThat(Schedules.every(Duration.ofMinutes(5)).fires(NOON, 2))
        .containsExactly(NOON.plusSeconds(300), NOON.plusSeconds(600));
    assertThat(Schedules.fixedDelay(Duration.ofMinutes(5)).fires(NOON, 2))
        .containsExactly(NOON.plusSeconds(300), NOON.plusSeconds(600));
    assertThat(Schedules.disabled().fires(NOON, 2)).isEmpty();
    assertThat(new Hourly().fires(NOON, 10_000)).hasSize(10_000);
    for (int count : new int[] {-1, 0, 10_001}) {
      assertThatThrownBy(() -> Schedules.every(Duration.ofMinutes(5)).fires(NOON, count))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage("The schedule every 5m can't list " + count + " fires; ask for 1 to 10,000.");
    }
  }

  @Test
  void aDisabledScheduleNeverFires() {
    Schedule disabled = Schedules.disabled();
    assertThat(disabled.next(NOON)).isEmpty();
    assertThat(disabled.first(NOON)).isEmpty();
    assertThat(disabled.latest(Instant.MIN, NOON)).isEmpty();
    assertThat(disabled.count(Instant.MIN, NOON)).isZero();
    assertThat(disabled).isEqualTo(Schedules.disabled()).hasToString("-");
  }

  @Test
  void fixedRatesAndDelaysCountWithoutStepping() {
    Schedule rate = Schedules.every(Duration.ofMillis(1));
    assertThat(rate.count(NOON, NOON.plus(Duration.ofDays(1_000)))).isEqualTo(86_400_000_000L);
    assertThat(rate.count(NOON, NOON)).isZero();
    assertThat(rate.count(NOON, NOON.minusSeconds(1))).isZero();
    assertThat(Schedules.fixedDelay(Duration.ofMillis(1)).count(NOON, NOON.plusSeconds(1)))
        .isZero();
  }
}
