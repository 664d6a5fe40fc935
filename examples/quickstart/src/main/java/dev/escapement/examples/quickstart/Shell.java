package dev.escapement.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Runs a line's command as cron does: the shell that the line's settings name, with these settings
 * in its environment, and the line's input. What the command prints is shown, not mailed.
 */
final class Shell implements CrontabJobs.Runner {

  private static final String STANDARD = "/bin/sh";

  /** How long the output of an ended command is waited for: a child of its own may keep it open. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final PrintStream out;

  Shell(PrintStream out) {
    this.out = out;
  }

  /** A command that ended with another exit code than 0. */
  static final class ExitException extends Exception {
    private static final long serialVersionUID = 1L;

    ExitException(String message) {
      super(message);
    }
  }

  @Override
  public String run(Line line) throws IOException, InterruptedException, ExitException {
    Process process = start(line);
    Thread reader = new Thread(() -> show(line, process), "reads line " + line.number());
    reader.setDaemon(true);
    reader.start();
    try {
      hand(line.input(), process);
      int code = process.waitFor();
      reader.join(LAST_WORDS.toMillis());
      if (code != 0) {
        throw new ExitException("line " + line.number() + ": exit code " + code);
      }
      return "exit code 0";
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      throw (InterruptedException)
          new InterruptedException("line " + line.number() + " was stopped").initCause(e);
    }
  }

  private static Process start(Line line) throws IOException {
    String shell = line.settings().getOrDefault("SHELL", STANDARD);
    ProcessBuilder builder = new ProcessBuilder(shell, "-c", line.command());
    // What the supervisor told this replica, the database's password among it.
    builder.environment().keySet().removeIf(name -> name.startsWith("QUICKSTART_"));
    builder.environment().putAll(line.settings());
    return builder.redirectErrorStream(true).start();
  }

  private static void hand(String input, Process process) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It doesn't read its input, which is its own affair.
    }
  }

  private void show(Line line, Process process) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(text -> out.println("line " + line.number() + " | " + text));
    } catch (IOException | UncheckedIOException e) {
      // The pipe of a killed process breaks.
    }
  }
}
