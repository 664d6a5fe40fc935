package dev.escapement;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The written form of headers, the small texts that travel with a trigger: {@code
 * application/x-www-form-urlencoded} in UTF-8, like {@code tenant=7&by=Ada+L.}; ASCII only, so that
 * a character is a byte wherever it is kept. See {@link JobRequest#header}.
 */
public final class Headers {

  private static final int LONGEST_VALUE = 1_000;
  private static final int LARGEST = 4 * 1024;

  private Headers() {}

  /** Writes headers in their order; null for none, for what isn't there costs nothing. */
  public static @Nullable String write(Map<String, String> headers) {
    return headers.isEmpty()
        ? null
        : headers.entrySet().stream()
            .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} has written. No limits are checked.
   *
   * @param written null for no headers
   * @return in their order, unmodifiable; empty if that is no written form of headers
   */
  public static Optional<Map<String, String>> read(@Nullable String written) {
    if (written == null) {
      return Optional.of(Map.of());
    }
    Map<String, String> headers = new LinkedHashMap<>();
    try {
      for (String part : written.split("&", -1)) {
        int end = part.indexOf('=');
        if (end < 0) {
          return Optional.empty();
        }
        headers.put(decode(part.substring(0, end)), decode(part.substring(end + 1)));
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.of(Collections.unmodifiableMap(headers));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /**
   * @return the same with one more, or with another value of that name; unmodifiable
   * @throws InvalidRequestException if the name or the value isn't allowed, or all are too large
   */
  static Map<String, String> with(
      Map<String, String> headers, String name, String value, String job) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(Names.header(name, job), value);
    String fault = fault(value);
    if (fault != null) {
      throw new InvalidRequestException(
          "The value of the header "
              + Names.quote(name)
              + " of a request for job "
              + Names.quote(job)
              + " "
              + fault
              + ".");
    }
    String written = write(more);
    if (written != null && written.length() > LARGEST) {
      throw new InvalidRequestException(
          "The headers of a request for job "
              + Names.quote(job)
              + " have "
              + written.length()
              + " bytes with "
              + Names.quote(name)
              + ", written as in a URL; at most "
              + LARGEST
              + " are allowed. Put what is large into the payload.");
    }
    return Collections.unmodifiableMap(more);
  }

  private static @Nullable String fault(String value) {
    return value.length() > LONGEST_VALUE
        ? "has "
            + value.length()
            + " characters; at most "
            + LONGEST_VALUE
            + " are allowed. Put what is large into the payload"
        : Names.loneSurrogate(value);
  }
}
