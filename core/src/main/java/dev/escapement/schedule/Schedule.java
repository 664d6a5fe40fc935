package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When a recurring job fires. Implementations are immutable, thread-safe and pure: the same
 * question gets the same answer on every replica.
 *
 * <p>Only {@link #next} must be written. {@link Schedules} has those that come with the library;
 * {@link #from}, {@link #until}, {@link #except(LocalDate...)} and {@link #jitter} change any
 * schedule, in any order.
 */
public interface Schedule {

  /**
   * The first fire after the given one.
   *
   * @param after a fire time, or any instant
   * @return strictly after {@code after}; empty if the schedule never fires again
   */
  Optional<Instant> next(Instant after);

  /**
   * The first fire of a job that has never fired. Default: the next one after {@code now}.
   *
   * @param now the store's clock
   */
  default Optional<Instant> first(Instant now) {
    return next(now);
  }

  /**
   * The latest of the fires after {@code fireTime} that isn't after {@code now}: what a node that
   * finds several fires missed will run. Default: steps through them; override it where it can be
   * computed.
   *
   * @return empty if the next fire after {@code fireTime} lies after {@code now}
   */
  default Optional<Instant> latest(Instant fireTime, Instant now) {
    Instant latest = fireTime;
    Optional<Instant> next = next(fireTime);
    // One that isn't later is a fault of the schedule, which the end of the run will report.
    while (next.isPresent() && !next.get().isAfter(now) && next.get().isAfter(latest)) {
      latest = next.get();
      next = next(latest);
    }
    return latest.equals(fireTime) ? Optional.empty() : Optional.of(latest);
  }

  /**
   * How many fires there are after {@code fireTime} that aren't after {@code now}. Default: steps
   * through them; override it where it can be computed.
   */
  default long count(Instant fireTime, Instant now) {
    long count = 0;
    Instant latest = fireTime;
    Optional<Instant> next = next(fireTime);
    while (next.isPresent() && !next.get().isAfter(now) && next.get().isAfter(latest)) {
      count++;
      latest = next.get();
      next = next(latest);
    }
    return count;
  }

  /**
   * For a fixed delay: the next fire comes so long after the completion, by the store's clock.
   * Default: empty, fires are counted from fire times.
   *
   * <p>Whoever knows when a run completed gets the next fire from {@link #next} of that instant,
   * which also heeds {@link #from}, {@link #until} and {@link #except(LocalDate...)}.
   */
  default Optional<Duration> delayAfterCompletion() {
    return Optional.empty();
  }

  /**
   * How much later than its fire time the fire of one trigger is due. The fire time itself stays
   * what it is. The same on every replica.
   *
   * @param trigger what tells the trigger from others
   * @return zero, unless there is a {@link #jitter}
   */
  default Duration delay(Instant fireTime, String trigger) {
    return Duration.ZERO;
  }

  /**
   * The next fires, for people and documents. Those of a fixed rate or a fixed delay are counted
   * from {@code after}.
   *
   * @param after the first one is strictly after it
   * @param count 1 to 10,000
   * @return in order; fewer if the schedule ends
   * @throws InvalidRequestException if {@code count} is out of range
   */
  default List<Instant> fires(Instant after, int count) {
    if (count < 1 || count > 10_000) {
      throw new InvalidRequestException(
          "The schedule " + this + " can't list " + count + " fires; ask for 1 to 10,000.");
    }
    List<Instant> fires = new ArrayList<>();
    Optional<Instant> next = next(after);
    while (next.isPresent() && fires.size() < count) {
      fires.add(next.get());
      next = next(next.get());
    }
    return List.copyOf(fires);
  }

  /** The zone whose days {@link #except(LocalDate...)} means. Default UTC. */
  default ZoneId zone() {
    return ZoneOffset.UTC;
  }

  /**
   * The text form, which {@link Schedules#parse} reads back to an equal schedule. Default: empty, a
   * schedule written in code has none.
   */
  default Optional<String> text() {
    return Optional.empty();
  }

  /**
   * What tells this schedule from another one, in this process and in others: the text form if
   * there is one, or {@code "custom "} with the name of its class. Lambdas that stand in one class
   * have the same name; override it where two of them must be told apart.
   */
  default String identity() {
    return text().orElseGet(() -> ClassNames.custom(this));
  }

  /**
   * The schedule in words. Those that come with the library speak Chinese and English, and English
   * where a locale has another language; a cron expression is described in any language that
   * cron-utils has. Default: {@code toString()}.
   */
  default String describe(Locale locale) {
    return toString();
  }

  /**
   * The same, with no fire before {@code start}. A fixed rate or a fixed delay that is first asked
   * earlier begins at {@code start}.
   *
   * @param start inclusive, in the years 0 to 9999; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  default Schedule from(Instant start) {
    return new From(this, start);
  }

  /**
   * The same, with no fire after {@code end}.
   *
   * @param end inclusive, in the years 0 to 9999; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  default Schedule until(Instant end) {
    return new Until(this, end);
  }

  /**
   * The same, without the fires of some days. Days begin and end in {@link #zone}.
   *
   * @param days in the years 0 to 9999
   * @throws InvalidDeclarationException if one is out of range
   */
  default Schedule except(LocalDate... days) {
    return except(List.of(days));
  }

  /**
   * The same, without the fires of some days. Days begin and end in {@link #zone}; a fire that a
   * turned clock moves over midnight is one of the day that it fires on. With so many days that the
   * text form would have more than 4,000 characters, there is none.
   *
   * @param days in the years 0 to 9999
   * @throws InvalidDeclarationException if one is out of range
   */
  default Schedule except(Collection<LocalDate> days) {
    return days.isEmpty() ? this : new Except(this, days);
  }

  /**
   * The same, without the fires of the days for which {@code isExcluded} holds. Days begin and end
   * in {@link #zone}. Such a schedule has no {@link #text}. It ends where every fire of 100 years
   * is excluded.
   *
   * @param isExcluded pure and thread-safe
   */
  default Schedule except(Predicate<LocalDate> isExcluded) {
    return new ExceptWhere(this, isExcluded);
  }

  /**
   * The same fires, each due up to {@code most} later, so that triggers that share a fire time
   * don't all come at once. See {@link #delay}.
   *
   * @param most more than zero, up to one day; what is finer than a microsecond is cut off
   * @throws InvalidDeclarationException if it is out of range
   */
  default Schedule jitter(Duration most) {
    return new Jitter(this, most);
  }
}
