package dev.escapement.examples.quickstart;

import java.util.Map;

/**
 * What a line of a crontab runs; the payload of {@link CrontabJobs#RUN_LINE}.
 *
 * @param number the line's number in its file
 * @param command what the shell gets
 * @param input what the command finds on its standard input; empty for nothing
 * @param settings the variables that were set above the line
 */
record Line(int number, String command, String input, Map<String, String> settings) {

  /**
   * Reads what stands after the fields, as crontab does: a percent sign ends the command, and what
   * follows is its standard input, in which each further one begins a new line. A percent sign that
   * is meant is written {@code \%}.
   */
  static Line of(int number, String text, Map<String, String> settings) {
    StringBuilder command = new StringBuilder();
    StringBuilder input = new StringBuilder();
    StringBuilder target = command;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '%') {
        target.append('%');
        i++;
      } else if (c != '%') {
        target.append(c);
      } else if (target == command) {
        target = input;
      } else {
        target.append('\n');
      }
    }
    if (target == input && (input.isEmpty() || input.charAt(input.length() - 1) != '\n')) {
      input.append('\n');
    }
    return new Line(number, command.toString(), input.toString(), Map.copyOf(settings));
  }

  /** The key of its trigger. */
  String key() {
    return "line-" + number;
  }

  /** Command and input, on one line. */
  @Override
  public String toString() {
    return input.isEmpty() ? command : command + " < \"" + input.replace("\n", "\\n") + "\"";
  }
}
