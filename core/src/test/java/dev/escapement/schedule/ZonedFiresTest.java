package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That nothing is found by walking: how often the days of a month are worked out is counted. */
class ZonedFiresTest {

  private static final Instant START = Instant.parse("2026-03-06T12:00:00Z");
  private static final Instant THREE_DAYS_LATER = Instant.parse("2026-03-09T12:00:00Z");
  private static final int EVERY_MONTH = 0x1FFE;

  private final AtomicInteger looks = new AtomicInteger();

  private ZonedFires counted(TimesOfDay times, DayRule rule, int months, ZoneId zone) {
    DayRule counting =
        (length, firstWeekday) -> {
          looks.incrementAndGet();
          return rule.days(length, firstWeekday);
        };
    return new ZonedFires(new LocalCalendar(times, counting, months, null), zone, false);
  }

  private ZonedFires everySecond(ZoneId zone) {
    long all = (1L << 60) - 1;
    return counted(new TimeGrid((1L << 24) - 1, all, all), WeekDays.ALL, EVERY_MONTH, zone);
  }

  @Test
  void threeDaysOfEverySecondTakeAHandfulOfLooks() {
    ZonedFires fires = everySecond(ZoneOffset.UTC);
    assertThat(fires.latest(START, THREE_DAYS_LATER)).contains(THREE_DAYS_LATER);
    assertThat(fires.count(START, THREE_DAYS_LATER)).isEqualTo(3 * 86_400);
    assertThat(looks).hasValueLessThan(6);
  }

  /** New York loses an hour in these three days. */
  @Test
  void aTurnOfTheClockAddsAFewLooks() {
    ZonedFires fires = everySecond(ZoneId.of("America/New_York"));
    assertThat(fires.latest(START, THREE_DAYS_LATER)).contains(THREE_DAYS_LATER);
    assertThat(fires.count(START, THREE_DAYS_LATER)).isEqualTo(3 * 86_400);
    assertThat(looks).hasValueLessThan(10);
  }

  @Test
  void aYearIsCountedByItsMonths() {
    ZonedFires fires = everySecond(ZoneOffset.UTC);
    assertThat(fires.count(START, Instant.parse("2027-03-06T12:00:00Z"))).isEqualTo(365L * 86_400);
    assertThat(looks).hasValueLessThan(20);
  }

  @Test
  void theNextFireIsFoundOnItsDay() {
    everySecond(ZoneOffset.UTC).next(START);
    assertThat(looks).hasValue(1);
  }

  /** From 2096 to 2104, through sixteen turns of the clock: one February a year. */
  @Test
  void aLeapDayIsFoundByItsFebruaries() {
    ZonedFires leapDay =
        counted(
            new TimeGrid(1, 1, 1),
            new MonthDays(1 << 29, 0, 0, false),
            1 << 2,
            ZoneId.of("America/New_York"));
    assertThat(leapDay.next(Instant.parse("2096-03-01T12:00:00Z")))
        .contains(Instant.parse("2104-02-29T05:00:00Z"));
    assertThat(looks).hasValueLessThan(30);

    looks.set(0);
    assertThat(
            leapDay.latest(
                Instant.parse("2000-01-01T12:00:00Z"), Instant.parse("2104-02-28T12:00:00Z")))
        .contains(Instant.parse("2096-02-29T05:00:00Z"));
    assertThat(looks).hasValueLessThan(30);
  }
}
