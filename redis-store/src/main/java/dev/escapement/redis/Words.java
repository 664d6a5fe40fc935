package dev.escapement.redis;

import dev.escapement.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How values are written where scripts read them. */
final class Words {

  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int SECONDS_DIGITS = 12;

  private Words() {}

  /**
   * Eighteen digits: they compare like the instants. What is finer than microseconds is cut off.
   */
  static String time(Instant instant) {
    return digits(instant.getEpochSecond(), instant.getNano() / 1_000);
  }

  /** Empty for null. */
  static String timeOrNone(@Nullable Instant instant) {
    return instant == null ? "" : time(instant);
  }

  static String delay(Duration duration) {
    return digits(duration.getSeconds(), duration.getNano() / 1_000);
  }

  private static String digits(long seconds, int micros) {
    String all = Long.toString(seconds * MICROS_PER_SECOND + micros);
    return "0".repeat(SECONDS_DIGITS + 6 - all.length()) + all;
  }

  static String due(Due due) {
    return due instanceof Due.At at
        ? "=" + time(at.instant())
        : "+" + delay(((Due.In) due).delay());
  }

  /** Empty for null. */
  static String dueOrNone(@Nullable Due due) {
    return due == null ? "" : due(due);
  }

  static Instant instant(String time) {
    long micros = Long.parseLong(time);
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Tells an empty text from none. */
  static String optional(@Nullable String text) {
    return text == null ? "" : "=" + text;
  }

  static <E extends Enum<E>> Set<E> set(Class<E> type, int bits, ToIntFunction<E> bit) {
    Set<E> set = EnumSet.allOf(type);
    set.removeIf(each -> (bits & bit.applyAsInt(each)) == 0);
    return Set.copyOf(set);
  }
}
