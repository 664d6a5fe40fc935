package dev.escapement.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants at which local times happen in a zone. Time is cut at the zone's transitions into
 * stretches of one offset, and the local times of each stretch are looked up in the calendar.
 *
 * <p>A <i>fixed</i> schedule fires once for each local time: what a gap skips fires together at the
 * first instant after it, and what an overlap repeats fires at its first pass. One that isn't fixed
 * fires in every real interval: a gap skips, an overlap repeats.
 */
final class ZonedFires {

  /** More than offsets can differ: local times so far away can't be met by turning a clock. */
  private static final long MARGIN = 2L * TimesOfDay.SECONDS_PER_DAY;

  private static final long NONE = LocalCalendar.NONE;

  private final LocalCalendar calendar;
  private final ZoneRules rules;
  private final boolean fixed;

  ZonedFires(LocalCalendar calendar, ZoneId zone, boolean fixed) {
    this.calendar = calendar;
    this.rules = zone.getRules();
    this.fixed = fixed;
  }

  Optional<Instant> next(Instant after) {
    return instant(atOrAfter(clamped(after) + 1));
  }

  /** The last one after {@code after} that isn't after {@code until}. */
  Optional<Instant> latest(Instant after, Instant until) {
    return after.isBefore(until)
        ? instant(between(clamped(after) + 1, clamped(until)))
        : Optional.empty();
  }

  /** How many there are after {@code after} and not after {@code until}. */
  long count(Instant after, Instant until) {
    return after.isBefore(until) ? count(clamped(after) + 1, clamped(until) + 1) : 0;
  }

  /** Whole seconds are enough: no fire lies between two. */
  private static long clamped(Instant instant) {
    long earliest = LocalCalendar.FIRST - MARGIN;
    long latest = LocalCalendar.LAST + MARGIN;
    return Math.max(earliest, Math.min(instant.getEpochSecond(), latest));
  }

  private static Optional<Instant> instant(long second) {
    return second == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(second));
  }

  private long atOrAfter(long from) {
    Stretch stretch = at(from);
    while (true) {
      if (stretch.start >= from && firesForItsGap(stretch)) {
        return stretch.start;
      }
      long local = calendar.atOrAfter(Math.max(from + stretch.offset, stretch.opens));
      if (local != NONE && local - stretch.offset < stretch.end) {
        return local - stretch.offset;
      }
      if (stretch.end == Long.MAX_VALUE) {
        return NONE;
      }
      long ahead = calendar.atOrAfter(stretch.end + stretch.offset - MARGIN);
      if (ahead == NONE) {
        return NONE;
      }
      // Until shortly before that local time no turn of the clock can meet any.
      stretch = at(Math.max(stretch.end, ahead - MARGIN));
    }
  }

  private long between(long from, long until) {
    Stretch stretch = at(until);
    long last = until;
    while (last >= from) {
      long local = calendar.atOrBefore(last + stretch.offset);
      if (local != NONE && local >= stretch.opens) {
        return local - stretch.offset >= from ? local - stretch.offset : NONE;
      }
      if (firesForItsGap(stretch)) {
        return stretch.start >= from ? stretch.start : NONE;
      }
      if (stretch.start <= from) {
        return NONE;
      }
      long behind = calendar.atOrBefore(stretch.start + stretch.offset + MARGIN);
      if (behind == NONE) {
        return NONE;
      }
      last = Math.min(stretch.start - 1, behind + MARGIN);
      stretch = at(last);
    }
    return NONE;
  }

  private long count(long from, long to) {
    long count = 0;
    long at = from;
    while (at < to) {
      Stretch stretch = at(at);
      if (stretch.start == at && firesForItsGap(stretch)) {
        // Together with a local time at the end of the gap it is one fire.
        count += calendar.count(stretch.opens, stretch.opens + 1) == 0 ? 1 : 0;
      }
      long end = Math.min(stretch.end, to);
      count += calendar.count(Math.max(at + stretch.offset, stretch.opens), end + stretch.offset);
      at = end;
    }
    return count;
  }

  private boolean firesForItsGap(Stretch stretch) {
    return stretch.gap > 0 && calendar.count(stretch.opens - stretch.gap, stretch.opens) > 0;
  }

  private Stretch at(long second) {
    Instant instant = Instant.ofEpochSecond(second);
    int offset = rules.getOffset(instant).getTotalSeconds();
    if (rules.isFixedOffset()) {
      return new Stretch(Long.MIN_VALUE, Long.MAX_VALUE, offset, Long.MIN_VALUE, 0);
    }
    ZoneOffsetTransition before = rules.previousTransition(instant.plusSeconds(1));
    ZoneOffsetTransition after = rules.nextTransition(instant);
    long end = after == null ? Long.MAX_VALUE : after.toEpochSecond();
    return before == null
        ? new Stretch(Long.MIN_VALUE, end, offset, Long.MIN_VALUE, 0)
        : stretch(before, end, offset);
  }

  private Stretch stretch(ZoneOffsetTransition before, long end, int offset) {
    long start = before.toEpochSecond();
    int turned = offset - before.getOffsetBefore().getTotalSeconds();
    long opens = start + offset + (fixed && turned < 0 ? -turned : 0);
    return new Stretch(start, end, offset, opens, fixed ? Math.max(turned, 0) : 0);
  }

  /**
   * Instants of one offset, in seconds.
   *
   * @param start inclusive
   * @param end exclusive
   * @param offset what a local time is ahead of UTC
   * @param opens the first local time that counts here
   * @param gap how many local seconds before {@code opens} were skipped and fire at the start
   */
  private record Stretch(long start, long end, int offset, long opens, int gap) {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ZonedFires that
        && fixed == that.fixed
        && calendar.equals(that.calendar)
        && rules.equals(that.rules);
  }

  @Override
  public int hashCode() {
    return calendar.hashCode();
  }
}
