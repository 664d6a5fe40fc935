package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a turning clock does to schedules that name local times. */
class ClockTurnTest {

  private static final String NEW_YORK = "America/New_York";

  /** The fires of a time, by next, latest and count alike. */
  private static void assertFires(
      Schedule schedule, String after, String until, String... expected) {
    Instant start = Instant.parse(after);
    Instant end = Instant.parse(until);
    List<Instant> fires = Arrays.stream(expected).map(Instant::parse).toList();
    Instant at = start;
    for (Instant fire : fires) {
      assertThat(schedule.next(at)).contains(fire);
      assertThat(schedule.latest(at, fire)).contains(fire);
      assertThat(schedule.latest(at, fire.minusNanos(1))).isEmpty();
      assertThat(schedule.count(at, fire)).isEqualTo(1);
      at = fire;
    }
    assertThat(schedule.next(at)).hasValueSatisfying(fire -> assertThat(fire).isAfter(end));
    assertThat(schedule.count(start, end)).isEqualTo(fires.size());
    assertThat(schedule.latest(start, end))
        .isEqualTo(fires.isEmpty() ? Optional.empty() : Optional.of(fires.get(fires.size() - 1)));
  }

  private static Cron unix(String expression, String zone) {
    return Cron.unix(expression).zone(ZoneId.of(zone));
  }

  /** 2026-03-08 in New York: 02:00 becomes 03:00, at 07:00Z. */
  @Test
  void aFixedTimeInAGapFiresAtTheFirstInstantAfterIt() {
    assertFires(
        unix("30 2 * * *", NEW_YORK),
        "2026-03-07T07:30:00Z",
        "2026-03-09T12:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-03-09T06:30:00Z");
  }

  @Test
  void severalFixedTimesInOneGapFireOnce() {
    assertFires(
        unix("10,20,30 2 * * *", NEW_YORK),
        "2026-03-07T12:00:00Z",
        "2026-03-08T12:00:00Z",
        "2026-03-08T07:00:00Z");
  }

  @Test
  void aFixedTimeInAGapAndOneAtItsEndFireOnce() {
    assertFires(
        unix("0 2,3 * * *", NEW_YORK),
        "2026-03-07T12:00:00Z",
        "2026-03-08T12:00:00Z",
        "2026-03-08T07:00:00Z");
    assertFires(
        unix("30 2,3 * * *", NEW_YORK),
        "2026-03-07T12:00:00Z",
        "2026-03-08T12:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-03-08T07:30:00Z");
  }

  /** 2026-11-01 in New York: 02:00 becomes 01:00, at 06:00Z. */
  @Test
  void aFixedTimeInAnOverlapFiresAtItsFirstPass() {
    assertFires(
        unix("30 1 * * *", NEW_YORK),
        "2026-10-31T12:00:00Z",
        "2026-11-02T12:00:00Z",
        "2026-11-01T05:30:00Z",
        "2026-11-02T06:30:00Z");
    assertFires(
        unix("0 2 * * *", NEW_YORK),
        "2026-10-31T12:00:00Z",
        "2026-11-01T12:00:00Z",
        "2026-11-01T07:00:00Z");
  }

  @Test
  void aStartInTheSecondPassOfAnOverlapDoesNotFireAgain() {
    Cron cron = unix("30 1 * * *", NEW_YORK);
    assertThat(cron.next(Instant.parse("2026-11-01T06:10:00Z")))
        .contains(Instant.parse("2026-11-02T06:30:00Z"));
    assertThat(
            cron.latest(
                Instant.parse("2026-11-01T06:10:00Z"), Instant.parse("2026-11-01T06:50:00Z")))
        .isEmpty();
  }

  @Test
  void aWildcardFiresInEachRealInterval() {
    assertFires(
        unix("*/30 * * * *", NEW_YORK),
        "2026-03-08T06:00:00Z",
        "2026-03-08T07:45:00Z",
        "2026-03-08T06:30:00Z",
        "2026-03-08T07:00:00Z",
        "2026-03-08T07:30:00Z");
    assertFires(
        unix("0 * * * *", NEW_YORK),
        "2026-11-01T04:00:00Z",
        "2026-11-01T07:30:00Z",
        "2026-11-01T05:00:00Z",
        "2026-11-01T06:00:00Z",
        "2026-11-01T07:00:00Z");
  }

  /** A range or a step in the minute or the hour makes a rhythm. */
  @Test
  void aWildcardSkipsWhatAGapSkipsAndRepeatsWhatAnOverlapRepeats() {
    for (String expression : List.of("30 1-2 * * *", "30/30 1,2 * * *", "30-31/5 1,2 * * *")) {
      assertFires(
          unix(expression, NEW_YORK),
          "2026-03-07T12:00:00Z",
          "2026-03-08T12:00:00Z",
          "2026-03-08T06:30:00Z");
      assertFires(
          unix(expression, NEW_YORK),
          "2026-10-31T12:00:00Z",
          "2026-11-01T12:00:00Z",
          "2026-11-01T05:30:00Z",
          "2026-11-01T06:30:00Z",
          "2026-11-01T07:30:00Z");
    }
  }

  @Test
  void secondsDoNotMakeARhythm() {
    Cron cron = Cron.spring("*/20 30 2 * * *").zone(ZoneId.of(NEW_YORK));
    assertFires(cron, "2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-08T07:00:00Z");
  }

