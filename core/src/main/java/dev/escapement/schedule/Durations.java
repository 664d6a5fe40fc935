package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes a duration as people do: {@code 30s}, {@code 1h30m}, {@code 250ms}, {@code 7d}.
 */
public final class Durations {

  private static final Pattern PART = Pattern.compile("(\\d{1,9}) *(ms|s|m|h|d) *");
  private static final Pattern PARTS = Pattern.compile(" *(?:" + PART + ")+");

  private Durations() {}

  /**
   * The duration that a text says: numbers, each with one of the units {@code ms}, {@code s},
   * {@code m}, {@code h} and {@code d}, or the ISO form, like {@code PT5M}.
   *
   * @param place what the text belongs to, for the error
   * @throws InvalidDeclarationException if it can't be read, or isn't positive
   */
  public static Duration parse(String text, String place) {
    Duration duration = read(text, place);
    if (duration.isZero() || duration.isNegative()) {
      throw new InvalidDeclarationException(
          place + " can't be " + Quotes.quote(text) + "; make it positive.");
    }
    return duration;
  }

  private static Duration read(String text, String place) {
    if (PARTS.matcher(text).matches()) {
      Duration sum = Duration.ZERO;
      Matcher part = PART.matcher(text);
      while (part.find()) {
        sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
      }
      return sum;
    }
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw new InvalidDeclarationException(
          place
              + " can't be "
              + Quotes.quote(text)
              + "; a duration looks like 250ms, 30s, 2m, 1h30m, 7d or PT2M.",
          e);
    }
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /**
   * The shortest text that {@link #parse} reads back to the same duration, like {@code 1h30m} or
   * {@code 7d}. What is negative, or finer than a millisecond, is written in the ISO form, like
   * {@code PT0.0015S}; zero is {@code 0s}.
   */
  public static String format(Duration duration) {
    if (duration.isNegative()
        || duration.toNanosPart() % 1_000_000 != 0
        || duration.toDays() > 999_999_999) {
      return duration.toString();
    }
    if (duration.isZero()) {
      return "0s";
    }
    return part(duration.toDays(), "d")
        + part(duration.toHoursPart(), "h")
        + part(duration.toMinutesPart(), "m")
        + part(duration.toSecondsPart(), "s")
        + part(duration.toMillisPart(), "ms");
  }

  private static String part(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }
}
