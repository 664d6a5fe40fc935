package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The schedules that come with the library. */
public final class Schedules {

  /** So that their text form stays within what is read back. */
  private static final int MOST_TIMES = 300;

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Instant EARLIEST_BOUND = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LATEST_BOUND = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Schedules() {}

  /**
   * Fixed rate: fires when the job is first declared, then every {@code period} after that fire
   * time, whatever a run takes. It doesn't drift. Of several fires that passed unfired the latest
   * is run.
   *
   * @param period 1 ms to 36,500 days; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  public static FixedRate every(Duration period) {
    return new FixedRate(period);
  }

  /**
   * Fixed delay: fires when the job is first declared, then {@code delay} after each completion, by
   * the store's clock.
   *
   * @param delay 1 ms to 36,500 days; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  public static FixedDelay fixedDelay(Duration delay) {
    return new FixedDelay(delay);
  }

  /**
   * Every day at the given local times, in UTC unless {@link Daily#zone} says otherwise.
   *
   * @param first to the second
   * @throws InvalidDeclarationException if a time is finer than a second
   */
  public static Daily daily(LocalTime first, LocalTime... more) {
    return new Daily(listed(first, more), ZoneOffset.UTC);
  }

  /**
   * On one day of the week at the given local times, in UTC unless {@link Weekly#zone} says
   * otherwise.
   *
   * @param first to the second
   * @throws InvalidDeclarationException if a time is finer than a second
   */
  public static Weekly weekly(DayOfWeek day, LocalTime first, LocalTime... more) {
    return weekly(Set.of(day), first, more);
  }

  /**
   * On some days of the week at the given local times, in UTC unless {@link Weekly#zone} says
   * otherwise.
   *
   * @param days at least one
   * @param first to the second
   * @throws InvalidDeclarationException if there is no day, or a time is finer than a second
   */
  public static Weekly weekly(Set<DayOfWeek> days, LocalTime first, LocalTime... more) {
    return new Weekly(days, listed(first, more), ZoneOffset.UTC);
  }

  private static List<LocalTime> listed(LocalTime first, LocalTime... more) {
    List<LocalTime> times = new ArrayList<>(List.of(more));
    times.add(first);
    return times;
  }

  /**
   * By a cron expression, in UTC unless {@link Cron#zone} says otherwise. The same as {@link
   * Cron#of(String)}.
   *
   * @throws InvalidDeclarationException if it can't be read, or dialects read it differently
   */
  public static Cron cron(String expression) {
    return Cron.of(expression);
  }

  /** Never fires. */
  public static Schedule disabled() {
    return new Disabled();
  }

  /**
   * The schedule that a text says, as it stands in a configuration file:
   *
   * <pre>
   * every 5m                      fixed delay 30s
   * cron: 0 2 * * *               as in {@link Cron#of(String)}
   * cron unix: …                  cron quartz: …                cron spring: …
   * daily 02:00,14:00             daily 02:00:30
   * weekly MON,FRI 09:00,18:00    weekly MON-FRI 09:00
   * -                             never
   * </pre>
   *
   * <p>Options follow, each after a semicolon: {@code zone Europe/Zurich} (cron, daily and weekly),
   * {@code from 2026-01-01T00:00:00Z}, {@code until 2027-01-01T00:00:00Z}, {@code except
   * 2026-12-25,2026-12-26}, {@code jitter 30s}. Upper and lower case are the same, except in a
   * zone; white space is free.
   *
   * @param text up to 4,000 characters
   * @throws InvalidDeclarationException if it can't be read
   */
  public static Schedule parse(String text) {
    return ScheduleText.parse(text);
  }

  /** In microseconds, which is what stores keep; a finer period would drift against its rows. */
  static Duration checked(String what, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidDeclarationException(
          "The schedule " + what + " " + value + " isn't possible; make it 1 ms to 36,500 days.");
    }
    return value.truncatedTo(ChronoUnit.MICROS);
  }

  /** The same for a bound. */
  static Instant checked(String what, Instant value) {
    if (value.isBefore(EARLIEST_BOUND) || value.isAfter(LATEST_BOUND)) {
      throw new InvalidDeclarationException(
          "The schedule option "
              + what
              + " "
              + value
              + " isn't possible; make it an instant of the years 0 to 9999.");
    }
    return value.truncatedTo(ChronoUnit.MICROS);
  }

  /** The same for a day. */
  static void checkDay(LocalDate day) {
    if (day.getYear() < 0 || day.getYear() > 9999) {
      throw new InvalidDeclarationException(
          "The schedule option except "
              + day
              + " isn't possible; make it a day of the years 0 to 9999.");
    }
  }

  /** The same for local times, of which there is at least one; sorted, without duplicates. */
  static List<LocalTime> checked(List<LocalTime> times) {
    for (LocalTime time : times) {
      if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
        throw new InvalidDeclarationException(
            "The time of day " + time + " is too fine; cut it to whole seconds.");
      }
    }
    List<LocalTime> distinct = times.stream().sorted().distinct().toList();
    if (distinct.size() > MOST_TIMES) {
      throw new InvalidDeclarationException(
          "A day can't have "
              + distinct.size()
              + " times of a schedule; name at most "
              + MOST_TIMES
              + ", or say a rhythm with every(…) or cron(…).");
    }
    return distinct;
  }
}
