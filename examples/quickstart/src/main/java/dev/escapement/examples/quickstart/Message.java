package dev.escapement.examples.quickstart;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a replica tells its supervisor, one line of its standard output each. All else that is to be
 * known about a run stands in the ledger.
 *
 * @param kind what happened
 * @param run the number of the run it happened to, 0 for none
 * @param job the run's job, empty for none
 */
record Message(Kind kind, long run, String job) {

  enum Kind {
    /** The replica's scheduler has started. */
    READY,
    /** A run has begun. */
    BEGUN,
    /** A run has ended. */
    ENDED,
    /** The process is gone. Never said, only noticed. */
    GONE
  }

  private static final Pattern LINE = Pattern.compile("@(READY|BEGUN|ENDED) (\\d{1,18}) (.*)");

  /** About the replica itself. */
  static Message of(Kind kind) {
    return new Message(kind, 0, "");
  }

  /** Reads a line; empty for one that isn't a message. */
  static Optional<Message> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new Message(
                Kind.valueOf(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
        : Optional.empty();
  }

  /** The line. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "@%s %d %s", kind, run, job);
  }
}
