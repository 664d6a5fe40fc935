package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What from, until, except and their like do to schedules. */
class OptionTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Schedule DAILY = Schedules.daily(LocalTime.NOON);

  private static Instant noon(int day) {
    return NOON.plus(Duration.ofDays(day - 1));
  }

  @Test
  void nothingFiresBeforeTheStart() {
    Schedule schedule = DAILY.from(noon(5));
    assertThat(schedule.next(noon(1))).contains(noon(5));
    assertThat(schedule.next(noon(5))).contains(noon(6));
    assertThat(schedule.first(noon(1))).contains(noon(5));
    assertThat(schedule.latest(noon(1), noon(4))).isEmpty();
    assertThat(schedule.latest(noon(1), noon(5))).contains(noon(5));
    assertThat(schedule.latest(noon(1), noon(9))).contains(noon(9));
    assertThat(schedule.count(noon(1), noon(9))).isEqualTo(5);
    assertThat(schedule.count(noon(5), noon(9))).isEqualTo(4);
    assertThat(schedule.count(noon(1), noon(4))).isZero();
    assertThat(DAILY.from(noon(5).plusSeconds(1)).next(noon(1))).contains(noon(6));
  }

  @Test
  void aFixedRateBeginsAtItsStart() {
    Instant start = NOON.plusSeconds(7);
    Schedule schedule = Schedules.every(MINUTE).from(start);
    assertThat(schedule.first(noon(1))).contains(start);
    assertThat(schedule.next(noon(1))).contains(start);
    assertThat(schedule.next(start)).contains(start.plus(MINUTE));
    assertThat(schedule.first(noon(2))).contains(noon(2));
    assertThat(schedule.latest(NOON, start.plusSeconds(150))).contains(start.plusSeconds(120));
    assertThat(schedule.count(NOON, start.plusSeconds(150))).isEqualTo(3);
    Schedule delay = Schedules.fixedDelay(MINUTE).from(start);
    assertThat(delay.first(NOON)).contains(start);
    assertThat(delay.next(NOON)).contains(start);
    assertThat(delay.next(start)).contains(start.plus(MINUTE));
    assertThat(delay.delayAfterCompletion()).contains(MINUTE);
  }

  @Test
  void aFixedRateBeginsAtItsStartUnderOtherOptions() {
    Instant start = NOON.plusSeconds(7);
    LocalDate first = LocalDate.of(2026, 3, 1);
    Schedule rate = Schedules.every(MINUTE);
    assertThat(rate.until(noon(9)).jitter(MINUTE).from(start).first(noon(1))).contains(start);
    assertThat(rate.from(noon(2)).from(start).first(NOON)).contains(noon(2));
    assertThat(rate.except(first).from(start).first(NOON))
        .contains(Instant.parse("2026-03-02T00:00:07Z"));
    assertThat(rate.from(start).except(first).first(NOON))
        .contains(Instant.parse("2026-03-02T00:00:07Z"));
  }

  @Test
  void nothingFiresAfterTheEnd() {
    Schedule schedule = DAILY.until(noon(5));
    assertThat(schedule.next(noon(4))).contains(noon(5));
    assertThat(schedule.next(noon(5))).isEmpty();
    assertThat(schedule.next(noon(9))).isEmpty();
    assertThat(schedule.first(noon(4))).contains(noon(5));
    assertThat(schedule.latest(noon(1), noon(9))).contains(noon(5));
    assertThat(schedule.count(noon(1), noon(9))).isEqualTo(4);
    assertThat(schedule.fires(noon(1), 100)).hasSize(4);
    assertThat(Schedules.every(MINUTE).until(NOON).first(noon(1))).contains(NOON);
    assertThat(Schedules.every(MINUTE).until(NOON).first(noon(2))).isEmpty();
    assertThat(DAILY.from(noon(3)).until(noon(2)).next(noon(1))).isEmpty();
  }

  @Test
  void daysThatAreExcludedDoNotFire() {
    LocalDate third = LocalDate.of(2026, 3, 3);
    Schedule schedule = DAILY.except(third, third.plusDays(1));
    assertThat(schedule.next(noon(2))).contains(noon(5));
    assertThat(schedule.latest(noon(1), noon(4))).contains(noon(2));
    assertThat(schedule.latest(noon(2), noon(4))).isEmpty();
    assertThat(schedule.count(noon(1), noon(6))).isEqualTo(3);
    assertThat(schedule.first(noon(2))).contains(noon(5));
    assertThat(DAILY.except(List.of())).isSameAs(DAILY);
    assertThat(schedule).isEqualTo(DAILY.except(List.of(third.plusDays(1), third, third)));
  }

  @Test
  void excludedDaysAreCountedWithoutWalkingThroughTheOthers() {
    Instant farOff = Instant.parse("+900000-01-01T00:00:00Z");
    assertThat(
            Schedules.every(Duration.ofDays(1))
                .except(LocalDate.of(2026, 3, 3), LocalDate.of(2027, 3, 3))
                .count(NOON, farOff))
        .isEqualTo(Duration.between(NOON, farOff).toDays() - 2);
  }

  @Test
  void excludedDaysAreThoseOfTheZone() {
    Schedule tokyo = Schedules.daily(LocalTime.of(8, 0)).zone(ZoneId.of("Asia/Tokyo"));
    assertThat(tokyo.except(LocalDate.of(2026, 3, 2)).next(Instant.parse("2026-03-01T12:00:00Z")))
        .contains(Instant.parse("2026-03-02T23:00:00Z"));
    assertThat(tokyo.except(LocalDate.of(2026, 3, 2)).zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void aFixedRateJumpsOverAnExcludedDayOnItsGrid() {
    Schedule schedule = Schedules.every(Duration.ofMillis(7)).except(LocalDate.of(2026, 3, 2));
    Instant last = schedule.latest(NOON, Instant.parse("2026-03-02T18:00:00Z")).orElseThrow();
    assertThat(last).isAfter("2026-03-01T23:59:59.992Z").isBefore("2026-03-02T00:00:00Z");
    Instant next = schedule.next(last).orElseThrow();
    assertThat(next).isBetween("2026-03-03T00:00:00Z", "2026-03-03T00:00:00.007Z");
    assertThat(Duration.between(NOON, next).toMillis() % 7).isZero();
    assertThat(schedule.count(NOON, next))
        .isEqualTo(Duration.between(NOON, last).toMillis() / 7 + 1);
  }

  @Test
  void aConditionExcludesDays() {
    Predicate<LocalDate> weekend = day -> day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
    Schedule schedule = DAILY.except(weekend);
    assertThat(schedule.fires(noon(1), 6))
        .containsExactly(noon(2), noon(3), noon(4), noon(5), noon(6), noon(9));
    assertThat(schedule.count(noon(1), noon(15))).isEqualTo(10);
    assertThat(schedule.latest(noon(1), noon(8))).contains(noon(6));
    assertThat(schedule.text()).isEmpty();
    assertThat(schedule.from(NOON).text()).isEmpty();
    assertThat(schedule.identity())
        .isEqualTo("daily 12:00; except custom dev.escapement.schedule.OptionTest");
  }

  @Test
  void aScheduleWhoseDaysAreAllExcludedEnds() {
    for (Schedule base : List.of(DAILY, Schedules.every(Duration.ofMillis(1)))) {
      Schedule never = base.except(day -> true);
      assertThat(never.next(NOON)).isEmpty();
      assertThat(never.first(NOON)).isEmpty();
      assertThat(never.latest(NOON, noon(30))).isEmpty();
      assertThat(never.count(NOON, noon(30))).isZero();
    }
    Schedule christmas = Schedules.cron("0 0 25 12 *").except(day -> day.getDayOfMonth() == 25);
    assertThat(christmas.next(NOON)).isEmpty();
    assertThat(christmas.latest(NOON, Instant.parse("2100-01-01T00:00:00Z"))).isEmpty();
  }

  @Test
  void aFixedDelayMissesNothingUnderOptionsEither() {
    Schedule delay = Schedules.fixedDelay(MINUTE).except(LocalDate.of(2026, 3, 2));
    assertThat(delay.next(Instant.parse("2026-03-01T23:59:30Z")))
        .contains(Instant.parse("2026-03-03T00:00:30Z"));
    assertThat(delay.latest(NOON, noon(3))).isEmpty();
    assertThat(delay.count(NOON, noon(3))).isZero();
  }

  @Test
  void aScheduleThatIsWrittenInCodeTakesOptionsToo() {
    Schedule hourly = after -> Optional.of(after.plusSeconds(3_600));
    Schedule schedule =
        hourly.from(noon(2)).until(noon(4)).except(LocalDate.of(2026, 3, 3)).jitter(MINUTE);
    assertThat(schedule.next(noon(1)))
        .hasValueSatisfying(fire -> assertThat(fire).isAfter(noon(2)));
    assertThat(schedule.count(noon(2), noon(9))).isEqualTo(11 + 13);
    assertThat(schedule.latest(noon(2), noon(9))).contains(noon(4));
  }

  @Test
  void aScheduleThatStandsStillIsNotAskedForEver() {
    Schedule still = after -> Optional.of(NOON);
    Schedule schedule = still.except(LocalDate.of(2026, 3, 1));
    assertThatThrownBy(() -> schedule.next(noon(1).minusSeconds(1)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("says that " + NOON + " comes after " + NOON);
    assertThat(still.except(LocalDate.of(2026, 3, 2)).count(NOON.minusSeconds(1), noon(2)))
        .isEqualTo(1);
  }

  @Test
  void boundsAreInTheYearsThatHaveFourDigits() {
    assertThat(DAILY.from(NOON.plusNanos(1_999))).isEqualTo(DAILY.from(NOON.plusNanos(1_000)));
    assertThatThrownBy(() -> DAILY.except(LocalDate.MAX))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("option except " + LocalDate.MAX + " isn't possible");
    for (Instant far : List.of(Instant.MIN, Instant.MAX)) {
      assertThatThrownBy(() -> DAILY.from(far))
          .isInstanceOf(InvalidDeclarationException.class)
          .hasMessageContaining("option from " + far + " isn't possible");
      assertThatThrownBy(() -> DAILY.until(far))
          .isInstanceOf(InvalidDeclarationException.class)
          .hasMessageContaining("option until " + far + " isn't possible");
    }
  }

  /** Any nest of options answers latest and count as stepping through next would. */
  @Test
  void latestAndCountAgreeWithNext() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      Schedule schedule = base(random);
      for (int option = random.nextInt(5); option > 0; option--) {
        schedule = with(random, schedule);
      }
      Schedule stepping = new Stepping(schedule);
      for (int range = 0; range < 5; range++) {
        Instant from = NOON.plusSeconds(random.nextInt(10 * 86_400));
        Instant to = from.plusSeconds(random.nextInt(12 * 86_400));
        String said = "seed " + seed + ": " + schedule + " from " + from + " to " + to;
        assertThat(schedule.latest(from, to)).as(said).isEqualTo(stepping.latest(from, to));
        assertThat(schedule.count(from, to)).as(said).isEqualTo(stepping.count(from, to));
        assertThat(schedule.fires(from, 3)).as(said).isEqualTo(stepping.fires(from, 3));
      }
    }
  }

  /** The same fires, but every answer beyond the next one is found by stepping. */
  private record Stepping(Schedule schedule) implements Schedule {

    @Override
    public Optional<Instant> next(Instant after) {
      return schedule.next(after);
    }
  }

  private static Schedule base(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Schedules.every(Duration.ofSeconds(1_000 + random.nextInt(90_000)));
      case 1 -> Schedules.cron("0 */7 * * *").zone(ZoneId.of("America/New_York"));
      case 2 ->
          Schedules.weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.SUNDAY), LocalTime.of(2, 30))
              .zone(ZoneId.of("Asia/Tokyo"));
      default -> Schedules.daily(LocalTime.MIDNIGHT, LocalTime.NOON);
    };
  }

  private static Schedule with(Random random, Schedule schedule) {
    Instant instant = NOON.plusSeconds(random.nextInt(20 * 86_400));
    LocalDate day = LocalDate.of(2026, 3, 1).plusDays(random.nextInt(20));
    int weekday = random.nextInt(7) + 1;
    return switch (random.nextInt(5)) {
      case 0 -> schedule.from(instant);
      case 1 -> schedule.until(instant);
      case 2 -> schedule.except(day, day.plusDays(1), day.plusDays(5));
      case 3 -> schedule.except(date -> date.getDayOfWeek().getValue() == weekday);
      default -> schedule.jitter(MINUTE);
    };
  }
}
