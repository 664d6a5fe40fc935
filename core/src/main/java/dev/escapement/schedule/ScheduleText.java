package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text form of a schedule. The forms are listed at {@link Schedules#parse}. */
final class ScheduleText {

  static final int LONGEST = 4_000;

  private static final Pattern EVERY = form("every\\s+(.+)");
  private static final Pattern FIXED_DELAY = form("fixed\\s+delay\\s+(.+)");
  private static final Pattern CRON = form("cron(?:\\s+(\\w+))?\\s*:\\s*(.*)");
  private static final Pattern DAILY = form("daily\\s+(.+)");
  private static final Pattern WEEKLY = form("weekly\\s+([^\\d]+)\\b(\\d.*)");
  private static final Pattern OPTION = form("(zone|from|until|except|jitter)\\s+(.+)");
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private final String text;

  private ScheduleText(String text) {
    this.text = text;
  }

  private static Pattern form(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  static Schedule parse(String text) {
    if (text.length() > LONGEST) {
      throw new InvalidDeclarationException(
          "The schedule "
              + Quotes.quote(text)
              + " has "
              + text.length()
              + " characters; at most "
              + LONGEST
              + " are allowed.");
    }
    return new ScheduleText(text).schedule();
  }

  private Schedule schedule() {
    String[] parts = text.split(";", -1);
    List<Matcher> options = new ArrayList<>();
    ZoneId zone = null;
    for (int i = 1; i < parts.length; i++) {
      Matcher option = option(i, parts[i].strip());
      if (!name(option).equals("zone")) {
        options.add(option);
      } else if (zone == null) {
        zone = zone(i, option.group(2));
      } else {
        throw refused("option " + i, parts[i].strip(), "is a second zone; say one.");
      }
    }
    Schedule schedule = base(parts[0].strip(), zone);
    for (Matcher option : options) {
      schedule = with(schedule, name(option), option.group(2));
    }
    return schedule;
  }

  private Matcher option(int place, String option) {
    Matcher matcher = OPTION.matcher(option);
    if (!matcher.matches()) {
      throw refused(
          "option " + place,
          option,
          "isn't known; there are zone, from, until, except and jitter, each with a value.");
    }
    return matcher;
  }

  private static String name(Matcher option) {
    return option.group(1).toLowerCase(Locale.ROOT);
  }

  private ZoneId zone(int place, String zone) {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw refused(
          "option " + place,
          "zone " + zone,
          "isn't a zone of this JVM; write one like Europe/Zurich, UTC or +02:00.");
    }
  }

  private Schedule base(String base, @Nullable ZoneId zone) {
    Matcher cron = CRON.matcher(base);
    if (cron.matches()) {
      Cron read = cron(base, cron.group(1), cron.group(2));
      return zone == null ? read : read.zone(zone);
    }
    Matcher daily = DAILY.matcher(base);
    if (daily.matches()) {
      Daily read = new Daily(times(base, daily.group(1)), ZoneOffset.UTC);
      return zone == null ? read : read.zone(zone);
    }
    Matcher weekly = WEEKLY.matcher(base);
    if (weekly.matches()) {
      Weekly read =
          new Weekly(
              days(base, weekly.group(1).strip()), times(base, weekly.group(2)), ZoneOffset.UTC);
      return zone == null ? read : read.zone(zone);
    }
    Schedule read = withoutZone(base);
    if (zone != null) {
      throw refused("schedule", base, "has no local times, so it takes no zone; remove it.");
    }
    return read;
  }

  private Cron cron(String base, @Nullable String dialect, String expression) {
    if (dialect == null) {
      return Cron.of(expression);
    }
    return switch (dialect.toLowerCase(Locale.ROOT)) {
      case "unix" -> Cron.unix(expression);
      case "quartz" -> Cron.quartz(expression);
      case "spring" -> Cron.spring(expression);
      default ->
          throw refused(
              "schedule",
              base,
              "names a dialect that isn't known; there are unix, quartz and spring.");
    };
  }

  private Schedule withoutZone(String base) {
    if (base.equals(Disabled.TEXT)) {
      return Schedules.disabled();
    }
    Matcher every = EVERY.matcher(base);
    if (every.matches()) {
      return Schedules.every(duration(every.group(1), "every"));
    }
    Matcher delay = FIXED_DELAY.matcher(base);
    if (delay.matches()) {
      return Schedules.fixedDelay(duration(delay.group(1), "fixed delay"));
    }
    throw refused(
        "schedule",
        base,
        "isn't known; write one like \"every 5m\", \"fixed delay 30s\", \"cron: 0 2 * * *\","
            + " \"daily 02:00,14:00\", \"weekly MON,FRI 09:00\" or \"-\".");
  }

  private Schedule with(Schedule schedule, String name, String value) {
    return switch (name) {
      case "from" -> schedule.from(instant(name, value));
      case "until" -> schedule.until(instant(name, value));
      case "except" -> schedule.except(items(value, day -> date(value, day)));
      default -> schedule.jitter(duration(value, name));
    };
  }

  private Duration duration(String value, String what) {
    return Durations.parse(
        value.toLowerCase(Locale.ROOT), "In the schedule " + Quotes.quoteWhole(text) + ", " + what);
  }

  private Instant instant(String name, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      throw refused(
          "option", name + " " + value, "isn't an instant; write one like 2026-01-01T00:00:00Z.");
    }
  }

  private LocalDate date(String list, String day) {
    try {
      return LocalDate.parse(day);
    } catch (DateTimeException e) {
      throw refused(
          "option",
          "except " + list,
          "has " + Quotes.quote(day) + ", which isn't a day; write one like 2026-12-25.");
    }
  }

  private List<LocalTime> times(String base, String list) {
    return items(
        list,
        time -> {
          try {
            return LocalTime.parse(time);
          } catch (DateTimeException e) {
            throw refused(
                "schedule",
                base,
                "has " + Quotes.quote(time) + ", which isn't a time; write one like 02:00.");
          }
        });
  }

  private Set<DayOfWeek> days(String base, String list) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String item : COMMA.split(list, -1)) {
      String[] ends = item.split("\\s*-\\s*", -1);
      DayOfWeek first = day(base, ends[0]);
      DayOfWeek last = ends.length == 2 ? day(base, ends[1]) : first;
      if (ends.length > 2) {
        throw noDay(base, item);
      }
      for (DayOfWeek day = first; day != last; day = day.plus(1)) {
        days.add(day);
      }
      days.add(last);
    }
    return days;
  }

  private DayOfWeek day(String base, String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().equalsIgnoreCase(name) || day.name().substring(0, 3).equalsIgnoreCase(name)) {
        return day;
      }
    }
    throw noDay(base, name);
  }

  private InvalidDeclarationException noDay(String base, String name) {
    return refused(
        "schedule",
        base,
        "has " + Quotes.quote(name) + ", which isn't a day; write MON, MON,FRI or MON-FRI.");
  }

  private static <T> List<T> items(String list, Function<String, T> read) {
    return List.of(COMMA.split(list, -1)).stream().map(read).toList();
  }

  private InvalidDeclarationException refused(String what, String part, String fault) {
    String whole = part.equals(text) ? "" : " in " + Quotes.quoteWhole(text);
    return new InvalidDeclarationException(
        "The " + what + " " + Quotes.quote(part) + whole + " " + fault);
  }
}
