package dev.escapement.torture;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The payload of the jobs here.
 *
 * @param number its own number, by which it is found in the books
 * @param millis how long the work takes
 * @param failures how often it fails first
 */
record Task(long number, int millis, int failures) {

  private static final Pattern NUMBER = Pattern.compile("\"number\":(-?\\d+)");

  /** The number in a payload as it is written. */
  static OptionalLong numberIn(String payload) {
    Matcher matcher = NUMBER.matcher(payload);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
