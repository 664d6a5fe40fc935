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
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTextTest {

  private static final List<String> ZONES =
      List.of("Europe/Zurich", "UTC", "+02:00", "America/New_York", "Z", "UTC+1", "Etc/GMT-3");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every 5m                            | every 5m",
        "EVERY   90s                         | every 1m30s",
        "every PT1H                          | every 1h",
        "fixed   Delay 30S                   | fixed delay 30s",
        "cron: 0 2 * * *                     | cron unix: 0 2 * * *",
        "Cron : 0 2 * * mon                  | cron unix: 0 2 * * MON",
        "cron UNIX:@Daily                    | cron unix: @daily",
        "cron quartz: 0 0 2 ? * 2-6          | cron quartz: 0 0 2 ? * 2-6",
        "cron spring: 0 0 2 * * 2-6          | cron spring: 0 0 2 * * 2-6",
        "daily 14:00 , 02:00                 | daily 02:00,14:00",
        "daily 02:00:30                      | daily 02:00:30",
        "weekly mon,FRI 09:00,18:00          | weekly MON,FRI 09:00,18:00",
        "weekly MON - wed , sunday 09:00     | weekly MON,TUE,WED,SUN 09:00",
        "weekly FRI-MON 09:00                | weekly MON,FRI,SAT,SUN 09:00",
        "-                                   | -",
        "daily 02:00; ZONE Europe/Zurich     | daily 02:00; zone Europe/Zurich",
        "daily 02:00; zone UTC               | daily 02:00",
        "daily 02:00;zone +02:00             | daily 02:00; zone +02:00",
        "every 5m;from 2026-01-01t00:00:00z  | every 5m; from 2026-01-01T00:00:00Z",
        "every 5m ; until 2026-01-01T00:00:00Z ; jitter 30s"
            + " | every 5m; until 2026-01-01T00:00:00Z; jitter 30s",
        "daily 02:00; except 2026-12-26 , 2026-12-25; zone Europe/Zurich"
            + " | daily 02:00; zone Europe/Zurich; except 2026-12-25,2026-12-26",
      })
  void readsAndWritesItsForms(String text, String canonical) {
    Schedule schedule = Schedules.parse("  " + text + " ");
    assertThat(schedule.text()).contains(canonical);
    assertThat(schedule).hasToString(canonical);
    assertThat(schedule.identity()).isEqualTo(canonical);
    assertThat(Schedules.parse(canonical)).isEqualTo(schedule);
  }

  @Test
  void meansWhatTheFactoriesMean() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(Schedules.parse("every 5m; from 2026-01-01T00:00:00Z; jitter 30s"))
        .isEqualTo(
            Schedules.every(Duration.ofMinutes(5)).from(start).jitter(Duration.ofSeconds(30)));
    assertThat(Schedules.parse("cron: 0 2 * * *; zone Europe/Zurich"))
        .isEqualTo(Schedules.cron("0 2 * * *").zone(ZoneId.of("Europe/Zurich")));
    assertThat(Schedules.parse("-")).isEqualTo(Schedules.disabled());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hourly | The schedule \"hourly\" isn't known; write one like \"every 5m\", \"fixed delay"
            + " 30s\"",
        "'' | The schedule \"\" isn't known; write one like",
        "every | The schedule \"every\" isn't known",
        "every soon | In the schedule \"every soon\", every can't be \"soon\"; a duration looks"
            + " like",
        "every 0s | In the schedule \"every 0s\", every can't be \"0s\"; make it positive.",
        "every 36501d | The schedule every PT876024H isn't possible; make it 1 ms to 36,500 days.",
        "cron: | The cron expression \"\" is empty",
        "cron vixie: 0 2 * * * | names a dialect that isn't known; there are unix, quartz and"
            + " spring.",
        "cron: 0 61 * * * | field 2 (hour), \"61\", has \"61\"; write 0 to 23.",
        "daily 25:00 | The schedule \"daily 25:00\" has \"25:00\", which isn't a time; write one"
            + " like",
        "daily 02:00,, | has \"\", which isn't a time",
        "daily 02:00:00.5 | is too fine; cut it to whole seconds.",
        "weekly 09:00 | isn't known",
        "weekly FOO 09:00 | has \"FOO\", which isn't a day; write MON, MON,FRI or MON-FRI.",
        "weekly MON-TUE-WED 09:00 | has \"MON-TUE-WED\", which isn't a day",
        "weekly MON | isn't known",
        "every 5m; | The option 1 \"\" in \"every 5m;\" isn't known; there are zone, from, until,",
        "every 5m; jitter 1s; at noon | The option 2 \"at noon\" in \"every 5m; jitter 1s; at"
            + " noon\" isn't",
        "every 5m; zone UTC | The schedule \"every 5m\" in \"every 5m; zone UTC\" has no local"
            + " times, so",
        "daily 02:00; zone Zurich | The option 1 \"zone Zurich\" in \"daily 02:00; zone Zurich\""
            + " isn't a zone",
        "daily 02:00; zone UTC; zone Z | The option 2 \"zone Z\" in",
        "every 5m; from noon | The option \"from noon\" in \"every 5m; from noon\" isn't an"
            + " instant; write",
        "every 5m; until 2026 | isn't an instant; write one like 2026-01-01T00:00:00Z.",
        "every 5m; from +12026-01-01T00:00:00Z | make it an instant of the years 0 to 9999.",
        "every 5m; except 2026-02-30 | has \"2026-02-30\", which isn't a day; write one like"
            + " 2026-12-25.",
        "every 5m; jitter 2d | A schedule's jitter can't be PT48H; make it more than zero, and 1"
            + " day at",
      })
  void refusesWhatItCanNotRead(String text, String message) {
    assertThatThrownBy(() -> Schedules.parse(text))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThatThrownBy(() -> Schedules.parse("every " + " ".repeat(3_995)))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("has 4001 characters; at most 4000 are allowed.");
  }

  /**
   * White space that could be read in many ways costs no time: each of these is refused at once.
   */
  @Test
  @Timeout(5)
  void muchWhiteSpaceIsNoTrap() {
    String space = " ".repeat(3_900);
    for (String start :
        List.of("weekly", "weekly MON", "daily", "cron", "cron unix", "every", "x")) {
      assertThatThrownBy(() -> Schedules.parse(start + space + "!"))
          .isInstanceOf(InvalidDeclarationException.class);
    }
    assertThat(Schedules.parse("weekly" + space + "MON" + "\t\n" + "09:00"))
        .isEqualTo(Schedules.weekly(DayOfWeek.MONDAY, LocalTime.of(9, 0)));
  }

  /** A schedule that can't be read back has no text, but is told from others all the same. */
  @Test
  void aScheduleThatIsTooLongHasNoText() {
    LocalDate day = LocalDate.of(2026, 1, 1);
    Schedule schedule = Schedules.every(Duration.ofHours(1)).except(days(day, 500));
    assertThat(schedule.text()).isEmpty();
    assertThat(schedule.identity()).startsWith("every 1h; except 2026-01-01,2026-01-02,");
    assertThat(Schedules.every(Duration.ofHours(1)).except(days(day, 100)).text()).isPresent();
  }

  private static Set<LocalDate> days(LocalDate first, int count) {
    return first.datesUntil(first.plusDays(count)).collect(java.util.stream.Collectors.toSet());
  }

  @Test
  void everyTextIsReadBackToAnEqualSchedule() {
    long seed = Long.getLong("escapement.cron.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      Schedule schedule = base(random);
      for (int option = random.nextInt(4); option > 0; option--) {
        schedule = with(random, schedule);
      }
      String text = schedule.text().orElseThrow();
      Schedule read = Schedules.parse(text);
      assertThat(read).as("seed " + seed + ": " + text).isEqualTo(schedule);
      assertThat(read.hashCode()).isEqualTo(schedule.hashCode());
      assertThat(read.text()).contains(text);
      assertThat(schedule.identity()).isEqualTo(text);
      assertThat(schedule).hasToString(text);
    }
  }

  private static Schedule base(Random random) {
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    LocalTime[] times =
        random
            .ints(random.nextInt(3), 0, 86_400)
            .mapToObj(LocalTime::ofSecondOfDay)
            .toArray(LocalTime[]::new);
    LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60));
    return switch (random.nextInt(6)) {
      case 0 -> Schedules.every(duration(random, 1_000_000_000_000L));
      case 1 -> Schedules.fixedDelay(duration(random, 1_000_000_000_000L));
      case 2 -> Schedules.disabled();
      case 3 -> Schedules.daily(time, times).zone(zone);
      case 4 -> {
        Set<DayOfWeek> days = EnumSet.of(DayOfWeek.of(1 + random.nextInt(7)));
        days.add(DayOfWeek.of(1 + random.nextInt(7)));
        yield Schedules.weekly(days, time, times).zone(zone);
      }
      default -> {
        CronDialect dialect = List.of(CronDialect.values()).get(random.nextInt(3));
        CronModel model = new CronModel(random, dialect, LocalDate.of(2026, 3, 8).atTime(2, 0));
        try {
          yield Cron.of(model.dialect, model.expression).zone(zone);
        } catch (InvalidDeclarationException e) {
          yield Schedules.cron("@daily").zone(zone);
        }
      }
    };
  }

  private static Duration duration(Random random, long mostMicros) {
    long micros = 1_000 + random.nextLong(mostMicros);
    long rough = random.nextBoolean() ? micros : micros / 1_000_000 * 1_000_000 + 1_000_000;
    return Duration.ofNanos(rough * 1_000);
  }

  private static Schedule with(Random random, Schedule schedule) {
    Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000) * 1_000L);
    return switch (random.nextInt(4)) {
      case 0 -> schedule.from(instant);
      case 1 -> schedule.until(instant);
      case 2 ->
          schedule.except(
              LocalDate.ofEpochDay(random.nextInt(100_000)),
              LocalDate.ofEpochDay(random.nextInt(100_000)));
      default -> schedule.jitter(duration(random, 80_000_000_000L));
    };
  }
}
