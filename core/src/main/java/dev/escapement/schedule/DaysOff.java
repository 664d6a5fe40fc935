package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The fires of a schedule without those of some days. It jumps over days that are off and asks the
 * schedule only for what lies between.
 */
record DaysOff(Schedule schedule, Predicate<LocalDate> isOff) {

  /** After so many days off it gives up. */
  private static final int LONGEST = 36_525;

  Optional<Instant> next(Instant after) {
    return onDuty(schedule.next(after));
  }

  Optional<Instant> first(Instant now) {
    return onDuty(schedule.first(now));
  }

  Optional<Instant> atOrAfter(Instant start) {
    return onDuty(Option.atOrAfter(schedule, start));
  }

  /** The given fire, or the first one after it whose day isn't off. */
  private Optional<Instant> onDuty(Optional<Instant> fire) {
    if (fire.isEmpty()) {
      return fire;
    }
    LocalDate day = day(fire.get());
    LocalDate giveUp = day.plusDays(LONGEST);
    Optional<Instant> found = fire;
    while (found.isPresent() && isOff.test(day)) {
      LocalDate duty = day.plusDays(1);
      while (isOff.test(duty) && duty.isBefore(giveUp)) {
        duty = duty.plusDays(1);
      }
      if (!duty.isBefore(giveUp)) {
        return Optional.empty();
      }
      Instant first = found.get();
      Instant last = schedule.latest(first, endBefore(duty)).orElse(first);
      found = later(last);
      day = found.map(this::day).orElse(duty);
    }
    return found;
  }

  private Optional<Instant> later(Instant last) {
    Optional<Instant> next = schedule.next(last);
    if (next.isPresent() && !next.get().isAfter(last)) {
      // Asked again it would say the same, and its day is off.
      throw new InvalidDeclarationException(
          "The schedule " + schedule + " says that " + next.get() + " comes after " + last + ".");
    }
    return next;
  }

  Optional<Instant> latest(Instant fireTime, Instant now) {
    Optional<Instant> found = schedule.latest(fireTime, now);
    while (found.isPresent() && isOff.test(day(found.get()))) {
      LocalDate off = day(found.get());
      LocalDate giveUp = off.minusDays(LONGEST);
      while (isOff.test(off.minusDays(1)) && off.isAfter(giveUp)) {
        off = off.minusDays(1);
      }
      Instant end = endBefore(off);
      found =
          off.isAfter(giveUp) && end.isAfter(fireTime)
              ? schedule.latest(fireTime, end)
              : Optional.empty();
    }
    return found;
  }

  long count(Instant fireTime, Instant now) {
    // A fixed delay misses none, whatever it says comes next.
    Optional<Instant> next =
        schedule.latest(fireTime, now).isPresent() ? next(fireTime) : Optional.empty();
    Instant last = fireTime;
    long count = 0;
    while (next.isPresent() && !next.get().isAfter(now) && next.get().isAfter(last)) {
      Instant first = next.get();
      LocalDate off = day(first).plusDays(1);
      while (!isOff.test(off) && !endBefore(off).isAfter(now)) {
        off = off.plusDays(1);
      }
      Instant end = endBefore(off);
      Instant until = end.isBefore(now) ? end : now;
      count += 1 + schedule.count(first, until);
      last = schedule.latest(first, until).orElse(first);
      next = next(last);
    }
    return count;
  }

  /**
   * Also where a clock is put back over midnight a day begins once, and ends where the next begins.
   */
  private LocalDate day(Instant fire) {
    LocalDate day = fire.atZone(zone()).toLocalDate();
    LocalDate following = day.plusDays(1);
    return fire.isAfter(endBefore(following)) ? following : day;
  }

  /** The last instant before a day. */
  Instant endBefore(LocalDate day) {
    return day.atStartOfDay(zone()).toInstant().minusNanos(1);
  }

  private ZoneId zone() {
    return schedule.zone();
  }
}
