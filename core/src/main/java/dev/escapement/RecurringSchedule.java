package dev.escapement;

import dev.escapement.schedule.Cron;
import dev.escapement.schedule.CronDialect;
import dev.escapement.schedule.Durations;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Recurring} says of the time. */
final class RecurringSchedule {

  private static final String NEVER = "-";

  private RecurringSchedule() {}

  /**
   * @param sixFields whose a cron expression of six fields is if nothing is said; null if that must
   *     not matter
   * @throws InvalidDeclarationException if it says none, several, or one that can't be
   */
  static Schedule of(Recurring said, @Nullable CronDialect sixFields) {
    Schedule schedule = plain(said, sixFields);
    return said.jitter().isEmpty()
        ? schedule
        : schedule.jitter(Durations.parse(said.jitter(), "@Recurring(jitter)"));
  }

  private static Schedule plain(Recurring said, @Nullable CronDialect sixFields) {
    Map<String, String> times = new TreeMap<>();
    times.put("cron", said.cron());
    times.put("every", said.every());
    times.put("fixedDelay", said.fixedDelay());
    times.put("schedule", said.schedule());
    times.values().removeIf(String::isEmpty);
    if (times.size() != 1) {
      throw new InvalidDeclarationException(
          "@Recurring says "
              + (times.isEmpty() ? "nothing of the time" : quoted(times))
              + "; say exactly one of cron, every, fixedDelay and schedule.");
    }
    String time = times.keySet().iterator().next();
    if (!time.equals("cron") && (!said.zone().isEmpty() || said.dialect().length > 0)) {
      throw new InvalidDeclarationException(
          "@Recurring says a zone or a dialect with "
              + time
              + "; they belong to cron. In a schedule text write \"; zone Europe/Zurich\".");
    }
    return switch (time) {
      case "cron" -> said.cron().equals(NEVER) ? Schedules.parse(NEVER) : cron(said, sixFields);
      case "every" -> Schedules.every(Durations.parse(said.every(), "@Recurring(every)"));
      case "fixedDelay" ->
          Schedules.fixedDelay(Durations.parse(said.fixedDelay(), "@Recurring(fixedDelay)"));
      default -> Schedules.parse(said.schedule());
    };
  }

  private static String quoted(Map<String, String> times) {
    return times.entrySet().stream()
        .map(time -> time.getKey() + " = " + Names.quote(time.getValue()))
        .collect(Collectors.joining(" and "));
  }

  private static Cron cron(Recurring said, @Nullable CronDialect sixFields) {
    CronDialect[] dialect = said.dialect();
    if (dialect.length > 1) {
      throw new InvalidDeclarationException(
          "@Recurring names " + dialect.length + " cron dialects; name one.");
    }
    Cron cron =
        dialect.length == 0
            ? sixFields == null ? Cron.of(said.cron()) : Cron.of(said.cron(), sixFields)
            : Cron.of(dialect[0], said.cron());
    return said.zone().isEmpty() ? cron : cron.zone(zone(said.zone()));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidDeclarationException(
          "@Recurring(zone) can't be "
              + Names.quote(name)
              + "; name a time zone like Europe/Zurich, or UTC.",
          e);
    }
  }
}
