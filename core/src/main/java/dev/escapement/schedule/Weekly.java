package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * On some days of the week at some local times, to the second.
 *
 * <p>Each local time fires once a day. Where the clock is put forward over it, it fires at the
 * first instant after the gap, together with others that were skipped; where the clock is put back
 * it fires at its first pass. Made by {@link Schedules#weekly(DayOfWeek, LocalTime, LocalTime...)};
 * immutable and thread-safe.
 */
public final class Weekly extends ZonedSchedule {

  private final Set<DayOfWeek> days;
  private final List<LocalTime> times;

  Weekly(Collection<DayOfWeek> days, List<LocalTime> times, ZoneId zone) {
    super(
        LocalCalendar.everyMonth(
            new TimeList(Schedules.checked(times)), new WeekDays(bits(days), 0, 0)),
        zone,
        true);
    this.days = Collections.unmodifiableSet(new TreeSet<>(days));
    this.times = Schedules.checked(times);
  }

  private static int bits(Collection<DayOfWeek> days) {
    if (days.isEmpty()) {
      throw new InvalidDeclarationException(
          "A weekly schedule has no day of the week; give it at least one, or use disabled().");
    }
    return days.stream().mapToInt(day -> 1 << day.getValue()).reduce(0, (a, b) -> a | b);
  }

  /** The same local times in another zone. Default UTC. */
  public Weekly zone(ZoneId zone) {
    return new Weekly(days, times, zone);
  }

  /** The days of the week, from Monday to Sunday. */
  public Set<DayOfWeek> days() {
    return days;
  }

  /** The local times, sorted. */
  public List<LocalTime> times() {
    return times;
  }

  @Override
  public Optional<String> text() {
    String names =
        days.stream().map(day -> day.name().substring(0, 3)).collect(Collectors.joining(","));
    return Optional.of("weekly " + names + " " + Daily.text(times) + zoneText());
  }

  @Override
  public String describe(Locale locale) {
    return Words.in(locale).weekly(days, times, zone());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Weekly that
        && days.equals(that.days)
        && times.equals(that.times)
        && zone().equals(that.zone());
  }

  @Override
  public int hashCode() {
    return Objects.hash(days, times, zone());
  }
}
