package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A cron expression that is cut into its fields, not yet read.
 *
 * @param expression in upper case, single spaces; a macro in lower case
 * @param fields in upper case; those that a macro stands for
 */
record CronText(CronDialect dialect, String expression, List<String> fields) {

  private static final int LONGEST = 500;
  private static final String PUNCTUATION = "*?,-/#@";

  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final Map<String, String> IN_QUARTZ =
      Map.of(
          "@yearly", "0 0 0 1 1 ?",
          "@annually", "0 0 0 1 1 ?",
          "@monthly", "0 0 0 1 * ?",
          "@weekly", "0 0 0 ? * SUN",
          "@daily", "0 0 0 * * ?",
          "@midnight", "0 0 0 * * ?",
          "@hourly", "0 0 * * * ?");

  /**
   * @throws InvalidDeclarationException if it doesn't have the dialect's fields
   */
  static CronText of(CronDialect dialect, String text) {
    List<String> fields = split(text);
    if (fields.get(0).startsWith("@")) {
      return macro(dialect, text, fields);
    }
    List<CronField> all = CronField.of(dialect);
    int least = dialect == CronDialect.QUARTZ ? 6 : all.size();
    if (fields.size() < least || fields.size() > all.size()) {
      throw refused(
          dialect.title() + " cron",
          text,
          "has "
              + count(fields)
              + "; "
              + dialect.title()
              + " takes "
              + (least == all.size() ? "" : least + " or ")
              + all.size()
              + ": "
              + all.stream().map(CronField::title).collect(Collectors.joining(", "))
              + ".");
    }
    return new CronText(dialect, String.join(" ", fields), fields);
  }

  private static CronText macro(CronDialect dialect, String text, List<String> fields) {
    String macro = String.join(" ", fields).toLowerCase(Locale.ROOT);
    String what = dialect.title() + " cron";
    if (macro.equals("@reboot")) {
      throw refused(
          what, text, "means the start of a machine, which a cluster doesn't have; name a time.");
    }
    String meaning = MACROS.get(macro);
    if (meaning == null) {
      throw refused(
          what,
          text,
          "isn't a macro; there are "
              + MACROS.keySet().stream().sorted().collect(Collectors.joining(", "))
              + ".");
    }
    if (dialect == CronDialect.QUARTZ) {
      throw refused(
          what, text, "is a macro, which Quartz doesn't have; write " + IN_QUARTZ.get(macro) + ".");
    }
    String expression = dialect == CronDialect.SPRING ? "0 " + meaning : meaning;
    return new CronText(dialect, macro, List.of(expression.split(" ")));
  }

  /** How many fields a text has; 0 for a macro. */
  static int countFields(String text) {
    List<String> fields = split(text);
    return fields.get(0).startsWith("@") ? 0 : fields.size();
  }

  private static List<String> split(String text) {
    if (text.length() > LONGEST) {
      throw refused(
          "cron",
          text,
          "has " + text.length() + " characters; at most " + LONGEST + " are allowed.");
    }
    for (int i = 0; i < text.length(); i++) {
      checkCharacter(text, i);
    }
    List<String> fields =
        List.of(text.toUpperCase(Locale.ROOT).split("[ \t]+")).stream()
            .filter(field -> !field.isEmpty())
            .toList();
    if (fields.isEmpty()) {
      throw refused("cron", text, "is empty; write five fields, like 0 2 * * *.");
    }
    return fields;
  }

  private static void checkCharacter(String text, int place) {
    char c = text.charAt(place);
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    boolean digit = c >= '0' && c <= '9';
    boolean blank = c == ' ' || c == '\t';
    if (!letter && !digit && !blank && PUNCTUATION.indexOf(c) < 0) {
      throw refused(
          "cron",
          text,
          "has the character U+%04X at position %d; ".formatted((int) c, place + 1)
              + (c == '|'
                  ? "there is no \"or\" of expressions, make two schedules."
                  : "remove it."));
    }
  }

  /** How many fields, in words. */
  private static String count(List<String> fields) {
    return fields.size() == 1 ? "1 field" : fields.size() + " fields";
  }

  /** An error about the whole expression. */
  static InvalidDeclarationException refused(String what, String text, String fault) {
    return new InvalidDeclarationException(
        "The " + what + " expression " + Quotes.quoteWhole(text) + " " + fault);
  }

  /** An error about the whole expression. */
  InvalidDeclarationException refused(String fault) {
    return refused(dialect.title() + " cron", expression, fault);
  }

  /**
   * An error about one field.
   *
   * @param fault what is wrong with it, and what to do
   */
  InvalidDeclarationException refused(CronField field, String fault) {
    return refused("can't be read: " + naming(field) + " " + fault);
  }

  /** One field, as errors name it. */
  String naming(CronField field) {
    int place = CronField.of(dialect).indexOf(field);
    return "field "
        + (place + 1)
        + " ("
        + field.title()
        + "), "
        + Quotes.quote(fields.get(place))
        + ",";
  }

  /** The text of one field; {@code *} if it was left away. */
  String field(CronField field) {
    int place = CronField.of(dialect).indexOf(field);
    return place >= 0 && place < fields.size() ? fields.get(place) : "*";
  }
}