  @Test
  void londonTurnsAtOneInUtc() {
    assertFires(
        unix("30 1 * * *", "Europe/London"),
        "2026-03-28T12:00:00Z",
        "2026-03-29T12:00:00Z",
        "2026-03-29T01:00:00Z");
    assertFires(
        unix("30 1 * * *", "Europe/London"),
        "2026-10-24T12:00:00Z",
        "2026-10-25T12:00:00Z",
        "2026-10-25T00:30:00Z");
  }

  /** Lord Howe turns by half an hour: 02:00 becomes 02:30 at 15:30Z, and 02:00 01:30 at 15:00Z. */
  @Test
  void lordHoweTurnsByHalfAnHour() {
    assertFires(
        unix("15,45 2 * * *", "Australia/Lord_Howe"),
        "2026-10-03T00:00:00Z",
        "2026-10-04T00:00:00Z",
        "2026-10-03T15:30:00Z",
        "2026-10-03T15:45:00Z");
    assertFires(
        unix("45 1 * * *", "Australia/Lord_Howe"),
        "2026-04-04T00:00:00Z",
        "2026-04-05T00:00:00Z",
        "2026-04-04T14:45:00Z");
  }

  /** 2018-11-04 in Sao Paulo had no midnight. */
  @Test
  void aMidnightThatIsSkippedFiresAtOne() {
    assertFires(
        unix("@daily", "America/Sao_Paulo"),
        "2018-11-03T12:00:00Z",
        "2018-11-05T12:00:00Z",
        "2018-11-04T03:00:00Z",
        "2018-11-05T02:00:00Z");
  }

  /** 2021-03-22 in Tehran: midnight becomes 01:00; 2021-09-22: midnight becomes 23:00. */
  @Test
  void tehranTurnsAtMidnight() {
    assertFires(
        unix("30 0 * * *", "Asia/Tehran"),
        "2021-03-21T12:00:00Z",
        "2021-03-22T12:00:00Z",
        "2021-03-21T20:30:00Z");
    assertFires(
        unix("30 23 * * *", "Asia/Tehran"),
        "2021-09-21T12:00:00Z",
        "2021-09-22T12:00:00Z",
        "2021-09-21T19:00:00Z");
  }

  /** Apia had no 2011-12-30. What the day would have fired fires once as the 31st begins. */
  @Test
  void aWholeDayThatIsSkippedFiresOnce() {
    assertFires(
        unix("0 9,17 * * *", "Pacific/Apia"),
        "2011-12-30T03:30:00Z",
        "2011-12-31T00:00:00Z",
        "2011-12-30T10:00:00Z",
        "2011-12-30T19:00:00Z");
    assertFires(
        unix("0 */12 * * *", "Pacific/Apia"),
        "2011-12-29T10:30:00Z",
        "2011-12-30T23:00:00Z",
        "2011-12-29T22:00:00Z",
        "2011-12-30T10:00:00Z",
        "2011-12-30T22:00:00Z");
  }

  /** Troll turns by two hours: 01:00 becomes 03:00 at 01:00Z. */
  @Test
  void trollTurnsByTwoHours() {
    assertFires(
        unix("0 1,2 * * *", "Antarctica/Troll"),
        "2026-03-28T12:00:00Z",
        "2026-03-29T12:00:00Z",
        "2026-03-29T01:00:00Z");
    assertFires(
        unix("30 1,2 * * *", "Antarctica/Troll"),
        "2026-10-24T12:00:00Z",
        "2026-10-25T12:00:00Z",
        "2026-10-24T23:30:00Z",
        "2026-10-25T00:30:00Z");
  }

  /** Until 1972-01-07 Monrovia was 44 minutes and 30 seconds behind. */
  @Test
  void offsetsMayHaveSeconds() {
    assertFires(
        unix("0 2 * * *", "Africa/Monrovia"),
        "1972-01-05T00:00:00Z",
        "1972-01-08T00:00:00Z",
        "1972-01-05T02:44:30Z",
        "1972-01-06T02:44:30Z",
        "1972-01-07T02:00:00Z");
    assertFires(
        unix("15 0 * * *", "Africa/Monrovia"),
        "1972-01-06T12:00:00Z",
        "1972-01-07T12:00:00Z",
        "1972-01-07T00:44:30Z");
  }

  @Test
  void offsetsMayBeFixed() {
    assertFires(
        unix("0 2 * * *", "+05:45"),
        "2026-03-01T00:00:00Z",
        "2026-03-02T00:00:00Z",
        "2026-03-01T20:15:00Z");
  }

  /** The same rule as that of a fixed cron expression. */
  @Test
  void dailyAndWeeklyTimesAreFixed() {
    LocalTime half = LocalTime.of(2, 30);
    Daily daily = Schedules.daily(half, LocalTime.of(2, 45, 10)).zone(ZoneId.of(NEW_YORK));
    assertFires(daily, "2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-08T07:00:00Z");
    Weekly weekly = Schedules.weekly(java.time.DayOfWeek.SUNDAY, half).zone(ZoneId.of(NEW_YORK));
    assertFires(weekly, "2026-03-07T12:00:00Z", "2026-03-14T12:00:00Z", "2026-03-08T07:00:00Z");
    assertThat(weekly.zone(ZoneOffset.UTC).next(Instant.parse("2026-03-07T12:00:00Z")))
        .contains(Instant.parse("2026-03-08T02:30:00Z"));
  }
}
