package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where schedules end: the most times, the most days off, a day that comes twice. */
class ScheduleEdgesTest {

  private static LocalTime[] times(int count) {
    return IntStream.range(0, count)
        .mapToObj(second -> LocalTime.of(10, 0, 1).plusSeconds(second))
        .toArray(LocalTime[]::new);
  }

  @Test
  void theMostTimesOfADayAreStillReadBack() {
    Schedule most = Schedules.daily(LocalTime.of(9, 0, 1), times(299));
    assertThat(Schedules.parse(most.text().orElseThrow())).isEqualTo(most);
    Schedule weekly =
        Schedules.weekly(Set.of(DayOfWeek.values()), LocalTime.of(9, 0, 1), times(299));
    assertThat(Schedules.parse(weekly.text().orElseThrow())).isEqualTo(weekly);
  }

  @Test
  void moreTimesAreRefused() {
    assertThatThrownBy(() -> Schedules.daily(LocalTime.of(9, 0, 1), times(300)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("301 times")
        .hasMessageContaining("every(…) or cron(…)");
  }

  @Test
  void daysOffThatAreSaidOneByOneAreOneSet() {
    Schedule oneByOne = Schedules.every(Duration.ofHours(1));
    List<LocalDate> days =
        IntStream.range(0, 40).mapToObj(LocalDate.of(2026, 1, 2)::plusDays).toList();
    for (LocalDate day : days) {
      oneByOne = oneByOne.except(day);
    }
    assertThat(oneByOne).isEqualTo(Schedules.every(Duration.ofHours(1)).except(days));
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(oneByOne.count(from, from.plus(Duration.ofDays(60)))).isEqualTo(20 * 24);
  }

  /** At a minute past midnight the clock goes back to 23:01 of the day before, which is off. */
  @Test
  void aDayThatBeginsTwiceBeginsOnce() {
    Schedule schedule =
        Schedules.parse("cron: */10 * * * *; zone America/St_Johns; except 2006-10-28");
    Instant from = Instant.parse("2006-10-29T02:00:00Z");
    List<Instant> fires = schedule.fires(from, 60);
    assertThat(schedule.count(from, fires.get(59))).isEqualTo(60);
    assertThat(schedule.latest(from, fires.get(59))).contains(fires.get(59));
  }

  @Test
  void whatIsSwitchedOffStaysOffWhateverIsSaid() {
    assertThat(Schedules.parse("-; jitter 30s")).isEqualTo(Schedules.disabled());
    assertThat(
            Schedules.disabled()
                .from(Instant.EPOCH)
                .until(Instant.EPOCH)
                .except(LocalDate.EPOCH)
                .except(day -> true)
                .jitter(Duration.ofSeconds(1)))
        .isEqualTo(Schedules.disabled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/45 * * * *", "0 */7 * * *", "0 9 * */3 *", "0 9 */2 * *"})
  void aStepThatIsNoRhythmIsNotCalledOne(String expression) {
    assertThat(Cron.unix(expression).describe(Locale.ENGLISH)).contains(expression);
  }

  @Test
  void theLastWeekdayIsNotCalledTheLastWeek() {
    for (String language : List.of("zh", "fr", "ko", "pl")) {
      assertThat(Cron.quartz("0 0 9 LW * ?").describe(Locale.forLanguageTag(language)))
          .contains("0 0 9 LW * ?");
    }
  }

  @Test
  void quartzEndsIn2099OnlyWhereAYearIsSaid() {
    Instant late = Instant.parse("2099-06-01T00:00:00Z");
    assertThat(Cron.quartz("0 0 9 1 1 ?").next(late))
        .contains(Instant.parse("2100-01-01T09:00:00Z"));
    assertThat(Cron.quartz("0 0 9 1 1 ? 2026/1").next(late)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/15 * * * *", "0 */6 * * *"})
  void aStepThatIsARhythmIsSaidInWords(String expression) {
    assertThat(Cron.unix(expression).describe(Locale.ENGLISH)).contains("every");
  }
}
