package dev.escapement.examples.quickstart;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.schedule.Cron;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a user's crontab: five fields or a macro, then the command. A setting, like {@code
 * SHELL=/bin/bash}, applies to the lines below it, and {@code CRON_TZ} says the time zone of their
 * fields. All or nothing: the first fault refuses the file.
 */
final class CrontabReader {

  /** So that the text, as JSON, fits into one payload. */
  private static final int MOST_BYTES = 30_000;

  private static final int MOST_LINES = 500;
  private static final String CRON_TZ = "CRON_TZ";

  private static final Pattern NOTHING = Pattern.compile("\\s*(?:#.*)?");
  private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z_]\\w*)\\s*=\\s*(.*?)\\s*");
  private static final Pattern QUOTED = Pattern.compile("\"(.*)\"|'(.*)'");
  private static final Pattern MACRO = Pattern.compile("\\s*(@\\S*)(?:\\s+(.*))?");
  private static final Pattern FIELDS = Pattern.compile("\\s*(\\S+(?:\\s+\\S+){4})(?:\\s+(.*))?");

  private final String file;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<CrontabLine> lines = new ArrayList<>();
  private ZoneId zone = ZoneOffset.UTC;
  private boolean zoned;

  private CrontabReader(String file) {
    this.file = file;
  }

  static Crontab read(Path path) throws InputException {
    return parse(path.toString(), TextFile.read(path, MOST_BYTES));
  }

  static Crontab parse(String file, String text) throws InputException {
    CrontabReader reader = new CrontabReader(file);
    List<String> all = text.lines().toList();
    for (int number = 1; number <= all.size(); number++) {
      reader.line(number, all.get(number - 1));
    }
    if (reader.lines.isEmpty() || reader.lines.size() > MOST_LINES) {
      throw new InputException(
          file,
          "has "
              + (reader.lines.isEmpty() ? "no" : reader.lines.size())
              + " lines to run; write 1 to "
              + MOST_LINES
              + " like: 30 2 * * * /usr/local/bin/backup");
    }
    return new Crontab(file, text, List.copyOf(reader.lines));
  }

  private void line(int number, String text) throws InputException {
    if (NOTHING.matcher(text).matches()) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
        throw refused(number, text, "has a control character in column " + (i + 1) + "; remove it");
      }
    }
    Matcher setting = SETTING.matcher(text);
    if (setting.matches()) {
      set(number, setting.group(1), unquoted(setting.group(2)));
    } else {
      lines.add(entry(number, text));
    }
  }

  private static String unquoted(String value) {
    Matcher quoted = QUOTED.matcher(value);
    return quoted.matches() ? value.substring(1, value.length() - 1) : value;
  }

  private void set(int number, String name, String value) throws InputException {
    if (name.equals(CRON_TZ)) {
      zone = zone(number, value);
      zoned = true;
    }
    settings.put(name, value);
  }

  private ZoneId zone(int number, String name) throws InputException {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InputException(
          file,
          number,
          "CRON_TZ can't be "
              + TextFile.quote(name)
              + ", which isn't a time zone here; write one like Europe/Zurich, or UTC.");
    }
  }

  private CrontabLine entry(int number, String text) throws InputException {
    Matcher macro = MACRO.matcher(text);
    Matcher entry = macro.matches() ? macro : FIELDS.matcher(text);
    if (!entry.matches()) {
      throw refused(
          number,
          text,
          "is neither a setting, like CRON_TZ=Europe/Zurich, nor five fields or a macro like @daily"
              + " with a command behind them");
    }
    if (entry == macro) {
      return entry(number, schedule(number, macro.group(1)), command(number, text, macro));
    }
    String command = command(number, text, entry);
    return entry(number, schedule(number, entry.group(1)), command);
  }

  private CrontabLine entry(int number, Cron schedule, String command) {
    return new CrontabLine(schedule.zone(zone), zoned, Line.of(number, command, settings));
  }

  private Cron schedule(int number, String expression) throws InputException {
    try {
      return Cron.unix(expression);
    } catch (InvalidDeclarationException e) {
      throw new InputException(file, number, String.valueOf(e.getMessage()));
    }
  }

  private String command(int number, String text, Matcher entry) throws InputException {
    String command = entry.group(2);
    if (command == null || command.isBlank() || command.startsWith("%")) {
      throw refused(
          number,
          text,
          "has no command; write one after "
              + (entry.group(1).startsWith("@") ? "the macro" : "the five fields"));
    }
    if (command.startsWith("*") || command.startsWith("?")) {
      throw refused(
          number,
          text,
          "has a sixth field, it seems, and a crontab's line has five; remove one, or write the"
              + " command as ./"
              + command.charAt(0)
              + "…");
    }
    return command.stripTrailing();
  }

  private InputException refused(int number, String text, String why) {
    return new InputException(file, number, TextFile.quote(text.strip()) + " " + why + ".");
  }
}
