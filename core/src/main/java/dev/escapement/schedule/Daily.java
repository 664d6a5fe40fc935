package dev.escapement.schedule;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every day at some local times, to the second.
 *
 * <p>Each local time fires once a day. Where the clock is put forward over it, it fires at the
 * first instant after the gap, together with others that were skipped; where the clock is put back
 * it fires at its first pass. Made by {@link Schedules#daily}; immutable and thread-safe.
 */
public final class Daily extends ZonedSchedule {

  private final List<LocalTime> times;

  Daily(List<LocalTime> times, ZoneId zone) {
    super(
        LocalCalendar.everyMonth(new TimeList(Schedules.checked(times)), WeekDays.ALL), zone, true);
    this.times = Schedules.checked(times);
  }

  /** The same local times in another zone. Default UTC. */
  public Daily zone(ZoneId zone) {
    return new Daily(times, zone);
  }

  /** The local times, sorted. */
  public List<LocalTime> times() {
    return times;
  }

  @Override
  public Optional<String> text() {
    return Optional.of("daily " + text(times) + zoneText());
  }

  static String text(List<LocalTime> times) {
    return times.stream().map(LocalTime::toString).collect(Collectors.joining(","));
  }

  @Override
  public String describe(Locale locale) {
    return Words.in(locale).daily(times, zone());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Daily that && times.equals(that.times) && zone().equals(that.zone());
  }

  @Override
  public int hashCode() {
    return 31 * times.hashCode() + zone().hashCode();
  }
}
