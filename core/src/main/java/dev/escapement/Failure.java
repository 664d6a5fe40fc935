package dev.escapement;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;

/**
 * Why an attempt failed. Text that every database takes: no NUL, no lone surrogate, cut to a bound.
 *
 * @param type the exception's class, or a word of the engine's
 * @param message what it said; empty for nothing
 * @param trace its stack trace; empty for none
 */
public record Failure(String type, String message, String trace) {

  private static final int LONGEST_TYPE = 200;
  private static final int LONGEST_MESSAGE = 2_000;
  private static final int LONGEST_TRACE = 16_000;

  /** Cleans and cuts. */
  public Failure {
    type = storable(type, LONGEST_TYPE);
    message = storable(message, LONGEST_MESSAGE);
    trace = storable(trace, LONGEST_TRACE);
  }

  /** What a handler threw. */
  public static Failure of(Throwable thrown) {
    StringWriter trace = new StringWriter();
    String message;
    try {
      thrown.printStackTrace(new PrintWriter(trace));
      message = Objects.requireNonNullElse(thrown.getMessage(), "");
    } catch (Throwable e) { // whatever the handler's own exception class throws at us
      message = "(the exception's own methods threw " + e.getClass().getName() + ")";
    }
    return new Failure(thrown.getClass().getName(), message, trace.toString());
  }

  /** What the engine itself has to say. */
  public static Failure because(String word, String message) {
    return new Failure(word, message, "");
  }

  /** A text of a message's length that every database takes. */
  public static String storable(String text) {
    return storable(text, LONGEST_MESSAGE);
  }

  private static String storable(String text, int longest) {
    StringBuilder clean = null;
    int length = Math.min(text.length(), longest);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < length
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (paired) {
        if (clean != null) {
          clean.append(c).append(text.charAt(i + 1));
        }
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        if (clean == null) {
          clean = new StringBuilder(length).append(text, 0, i);
        }
        clean.append('\uFFFD');
      } else if (clean != null) {
        clean.append(c);
      }
    }
    return clean != null ? clean.toString() : text.substring(0, length);
  }
}
