package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JitterTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Schedule DAILY = Schedules.cron("@daily");

  @Test
  void isNoneUnlessItIsAskedFor() {
    assertThat(DAILY.delay(NOON, "a")).isZero();
    assertThat(DAILY.from(NOON).delay(NOON, "a")).isZero();
  }

  /** These values are what other replicas and earlier versions say. They must not change. */
  @Test
  void isTheSameOnEveryReplica() {
    Schedule schedule = DAILY.jitter(MINUTE);
    assertThat(schedule.delay(NOON, "report")).isEqualTo(Duration.ofNanos(49_332_043_000L));
    assertThat(schedule.delay(NOON, "cleanup")).isEqualTo(Duration.ofNanos(41_159_463_000L));
    assertThat(schedule.delay(NOON.plusSeconds(1), "report"))
        .isEqualTo(Duration.ofNanos(44_634_285_000L));
  }

  @Test
  void leavesTheFireTimesAlone() {
    assertThat(DAILY.jitter(MINUTE).fires(NOON, 10)).isEqualTo(DAILY.fires(NOON, 10));
    assertThat(DAILY.jitter(MINUTE).count(NOON, NOON.plusSeconds(1_000_000)))
        .isEqualTo(DAILY.count(NOON, NOON.plusSeconds(1_000_000)));
  }

  @Test
  void spreadsTriggersEvenly() {
    Schedule schedule = DAILY.jitter(MINUTE);
    int[] perSecond = new int[60];
    for (int i = 0; i < 60_000; i++) {
      perSecond[(int) schedule.delay(NOON, "trigger-" + i).toSeconds()]++;
    }
    assertThat(Arrays.stream(perSecond).summaryStatistics().getMin()).isGreaterThan(840);
    assertThat(Arrays.stream(perSecond).summaryStatistics().getMax()).isLessThan(1_160);
  }

  @Test
  void spreadsTheFiresOfOneTriggerEvenly() {
    Schedule schedule = DAILY.jitter(MINUTE);
    int[] perSecond = new int[60];
    for (int i = 0; i < 60_000; i++) {
      perSecond[(int) schedule.delay(NOON.plusSeconds(86_400L * i), "report").toSeconds()]++;
    }
    assertThat(Arrays.stream(perSecond).summaryStatistics().getMin()).isGreaterThan(840);
    assertThat(Arrays.stream(perSecond).summaryStatistics().getMax()).isLessThan(1_160);
  }

  @Test
  void addsUp() {
    Schedule twice = DAILY.jitter(MINUTE).until(NOON).jitter(Duration.ofHours(1));
    assertThat(twice.delay(NOON, "report"))
        .isEqualTo(
            DAILY
                .jitter(MINUTE)
                .delay(NOON, "report")
                .plus(DAILY.jitter(Duration.ofHours(1)).delay(NOON, "report")));
  }

  @Test
  void isMoreThanNothingAndOneDayAtMost() {
    assertThat(DAILY.jitter(Duration.ofDays(1)).delay(NOON, "a")).isLessThan(Duration.ofDays(1));
    for (Duration wrong :
        List.of(Duration.ZERO, MINUTE.negated(), Duration.ofDays(1).plusNanos(1))) {
      assertThatThrownBy(() -> DAILY.jitter(wrong))
          .isInstanceOf(InvalidDeclarationException.class)
          .hasMessage(
              "A schedule's jitter can't be "
                  + wrong
                  + "; make it more than zero, and 1 day at most.");
    }
  }
}
