package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DailyWeeklyTest {

  private static final Instant SUNDAY = Instant.parse("2026-03-01T00:00:00Z");
  private static final LocalTime TWO = LocalTime.of(2, 0);
  private static final LocalTime NOON = LocalTime.NOON;

  @Test
  void dailyFiresEachDayAtEachTime() {
    Daily daily = Schedules.daily(NOON, TWO);
    assertThat(daily.fires(SUNDAY, 3))
        .containsExactly(
            Instant.parse("2026-03-01T02:00:00Z"),
            Instant.parse("2026-03-01T12:00:00Z"),
            Instant.parse("2026-03-02T02:00:00Z"));
    assertThat(daily.first(SUNDAY)).contains(Instant.parse("2026-03-01T02:00:00Z"));
    assertThat(daily.count(SUNDAY, Instant.parse("2026-03-11T02:00:00Z"))).isEqualTo(21);
    assertThat(daily.latest(SUNDAY, Instant.parse("2026-03-11T01:59:59Z")))
        .contains(Instant.parse("2026-03-10T12:00:00Z"));
    assertThat(daily.latest(SUNDAY, Instant.parse("2026-03-11T11:59:59Z")))
        .contains(Instant.parse("2026-03-11T02:00:00Z"));
  }

  @Test
  void weeklyFiresOnItsDays() {
    Weekly weekly = Schedules.weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), TWO);
    assertThat(weekly.fires(SUNDAY, 3))
        .containsExactly(
            Instant.parse("2026-03-02T02:00:00Z"),
            Instant.parse("2026-03-06T02:00:00Z"),
            Instant.parse("2026-03-09T02:00:00Z"));
    assertThat(Schedules.weekly(DayOfWeek.SUNDAY, LocalTime.MIDNIGHT).next(SUNDAY))
        .contains(Instant.parse("2026-03-08T00:00:00Z"));
    assertThat(weekly.count(SUNDAY, Instant.parse("2027-03-01T00:00:00Z"))).isEqualTo(104);
  }

  @Test
  void aZoneSaysWhoseTimesTheyAre() {
    Daily daily = Schedules.daily(TWO).zone(ZoneId.of("Asia/Tokyo"));
    assertThat(daily.next(SUNDAY)).contains(Instant.parse("2026-03-01T17:00:00Z"));
    assertThat(daily.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void timesAreSortedWithoutDuplicates() {
    assertThat(Schedules.daily(NOON, TWO, NOON).times()).containsExactly(TWO, NOON);
    assertThat(Schedules.daily(NOON, TWO)).isEqualTo(Schedules.daily(TWO, NOON, TWO));
    assertThat(Schedules.daily(NOON, TWO)).hasSameHashCodeAs(Schedules.daily(TWO, NOON));
    assertThat(Schedules.weekly(DayOfWeek.FRIDAY, NOON, TWO).times()).containsExactly(TWO, NOON);
    assertThat(Schedules.weekly(DayOfWeek.FRIDAY, NOON).days()).containsExactly(DayOfWeek.FRIDAY);
    assertThat(Schedules.weekly(DayOfWeek.FRIDAY, NOON))
        .isEqualTo(Schedules.weekly(Set.of(DayOfWeek.FRIDAY), NOON))
        .isNotEqualTo(Schedules.weekly(DayOfWeek.MONDAY, NOON));
    assertThat(Schedules.daily(NOON))
        .isNotEqualTo(Schedules.daily(NOON).zone(ZoneId.of("Asia/Tokyo")));
  }

  @Test
  void timesAreWholeSeconds() {
    assertThat(Schedules.daily(LocalTime.of(2, 0, 30)).next(SUNDAY))
        .contains(Instant.parse("2026-03-01T02:00:30Z"));
    assertThatThrownBy(() -> Schedules.daily(LocalTime.of(2, 0, 0, 1)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("The time of day 02:00:00.000000001 is too fine; cut it to whole seconds.");
  }

  @Test
  void aWeekHasAtLeastOneDay() {
    assertThatThrownBy(() -> Schedules.weekly(Set.of(), TWO))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("has no day of the week; give it at least one");
  }
}
