package dev.escapement;

import org.jspecify.annotations.Nullable;

/** What a name or a key may be. One rule for all stores, so that none alters one silently. */
final class Names {

  static final int LONGEST_JOB = 120;
  static final int LONGEST_KEY = 200;
  static final int LONGEST_QUEUE = 60;
  static final int LONGEST_LABEL = 200;
  static final int LONGEST_HEADER = 120;
  private static final int LONGEST_QUOTE = 60;

  /** Keys that begin with this are the library's own, like the key of a standing trigger. */
  static final String RESERVED_PREFIX = "$";

  private Names() {}

  static String job(String name) {
    return declared("job name", name, LONGEST_JOB);
  }

  /** A text that only people read. */
  static String label(String what, String text) {
    return declared(what, text, LONGEST_LABEL);
  }

  static String queue(String name) {
    return declared("queue name", name, LONGEST_QUEUE);
  }

  static String key(String key, String job) {
    requested("key", key, LONGEST_KEY, job);
    if (key.startsWith(RESERVED_PREFIX)) {
      throw refused("key", key, job, "begins with " + RESERVED_PREFIX + ", which is reserved");
    }
    return key;
  }

  static String requestedQueue(String name, String job) {
    return requested("queue name", name, LONGEST_QUEUE, job);
  }

  static String header(String name, String job) {
    return requested("header name", name, LONGEST_HEADER, job);
  }

  private static String requested(String what, String name, int longest, String job) {
    String fault = fault(name, longest);
    if (fault != null) {
      throw refused(what, name, job, fault);
    }
    return name;
  }

  private static InvalidRequestException refused(
      String what, String name, String job, String fault) {
    return new InvalidRequestException(
        "The "
            + what
            + " "
            + quote(name)
            + " of a request for job "
            + quote(job)
            + " "
            + fault
            + ".");
  }

  private static String declared(String what, String name, int longest) {
    String fault = fault(name, longest);
    if (fault != null) {
      throw new InvalidDeclarationException("The " + what + " " + quote(name) + " " + fault + ".");
    }
    return name;
  }

  private static @Nullable String fault(String text, int longest) {
    if (text.isBlank()) {
      return "is empty; give it at least one visible character";
    }
    if (text.length() > longest) {
      return "has " + text.length() + " characters; at most " + longest + " are allowed";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        return "has the control character U+%04X at position %d; remove it".formatted((int) c, i);
      }
    }
    String broken = loneSurrogate(text);
    if (broken != null) {
      return broken;
    }
    if (!text.equals(text.strip())) {
      return "begins or ends with white space; strip it";
    }
    return null;
  }

  /** What is wrong with a text that UTF-8 can't write; null if it can. */
  static @Nullable String loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return "has the lone surrogate U+%04X at position %d; it isn't valid text"
            .formatted((int) c, i);
      }
    }
    return null;
  }

  /** The text in quotes, cut where it is long, with what can't be printed written as an escape. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                quoted.append("\\u%04X".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    boolean cut = text.codePointCount(0, text.length()) > LONGEST_QUOTE;
    return quoted.append(cut ? "…\"" : "\"").toString();
  }
}
