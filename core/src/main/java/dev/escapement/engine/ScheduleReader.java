package dev.escapement.engine;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.TriggerKind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the schedule that a standing trigger follows: what its row says, read once. A schedule that
 * is written in code stands in the row by its identity, and is the job's own. Thread-safe.
 */
final class ScheduleReader {

  /** Some megabytes at most; whoever has more distinct schedules has them read again. */
  private static final int REMEMBERED = 10_000;

  private static final int LONGEST_QUOTE = 100;

  private final Map<String, Schedule> read = new ConcurrentHashMap<>();
  private final Map<String, String> declaredOf = new ConcurrentHashMap<>();

  /**
   * The fires of a trigger.
   *
   * @param text what its row says; null in a row that an older version made
   * @param stale whether its fire time may follow another schedule
   * @throws UnreadableScheduleException if that can't be read here
   */
  Fires fires(Job<?> job, @Nullable String key, @Nullable String text, boolean stale) {
    return new Fires(
        schedule(job, key, text), job.policy().recurrence(), seed(job.name(), key), stale);
  }

  /** What the jitter of a trigger's fires is drawn from: the same on every node. */
  static String seed(String job, @Nullable String key) {
    return job + '\n' + key;
  }

  private Schedule schedule(Job<?> job, @Nullable String key, @Nullable String text) {
    Optional<Schedule> declared =
        TriggerKind.STANDING_KEY.equals(key) ? job.schedule() : Optional.empty();
    if (declared.isPresent()) {
      String own = declaredOf.computeIfAbsent(job.name(), any -> declared.get().identity());
      if (text == null || text.equals(own)) {
        return declared.get();
      }
    }
    return read(text);
  }

  /**
   * Reads what a person asks to be kept in the store.
   *
   * @throws InvalidRequestException if no node could read it there
   */
  Schedule readRequested(String text) {
    try {
      return read(text);
    } catch (UnreadableScheduleException e) {
      throw new InvalidRequestException(
          "A schedule whose text is \""
              + text.substring(0, Math.min(text.length(), LONGEST_QUOTE))
              + "\" can't be kept in the store: Schedules.parse doesn't read that text. Use one of"
              + " Schedules.");
    }
  }

  /**
   * @throws UnreadableScheduleException if it isn't the text of a schedule
   */
  Schedule read(@Nullable String text) {
    if (text == null) {
      throw new UnreadableScheduleException(null, null);
    }
    Schedule known = read.get(text);
    if (known != null) {
      return known;
    }
    if (read.size() >= REMEMBERED) {
      read.clear();
    }
    Schedule fresh = parse(text);
    read.put(text, fresh);
    return fresh;
  }

  private static Schedule parse(String text) {
    try {
      return Schedules.parse(text);
    } catch (InvalidDeclarationException e) {
      throw new UnreadableScheduleException(text, e);
    }
  }
}
