package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What expressions mean. What a turning clock does to them is in {@link ClockTurnTest}. */
class CronTest {

  private static void assertFires(Cron cron, String after, String fires) {
    List<Instant> expected =
        Arrays.stream(fires.strip().split("\\s+")).map(CronTest::instant).toList();
    assertThat(cron.fires(instant(after), expected.size())).isEqualTo(expected);
  }

  /** Seconds may be left away, and with them the time. */
  private static Instant instant(String text) {
    String full = text.length() == 10 ? text + "T00:00" : text;
    return LocalDateTime.parse(full).toInstant(ZoneOffset.UTC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 2 * * *        | 2026-03-01T02:00    | 2026-03-02T02:00 2026-03-03T02:00",
        "*/15 9-10 * * *  | 2026-03-01T09:20    | 2026-03-01T09:30 2026-03-01T09:45"
            + " 2026-03-01T10:00",
        "5/20 * * * *     | 2026-03-01T09:30    | 2026-03-01T09:45 2026-03-01T10:05",
        "0 0 1 */5 *      | 2026-03-01          | 2026-06-01 2026-11-01 2027-01-01",
        "0 0 * * 0        | 2026-03-01          | 2026-03-08 2026-03-15",
        "0 0 * * 7        | 2026-03-01          | 2026-03-08 2026-03-15",
        "0 0 * * sun      | 2026-03-01          | 2026-03-08 2026-03-15",
        "0 0 * * */2      | 2026-03-01          | 2026-03-03 2026-03-05 2026-03-07 2026-03-08",
        "0 0 * * 5-7      | 2026-03-01          | 2026-03-06 2026-03-07 2026-03-08 2026-03-13",
        "0 0 * * 7-2      | 2026-03-01          | 2026-03-02 2026-03-03 2026-03-08",
        "0 0 * * FRI-MON  | 2026-03-01          | 2026-03-02 2026-03-06 2026-03-07 2026-03-08",
        "0 0 1 NOV-FEB *  | 2026-03-01          | 2026-11-01 2026-12-01 2027-01-01 2027-02-01"
            + " 2027-11-01",
        "0 22-4 * * *     | 2026-03-01T03:30    | 2026-03-01T04:00 2026-03-01T22:00",
        "0 22-4/2 * * *   | 2026-03-01T03:30    | 2026-03-01T04:00 2026-03-01T22:00"
            + " 2026-03-02T00:00 2026-03-02T02:00",
        "0 0 25-5 * *     | 2026-03-04          | 2026-03-05 2026-03-25",
        "58-2 1 * * *     | 2026-03-01T01:01    | 2026-03-01T01:02 2026-03-01T01:58",
        "0 0 29 2 *       | 2026-03-01          | 2028-02-29 2032-02-29",
        "0 0 29 2 *       | 2096-03-01          | 2104-02-29",
        "0 0 31 * *       | 2026-03-31          | 2026-05-31 2026-07-31",
        "1,3,1 5 * * *    | 2026-03-01          | 2026-03-01T05:01 2026-03-01T05:03"
            + " 2026-03-02T05:01",
        "@yearly          | 2026-03-01          | 2027-01-01 2028-01-01",
        "@annually        | 2026-03-01          | 2027-01-01",
        "@monthly         | 2026-03-01          | 2026-04-01",
        "@weekly          | 2026-03-01          | 2026-03-08",
        "@daily           | 2026-03-01          | 2026-03-02",
        "@midnight        | 2026-03-01          | 2026-03-02",
        "@Hourly          | 2026-03-01          | 2026-03-01T01:00",
      })
  void readsUnix(String expression, String after, String fires) {
    assertFires(Cron.unix(expression), after, fires);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 2 * * ?          | 2026-03-01T02:00    | 2026-03-02T02:00",
        "5/15 * * * * ?       | 2026-03-01T00:00:50 | 2026-03-01T00:01:05 2026-03-01T00:01:20",
        "/20 0 0 * * ?        | 2026-03-01          | 2026-03-01T00:00:20 2026-03-01T00:00:40"
            + " 2026-03-02T00:00",
        "0 0 0 ? * 1          | 2026-03-01          | 2026-03-08",
        "0 0 0 ? * 2-6        | 2026-03-06          | 2026-03-09",
        "0 0 0 ? * 6-2        | 2026-03-06          | 2026-03-07 2026-03-08 2026-03-09 2026-03-13",
        "0 0 0 ? * FRI-MON    | 2026-03-06          | 2026-03-07 2026-03-08 2026-03-09 2026-03-13",
        "0 0 0 ? * */2        | 2026-03-01          | 2026-03-03 2026-03-05 2026-03-07 2026-03-08",
        "0 0 0 ? * L          | 2026-03-01          | 2026-03-07",
        "0 0 0 ? * 6L         | 2026-03-01          | 2026-03-27 2026-04-24",
        "0 0 0 ? * FRIL       | 2026-03-01          | 2026-03-27 2026-04-24",
        "0 0 0 ? * 6#3        | 2026-03-01          | 2026-03-20 2026-04-17",
        "0 0 0 ? * MON#5      | 2026-03-01          | 2026-03-30 2026-06-29",
        "0 0 0 ? * MON#1,WEDL | 2026-03-01          | 2026-03-02 2026-03-25 2026-04-06",
        "0 0 0 L * ?          | 2028-02-01          | 2028-02-29 2028-03-31",
        "0 0 0 L-3 * ?        | 2026-02-01          | 2026-02-25 2026-03-28",
        "0 0 0 L-30 * ?       | 2026-02-01          | 2026-03-01 2026-05-01",
        "0 0 0 LW * ?         | 2026-01-01          | 2026-01-30 2026-02-27 2026-03-31",
        "0 0 0 15W * ?        | 2026-01-31          | 2026-02-16 2026-03-16 2026-04-15",
        "0 0 0 1W * ?         | 2026-01-01          | 2026-02-02 2026-03-02 2026-04-01",
        "0 0 0 1W 8 ?         | 2026-01-01          | 2026-08-03",
        "0 0 0 1,L * ?        | 2026-01-31          | 2026-02-01 2026-02-28 2026-03-01",
        "0 0 0 2W,16 * ?      | 2026-01-31          | 2026-02-02 2026-02-16 2026-03-02",
        "0 0 0 1W,15,LW * ?   | 2026-01-31          | 2026-02-02 2026-02-15 2026-02-27",
        "0 0 0 31W * ?        | 2026-01-01          | 2026-01-30 2026-03-31 2026-05-29",
        "0 0 0 30W * ?        | 2026-01-31          | 2026-03-30 2026-04-30",
        "0 0 0 29W 2 ?        | 2026-01-01          | 2028-02-29 2032-02-27",
        "0 0 12 1 1 ? 2030    | 2026-01-01          | 2030-01-01T12:00",
        "0 0 12 1 1 ? 2030/35 | 2026-01-01          | 2030-01-01T12:00 2065-01-01T12:00",
        "0 0 12 1 1 ? 2030,2035-2036 | 2031-01-01   | 2035-01-01T12:00 2036-01-01T12:00",
        "0 0 12 1 1 ? *       | 2026-01-01T12:00    | 2027-01-01T12:00",
      })
  void readsQuartz(String expression, String after, String fires) {
    assertFires(Cron.quartz(expression), after, fires);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 2 * * *        | 2026-03-01T02:00    | 2026-03-02T02:00",
        "*/10 * * * * *     | 2026-03-01T00:00:55 | 2026-03-01T00:01:00 2026-03-01T00:01:10",
        "0 0 0 ? * 1        | 2026-03-01          | 2026-03-02",
        "0 0 0 * * 0        | 2026-03-01          | 2026-03-08",
        "0 0 0 ? * 7        | 2026-03-01          | 2026-03-08",
        "0 0 0 ? 3 ?        | 2026-03-31          | 2027-03-01",
        "0 0 0 * * 2-6      | 2026-03-01          | 2026-03-03 2026-03-04 2026-03-05 2026-03-06"
            + " 2026-03-07 2026-03-10",
        "0 0 0 * * 7-2      | 2026-03-01          | 2026-03-02 2026-03-03 2026-03-08",
        "0 0 0 * * FRI-MON  | 2026-03-06          | 2026-03-07 2026-03-08 2026-03-09 2026-03-13",
        "0 0 0 * * 5L       | 2026-03-01          | 2026-03-27",
        "0 0 0 * * THUL     | 2026-03-01          | 2026-03-26",
        "0 0 0 ? * 5#2      | 2026-03-01          | 2026-03-13",
        "0 0 0 ? * MON#2    | 2026-03-01          | 2026-03-09",
        "0 0 0 ? * 0#1      | 2026-02-01          | 2026-03-01",
        "0 0 0 ? * SUN/2    | 2026-03-01          | 2026-03-08 2026-03-15",
        "0 0 0 ? * SUN-TUE  | 2026-03-01          | 2026-03-02 2026-03-03 2026-03-08",
        "0 0 0 ? * 0-SUN    | 2026-03-01          | 2026-03-02 2026-03-03 2026-03-04 2026-03-05",
        "0 0 0 L-3 * *      | 2026-03-01          | 2026-03-28",
        "0 0 0 LW * *       | 2026-01-01          | 2026-01-30",
        "0 0 0 1,L * *      | 2026-01-31          | 2026-02-01 2026-02-28",
        "0 0 22-4 * * *     | 2026-03-01T03:30    | 2026-03-01T04:00 2026-03-01T22:00",
        "@weekly            | 2026-03-01          | 2026-03-08",
        "@hourly            | 2026-03-01          | 2026-03-01T01:00",
        "@yearly            | 2026-03-01          | 2027-01-01",
      })
  void readsSpring(String expression, String after, String fires) {
    assertFires(Cron.spring(expression), after, fires);
  }

  /** Vixie cron: one restricted day field is enough; a star at the beginning restricts nothing. */
  @Test
  void unixTakesEitherDayFieldIfBothAreRestricted() {
    assertFires(Cron.unix("0 0 13 * 5"), "2026-03-01", "2026-03-06 2026-03-13 2026-03-20");
    assertFires(Cron.unix("0 0 13 * MON"), "2026-03-01", "2026-03-02 2026-03-09 2026-03-13");
    assertFires(Cron.unix("0 0 */2 * 5"), "2026-03-01", "2026-03-13 2026-03-27 2026-04-03");
    assertFires(Cron.unix("0 0 13 * */5"), "2026-03-01", "2026-03-13 2026-09-13 2026-11-13");
  }

  /** Friday the 13th. */
  @Test
  void springTakesBothDayFieldsTogether() {
    assertFires(Cron.spring("0 0 0 13 * 5"), "2026-01-01", "2026-02-13 2026-03-13 2026-11-13");
  }

  /** Spring's week begins on Monday, though it calls Sunday 0 as well; a start of 0 is said. */
  @Test
  void springCountsStepsInTheWeekFromMonday() {
    assertFires(
        Cron.spring("0 0 0 * * */2"),
        "2026-03-01",
        "2026-03-02 2026-03-04 2026-03-06 2026-03-08 2026-03-09");
    assertFires(
        Cron.spring("0 0 0 * * 0/2"), "2026-03-01", "2026-03-03 2026-03-05 2026-03-07 2026-03-08");
    assertFires(Cron.spring("0 0 0 * * 5/2"), "2026-03-01", "2026-03-06 2026-03-08 2026-03-13");
    assertFires(Cron.spring("0 0 0 */10 * *"), "2026-03-01", "2026-03-11 2026-03-21 2026-03-31");
  }

  @Test
  void quartzEndsWithItsYears() {
    Cron cron = Cron.quartz("0 0 0 1 1 ? 2098-2099");
    assertThat(cron.next(instant("2098-06-01"))).contains(instant("2099-01-01"));
    assertThat(cron.next(instant("2099-01-01"))).isEmpty();
    assertThat(cron.first(instant("2150-01-01"))).isEmpty();
    assertThat(cron.latest(instant("2026-01-01"), instant("2500-01-01")))
        .contains(instant("2099-01-01"));
    assertThat(cron.count(instant("2026-01-01"), instant("2500-01-01"))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 2 ? * MON-FRI", "0 0 2 1 * ?", "0 0 0 L-3 * ?", "0 30 * 15W * ?"})
  void sixFieldsThatMeanTheSameInQuartzAndSpringNeedNoDialect(String expression) {
    assertThat(Cron.of(expression)).isEqualTo(Cron.quartz(expression));
    assertThat(Cron.spring(expression).fires(instant("2026-01-01"), 100))
        .isEqualTo(Cron.quartz(expression).fires(instant("2026-01-01"), 100));
  }

  @Test
  void theFormTellsTheDialect() {
    assertThat(Cron.of("0 2 * * *").dialect()).isEqualTo(CronDialect.UNIX);
    assertThat(Cron.of("@daily").dialect()).isEqualTo(CronDialect.UNIX);
    assertThat(Cron.of("0 0 2 * * ? 2030").dialect()).isEqualTo(CronDialect.QUARTZ);
    assertThat(Cron.of("0 0 2 ? * L").dialect()).isEqualTo(CronDialect.QUARTZ);
    assertThat(Cron.of("0 0 2 * * *").dialect()).isEqualTo(CronDialect.SPRING);
    assertThat(Cron.of("0 0 2 ? * ?").dialect()).isEqualTo(CronDialect.SPRING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0 0 2 ? * 2-6", "0 0 2 ? * 5L", "0 0 2 ? * 6#3", "0 0 2 ? * */2", "0 0 2 ? * 1"})
  void sixFieldsThatMeanOtherDaysInQuartzAndSpringAreRefused(String expression) {
    assertThatThrownBy(() -> Cron.of(expression))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("\"" + expression + "\"")
        .hasMessageContaining("field 6 (day of week)")
        .hasMessageContaining("names of days")
        .hasMessageContaining("Cron.quartz or Cron.spring");
  }

  @Test
  void aLocaleDoesNotChangeWhatIsRead() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      assertThat(Cron.unix("0 0 * * fri")).isEqualTo(Cron.unix("0 0 * * FRI"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void isAValue() {
    Cron cron = Cron.unix(" 0  2 * * mon ");
    assertThat(cron)
        .isEqualTo(Cron.unix("0 2 * * MON"))
        .hasSameHashCodeAs(Cron.unix("0 2 * * MON"))
        .hasToString("cron unix: 0 2 * * MON")
        .isNotEqualTo(Cron.unix("0 2 * * TUE"))
        .isNotEqualTo(cron.zone(ZoneId.of("Europe/Zurich")))
        .isEqualTo(cron.zone(ZoneId.of("Europe/Zurich")).zone(ZoneId.of("Etc/UTC")));
    assertThat(Cron.spring("@daily")).isNotEqualTo(Cron.unix("@daily"));
    assertThat(cron.zone(ZoneId.of("Europe/Zurich")))
        .hasToString("cron unix: 0 2 * * MON; zone Europe/Zurich");
    assertThat(cron.zone()).isEqualTo(ZoneOffset.UTC);
  }

  @Test
  void theStartIsFlooredToSecondsAndTheResultIsStrictlyLater() {
    Cron cron = Cron.spring("* * * * * *");
    Instant second = Instant.parse("2026-03-01T00:00:05Z");
    assertThat(cron.next(second)).contains(second.plusSeconds(1));
    assertThat(cron.next(second.plusNanos(1))).contains(second.plusSeconds(1));
    assertThat(cron.next(second.minusNanos(1))).contains(second);
    assertThat(cron.latest(second.minusNanos(1), second)).contains(second);
    assertThat(cron.latest(second, second.plusNanos(999_999_999))).isEmpty();
    assertThat(cron.count(second.minusNanos(1), second.plusNanos(1))).isEqualTo(1);
    assertThat(cron.count(second, second.minusSeconds(5))).isZero();
    Instant beforeEpoch = Instant.parse("1969-12-31T23:59:58.5Z");
    assertThat(cron.next(beforeEpoch)).contains(Instant.parse("1969-12-31T23:59:59Z"));
  }

  @Test
  void instantsBeyondTheCalendarAreNoError() {
    Cron cron = Cron.unix("0 0 1 1 *").zone(ZoneId.of("America/New_York"));
    assertThat(cron.next(Instant.MAX)).isEmpty();
    assertThat(cron.next(Instant.MIN))
        .hasValueSatisfying(fire -> assertThat(fire).isBefore("0001-01-01T00:00:00Z"));
    assertThat(cron.latest(Instant.MIN, Instant.MAX))
        .contains(Instant.parse("9999-01-01T05:00:00Z"));
    assertThat(cron.count(Instant.MIN, Instant.MAX)).isEqualTo(10_000);
    assertThat(cron.latest(Instant.MIN, Instant.parse("-0005-01-01T00:00:00Z"))).isEmpty();
  }
}
