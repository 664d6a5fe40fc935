package dev.escapement.schedule;

/** How errors quote what was written. */
final class Quotes {

  /** Long enough for any expression that is worth reading. */
  private static final int LONGEST = 500;

  private static final int SHORT = 60;

  private Quotes() {}

  /** The text in quotes, cut where it is long, with what can't be printed written as an escape. */
  static String quote(String text) {
    return quote(text, SHORT);
  }

  /** The same, for a text that is worth quoting whole. */
  static String quoteWhole(String text) {
    return quote(text, LONGEST);
  }

  private static String quote(String text, int longest) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(longest).forEach(c -> append(quoted, c));
    boolean cut = text.codePointCount(0, text.length()) > longest;
    return quoted.append(cut ? "…\"" : "\"").toString();
  }

  private static void append(StringBuilder quoted, int c) {
    if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
      quoted.append("\\u%04X".formatted(c));
    } else {
      quoted.appendCodePoint(c);
    }
  }
}
