package dev.escapement;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a duration as people write it: {@code 30s}, {@code 1h30m}, {@code 250ms}, {@code PT5M}. */
final class Durations {

  private static final Pattern PART = Pattern.compile("(\\d{1,9}) *(ms|s|m|h|d) *");
  private static final Pattern PARTS = Pattern.compile(" *(?:" + PART + ")+");

  private Durations() {}

  /**
   * @param place what the text belongs to, for the error
   * @throws InvalidDeclarationException if it can't be read, or isn't positive
   */
  static Duration parse(String text, String place) {
    Duration duration = read(text, place);
    if (duration.isZero() || duration.isNegative()) {
      throw new InvalidDeclarationException(
          place + " can't be " + Names.quote(text) + "; make it positive.");
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
              + Names.quote(text)
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
}
