package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that each field says what its dialect allows, and writes names as numbers. The parser
 * behind it is lenient: it reads {@code 1W2} as {@code 12W} and {@code 6#3#2} as {@code 6#3}. So
 * nothing gets there that hasn't one plain meaning.
 */
final class CronGrammar {

  /** A value or {@code *}, the end of a range, a step. */
  private static final Pattern PLAIN =
      Pattern.compile("(\\*|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:/([A-Z0-9]+))?");

  private static final Pattern BEFORE_LAST = Pattern.compile("L-(\\d+)");
  private static final Pattern BEFORE_LAST_WEEKDAY = Pattern.compile("L-\\d+W");
  private static final Pattern NEAREST = Pattern.compile("(\\d+)W");
  private static final Pattern LAST_OF_WEEK = Pattern.compile("([A-Z]{3}|\\d+)L");
  private static final Pattern NTH = Pattern.compile("([A-Z]{3}|\\d+)#(\\w*)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  private final CronText text;
  private final CronDialect dialect;
  private final CronField field;

  private CronGrammar(CronText text, CronField field) {
    this.text = text;
    this.dialect = text.dialect();
    this.field = field;
  }

  /**
   * The expression with numbers only, in its dialect.
   *
   * @throws InvalidDeclarationException if a field can't be read
   */
  static String checked(CronText text) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < text.fields().size(); i++) {
      CronField field = CronField.of(text.dialect()).get(i);
      fields.add(new CronGrammar(text, field).field(text.fields().get(i)));
    }
    checkQuestionMarks(text);
    return String.join(" ", fields);
  }

  private static void checkQuestionMarks(CronText text) {
    if (text.dialect() != CronDialect.QUARTZ) {
      return;
    }
    boolean month = text.field(CronField.DAY_OF_MONTH).equals("?");
    boolean week = text.field(CronField.DAY_OF_WEEK).equals("?");
    if (month == week) {
      throw text.refused(
          "can't be read: "
              + text.naming(CronField.DAY_OF_MONTH)
              + " and "
              + text.naming(CronField.DAY_OF_WEEK)
              + (month
                  ? " are both ?; write * for one of them."
                  : " are both given, and Quartz takes only one; write ? for the other."));
    }
  }

  private String field(String whole) {
    if (whole.equals("?") && field.isDay() && dialect != CronDialect.UNIX) {
      return whole;
    }
    if (whole.contains("?")) {
      throw refused(
          dialect == CronDialect.UNIX
              ? "has a ?, which Unix cron doesn't have; write *."
              : "has a ?, which stands only alone, in a day field; write *.");
    }
    List<String> items = new ArrayList<>();
    for (String item : whole.split(",", -1)) {
      if (item.isEmpty()) {
        throw refused("has a comma too many; remove it.");
      }
      items.add(item(item, whole));
    }
    return String.join(",", items);
  }

  private String item(String item, String whole) {
    if (field.isDay() && isSpecial(item)) {
      if (dialect == CronDialect.UNIX) {
        throw refused("has " + item + ", which Unix cron doesn't have; use Quartz or Spring.");
      }
      return field == CronField.DAY_OF_MONTH ? specialOfMonth(item) : specialOfWeek(item, whole);
    }
    // Quartz lets the start of a step be left away.
    String full = dialect == CronDialect.QUARTZ && item.startsWith("/") ? "*" + item : item;
    Matcher plain = PLAIN.matcher(full);
    if (!plain.matches()) {
      throw refused("has " + Quotes.quote(item) + ", which isn't a value, a range or a step.");
    }
    return plain(plain);
  }

  private boolean isSpecial(String item) {
    return item.equals("L")
        || (field == CronField.DAY_OF_MONTH
            ? item.equals("LW")
                || BEFORE_LAST.matcher(item).matches()
                || BEFORE_LAST_WEEKDAY.matcher(item).matches()
                || NEAREST.matcher(item).matches()
            : LAST_OF_WEEK.matcher(item).matches() || NTH.matcher(item).matches());
  }

  private String specialOfMonth(String item) {
    Matcher nearest = NEAREST.matcher(item);
    if (nearest.matches()) {
      return value(nearest.group(1)) + "W";
    }
    if (BEFORE_LAST_WEEKDAY.matcher(item).matches()) {
      throw refused(
          "has " + item + ", which isn't supported; write LW, or " + item.replace("W", "") + ".");
    }
    Matcher before = BEFORE_LAST.matcher(item);
    if (before.matches()) {
      int days = before.group(1).length() > 2 ? 99 : Integer.parseInt(before.group(1));
      if (days < 1 || days > 30) {
        throw refused("has " + item + "; write L for the last day, or L-1 to L-30.");
      }
      return "L-" + days;
    }
    return item;
  }

  private String specialOfWeek(String item, String whole) {
    if (item.equals("L")) {
      if (dialect == CronDialect.QUARTZ && whole.equals(item)) {
        return Integer.toString(field.most());
      }
      throw refused("has L without a day; name the day, like FRIL, or write SAT.");
    }
    Matcher last = LAST_OF_WEEK.matcher(item);
    if (last.matches()) {
      return value(last.group(1)) + "L";
    }
    Matcher nth = NTH.matcher(item);
    if (!nth.matches() || !nth.group(2).matches("[1-5]")) {
      throw refused("has " + item + "; the number after # is 1 to 5.");
    }
    return value(nth.group(1)) + "#" + nth.group(2);
  }

  private String plain(Matcher item) {
    String start = item.group(1);
    String end = item.group(2);
    String step = item.group(3);
    if (start.equals("*")) {
      if (end != null) {
        throw refused("has a range that begins with *; write its first value.");
      }
      return step == null ? start : start + "/" + step(step);
    }
    int first = value(start);
    if (end == null) {
      return step == null ? Integer.toString(first) : first + "/" + step(step);
    }
    int last = value(end);
    checkRange(first, last);
    return first + "-" + last + (step == null ? "" : "/" + step(step));
  }

  private void checkRange(int first, int last) {
    if (field == CronField.YEAR && first > last) {
      throw refused("has a range that ends before it begins; swap the years.");
    }
    if (field == CronField.DAY_OF_WEEK
        && dialect == CronDialect.SPRING
        && first == 7
        && last == 7) {
      throw refused("has a range from Sunday to Sunday; write SUN for the day, * for the week.");
    }
  }

  private int value(String value) {
    int number = field.number(value, dialect);
    if (number < 0 && NUMBER.matcher(value).matches()) {
      number = Integer.parseInt(value);
    }
    if (number < field.least(dialect) || number > field.most()) {
      throw refused("has " + Quotes.quote(value) + "; write " + field.range(dialect) + ".");
    }
    return number;
  }

  private int step(String step) {
    int longest = field.most() - field.first(dialect);
    int number = NUMBER.matcher(step).matches() ? Integer.parseInt(step) : 0;
    if (number < 1 || number > longest) {
      throw refused(
          "has the step "
              + Quotes.quote(step)
              + "; write 1 to "
              + longest
              + ", a longer one never takes a second value.");
    }
    return number;
  }

  private InvalidDeclarationException refused(String fault) {
    return text.refused(field, fault);
  }
}
