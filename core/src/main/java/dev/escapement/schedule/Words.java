package dev.escapement.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Schedules in words, in English and in Chinese. */
enum Words {
  ENGLISH {
    @Override
    String every(Duration period) {
      String text = duration(period);
      return "every " + (text.startsWith("1 ") && !text.contains(",") ? text.substring(2) : text);
    }

    @Override
    String fixedDelay(Duration delay) {
      return duration(delay) + " after each completion";
    }

    @Override
    String daily(List<LocalTime> times, ZoneId zone) {
      return "every day at " + times(times) + in(zone);
    }

    @Override
    String weekly(Collection<DayOfWeek> days, List<LocalTime> times, ZoneId zone) {
      List<String> names =
          days.stream().map(day -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH)).toList();
      return "every " + joined(names) + " at " + times(times) + in(zone);
    }

    private String times(List<LocalTime> times) {
      return joined(times.stream().map(LocalTime::toString).toList());
    }

    @Override
    String in(ZoneId zone) {
      return " (" + zoneName(zone) + ")";
    }

    @Override
    String by(CronDialect dialect, String expression) {
      return "by the " + dialect.title() + " cron expression " + expression;
    }

    @Override
    String never() {
      return "never";
    }

    @Override
    String comma() {
      return ", ";
    }

    @Override
    String from(Instant start) {
      return "from " + start;
    }

    @Override
    String until(Instant end) {
      return "until " + end;
    }

    @Override
    String except(Collection<LocalDate> days) {
      return "except on " + joined(days.stream().map(LocalDate::toString).toList());
    }

    @Override
    String exceptSome() {
      return "except on some days";
    }

    @Override
    String jitter(Duration most) {
      return "delayed by up to " + duration(most);
    }

    @Override
    String duration(Duration duration) {
      return String.join(
          ", ",
          parts(duration, "day", "hour", "minute", "second", "millisecond", "microsecond").stream()
              .map(part -> part.startsWith("1 ") ? part : part + "s")
              .toList());
    }

    private String joined(List<String> items) {
      int last = items.size() - 1;
      return last == 0
          ? items.get(0)
          : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
    }
  },

  CHINESE {
    @Override
    String every(Duration period) {
      return "每 " + duration(period);
    }

    @Override
    String fixedDelay(Duration delay) {
      return "每次完成后 " + duration(delay);
    }

    @Override
    String daily(List<LocalTime> times, ZoneId zone) {
      return "每天 " + times(times) + in(zone);
    }

    @Override
    String weekly(Collection<DayOfWeek> days, List<LocalTime> times, ZoneId zone) {
      String names =
          days.stream()
              .map(day -> "周" + "一二三四五六日".charAt(day.getValue() - 1))
              .collect(Collectors.joining("、"));
      return "每" + names + " " + times(times) + in(zone);
    }

    private String times(List<LocalTime> times) {
      return times.stream().map(LocalTime::toString).collect(Collectors.joining("、"));
    }

    @Override
    String in(ZoneId zone) {
      return "（" + zoneName(zone) + "）";
    }

    @Override
    String by(CronDialect dialect, String expression) {
      return "按 " + dialect.title() + " cron 表达式 " + expression;
    }

    @Override
    String never() {
      return "从不";
    }

    @Override
    String comma() {
      return "，";
    }

    @Override
    String from(Instant start) {
      return "从 " + start + " 起";
    }

    @Override
    String until(Instant end) {
      return "到 " + end + " 止";
    }

    @Override
    String except(Collection<LocalDate> days) {
      return days.stream().map(LocalDate::toString).collect(Collectors.joining("、")) + " 除外";
    }

    @Override
    String exceptSome() {
      return "某些日期除外";
    }

    @Override
    String jitter(Duration most) {
      return "最多推迟 " + duration(most);
    }

    @Override
    String duration(Duration duration) {
      return String.join(" ", parts(duration, "天", "小时", "分钟", "秒", "毫秒", "微秒"));
    }
  };

  /** Chinese for any Chinese locale, English for any other. */
  static Words in(Locale locale) {
    return locale.getLanguage().equals("zh") ? CHINESE : ENGLISH;
  }

  abstract String every(Duration period);

  abstract String fixedDelay(Duration delay);

  abstract String daily(List<LocalTime> times, ZoneId zone);

  abstract String weekly(Collection<DayOfWeek> days, List<LocalTime> times, ZoneId zone);

  /** The zone, to be put after local times. */
  abstract String in(ZoneId zone);

  /** For a cron expression that isn't described. */
  abstract String by(CronDialect dialect, String expression);

  abstract String never();

  /** What stands between a schedule and its options. */
  abstract String comma();

  abstract String from(Instant start);

  abstract String until(Instant end);

  abstract String except(Collection<LocalDate> days);

  abstract String exceptSome();

  abstract String jitter(Duration most);

  abstract String duration(Duration duration);

  private static String zoneName(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  /** Its parts that aren't zero, from the largest unit to the smallest. */
  private static List<String> parts(Duration duration, String... units) {
    long[] amounts = {
      duration.toDays(),
      duration.toHoursPart(),
      duration.toMinutesPart(),
      duration.toSecondsPart(),
      duration.toMillisPart(),
      duration.toNanosPart() / 1000 % 1000
    };
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < amounts.length; i++) {
      if (amounts[i] != 0) {
        parts.add(amounts[i] + " " + units[i]);
      }
    }
    return parts;
  }
}
