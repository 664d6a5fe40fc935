package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.InvalidDeclarationException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random expressions against an oracle that walks through real time second by second,
 * or minute by minute, and asks of each instant whether it is meant. Repeat a failure with {@code
 * -Descapement.cron.seed=…}, look further with {@code -Descapement.cron.cases=…}.
 */
class CronOracleTest {

  private static final long SEED = Long.getLong("escapement.cron.seed", new Random().nextLong());
  private static final int CASES = Integer.getInteger("escapement.cron.cases", 3_000);

  private static final Instant FIRST_TURN = Instant.parse("1969-01-01T00:00:00Z");
  private static final Instant LAST_TURN = Instant.parse("2031-01-01T00:00:00Z");

  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("America/New_York"),
          ZoneId.of("Europe/London"),
          ZoneId.of("Europe/Dublin"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("America/Sao_Paulo"),
          ZoneId.of("Asia/Tehran"),
          ZoneId.of("Asia/Gaza"),
          ZoneId.of("Pacific/Apia"),
          ZoneId.of("Pacific/Kwajalein"),
          ZoneId.of("Antarctica/Troll"),
          ZoneId.of("Africa/Monrovia"),
          ZoneId.of("Africa/Casablanca"),
          ZoneId.of("America/Caracas"));

  @Test
  void firesAroundEveryTurnOfAClockAsTheOracleSays() {
    Random random = new Random(SEED);
    List<List<ZoneOffsetTransition>> turns =
        ZONES.stream().map(zone -> turns(zone.getRules())).toList();
    for (int i = 0; i < CASES; i++) {
      int place = random.nextInt(ZONES.size());
      List<ZoneOffsetTransition> some = turns.get(place);
      ZoneOffsetTransition turn = some.get(random.nextInt(some.size()));
      LocalDateTime around =
          random.nextBoolean() ? turn.getDateTimeBefore() : turn.getDateTimeAfter();
      CronModel model = new CronModel(random, dialect(random), around);
      Optional<Cron> cron = cron(model);
      if (cron.isPresent()) {
        compare(random, model, cron.get().zone(ZONES.get(place)), turn.getInstant());
      }
    }
  }

  private static List<ZoneOffsetTransition> turns(ZoneRules rules) {
    List<ZoneOffsetTransition> turns = new ArrayList<>();
    ZoneOffsetTransition turn = rules.nextTransition(FIRST_TURN);
    while (turn != null && turn.getInstant().isBefore(LAST_TURN)) {
      turns.add(turn);
      turn = rules.nextTransition(turn.getInstant());
    }
    return turns;
  }

  private static CronDialect dialect(Random random) {
    return List.of(CronDialect.values()).get(random.nextInt(3));
  }

  /** Empty if the model never fires, which is checked day by day. */
  private static Optional<Cron> cron(CronModel model) {
    try {
      return Optional.of(Cron.of(model.dialect, model.expression));
    } catch (InvalidDeclarationException e) {
      assertThat(e).as(said(model)).hasMessageContaining("never fires");
      for (LocalDate day = LocalDate.of(1970, 1, 1); day.getYear() < 2370; day = day.plusDays(1)) {
        assertThat(model.hasDay(day)).as(said(model) + " on " + day).isFalse();
      }
      return Optional.empty();
    }
  }

  private static void compare(Random random, CronModel model, Cron cron, Instant turn) {
    ZoneRules rules = cron.zone().getRules();
    boolean minutely =
        model.onlyWholeMinutes && rules.getOffset(turn.minusSeconds(1)).getTotalSeconds() % 60 == 0;
    int step = minutely ? 60 : 1;
    long reach = minutely ? 60 * 60 * 50 : 60 * 60 * 3;
    long from = Math.floorDiv(turn.getEpochSecond() - reach, 60) * 60;
    long to = from + 2 * reach;
    List<Instant> fires = new ArrayList<>();
    Map<Long, ZoneOffsetTransition> turns = turns(rules, from, to);
    for (long second = from + step; second <= to; second += step) {
      if (isFire(model, rules, second) || isGap(model, turns.get(second), step)) {
        fires.add(Instant.ofEpochSecond(second));
      }
    }
    Instant start = Instant.ofEpochSecond(from);
    Instant end = Instant.ofEpochSecond(to);
    String said = said(model) + " in " + cron.zone() + " around " + turn;
    Instant at = start;
    for (Instant fire : fires.subList(0, Math.min(fires.size(), 200))) {
      assertThat(cron.next(at)).as(said + " after " + at).contains(fire);
      at = fire;
    }
    for (int i = 0; i < 8; i++) {
      Instant a = start.plusMillis(random.nextLong(2 * reach * 1000));
      Instant b = i == 0 ? end : start.plusMillis(random.nextLong(2 * reach * 1000));
      compare(cron, fires, i == 0 ? start : a, b, said);
    }
  }

