package dev.escapement.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** What the schedules that name local times share. */
abstract sealed class ZonedSchedule implements Schedule permits Cron, Daily, Weekly {

  private final ZoneId zone;
  private final ZonedFires fires;

  ZonedSchedule(LocalCalendar calendar, ZoneId zone, boolean fixed) {
    this.zone = canonical(zone);
    this.fires = new ZonedFires(calendar, this.zone, fixed);
  }

  /** The many names of UTC are one zone here: equal schedules have equal texts. */
  private static ZoneId canonical(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC) ? ZoneOffset.UTC : zone;
  }

  @Override
  public final Optional<Instant> next(Instant after) {
    return fires.next(after);
  }

  @Override
  public final Optional<Instant> latest(Instant fireTime, Instant now) {
    return fires.latest(fireTime, now);
  }

  @Override
  public final long count(Instant fireTime, Instant now) {
    return fires.count(fireTime, now);
  }

  /** The zone whose local times are meant. Default UTC, which is the same on every replica. */
  @Override
  public final ZoneId zone() {
    return zone;
  }

  /** What the zone adds to the text form. */
  final String zoneText() {
    return zone.equals(ZoneOffset.UTC) ? "" : "; zone " + zone.getId();
  }

  /** The text form. */
  @Override
  public abstract Optional<String> text();

  @Override
  public final String toString() {
    return text().orElseThrow();
  }
}