  private static void compare(Cron cron, List<Instant> fires, Instant a, Instant b, String said) {
    List<Instant> between = fires.stream().filter(f -> f.isAfter(a) && !f.isAfter(b)).toList();
    String where = said + " from " + a + " to " + b;
    assertThat(cron.count(a, b)).as(where).isEqualTo(between.size());
    assertThat(cron.latest(a, b))
        .as(where)
        .isEqualTo(
            between.isEmpty() ? Optional.empty() : Optional.of(between.get(between.size() - 1)));
    Optional<Instant> next = fires.stream().filter(fire -> fire.isAfter(a)).findFirst();
    next.ifPresent(fire -> assertThat(cron.next(a)).as(where).contains(fire));
  }

  private static Map<Long, ZoneOffsetTransition> turns(ZoneRules rules, long from, long to) {
    Map<Long, ZoneOffsetTransition> turns = new HashMap<>();
    ZoneOffsetTransition turn = rules.nextTransition(Instant.ofEpochSecond(from));
    while (turn != null && turn.toEpochSecond() <= to) {
      turns.put(turn.toEpochSecond(), turn);
      turn = rules.nextTransition(turn.getInstant());
    }
    return turns;
  }

  private static boolean isFire(CronModel model, ZoneRules rules, long second) {
    ZoneOffset offset = rules.getOffset(Instant.ofEpochSecond(second));
    LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, offset);
    return matches(model, local)
        && (!model.fixed || rules.getValidOffsets(local).get(0).equals(offset));
  }

  private static boolean isGap(CronModel model, @Nullable ZoneOffsetTransition turn, int step) {
    if (!model.fixed || turn == null || !turn.isGap()) {
      return false;
    }
    LocalDateTime skipped = turn.getDateTimeBefore();
    while (skipped.isBefore(turn.getDateTimeAfter())) {
      if (matches(model, skipped)) {
        return true;
      }
      skipped = skipped.plusSeconds(step);
    }
    return false;
  }

  private static boolean matches(CronModel model, LocalDateTime local) {
    return model.hasTime(local.toLocalTime().toSecondOfDay()) && model.hasDay(local.toLocalDate());
  }

  /** Without turns, over many years: days in the month, days in the week, leap years. */
  @Test
  void firesOnTheDaysThatTheOracleSays() {
    Random random = new Random(SEED + 1);
    for (int i = 0; i < CASES / 4; i++) {
      LocalDate start =
          LocalDate.of(1968 + random.nextInt(140), 1, 1).plusDays(random.nextInt(365));
      CronModel model = new CronModel(random, dialect(random), start.atTime(12, 0));
      Optional<Cron> cron = cron(model);
      if (cron.isPresent()) {
        compareDays(model, cron.get(), start);
      }
    }
  }

  private static void compareDays(CronModel model, Cron cron, LocalDate start) {
    int first = model.hours.first() * 3600 + model.minutes.first() * 60 + model.seconds.first();
    int last = model.hours.last() * 3600 + model.minutes.last() * 60 + model.seconds.last();
    long perDay = (long) model.hours.size() * model.minutes.size() * model.seconds.size();
    String said = said(model) + " from " + start;
    LocalDate end = start.plusYears(3);
    long days = 0;
    Instant midnight = start.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant before = midnight.minusSeconds(1);
    Instant latest = null;
    for (LocalDate day = start; day.isBefore(end); day = day.plusDays(1)) {
      if (model.hasDay(day)) {
        days++;
        Instant fire = day.atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds(first);
        assertThat(cron.next(before)).as(said).contains(fire);
        before = day.atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds(last);
        latest = before;
      }
    }
    Instant stop = end.atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(1);
    Instant from = midnight.minusSeconds(1);
    assertThat(cron.latest(from, stop)).as(said).isEqualTo(Optional.ofNullable(latest));
    assertThat(cron.count(from, stop)).as(said).isEqualTo(days * perDay);
  }

  private static String said(CronModel model) {
    return "seed " + SEED + ": " + model;
  }
}
