package dev.escapement.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a schedule, written {@code A.claims}, {@code B.beats!BEAT:ANSWER_LOST}, {@code time}.
 *
 * @param node whose; -1 for nobody's
 * @param trouble what goes wrong meanwhile; null for nothing
 */
record Step(Kind kind, int node, @Nullable Trouble trouble) {

  /** What happens. */
  enum Kind {
    /** The poller takes a turn. */
    CLAIMS,
    /** A worker begins with what was claimed, up to the middle of the handler. */
    BEGINS,
    /** The handler that is being called for longest returns. */
    RETURNS,
    /** The same throws. */
    THROWS,
    /** The completer takes a turn. */
    COMPLETES,
    /** The heart takes a turn. */
    BEATS,
    /** The audit takes a turn. */
    AUDITS,
    /** The call that waits for longest goes on. */
    GOES_ON,
    /** A call that was given up is done after all. */
    ARRIVES,
    /** The process is gone, with all that it had in memory. */
    CRASHES,
    /** Another process takes its place. */
    STARTS,
    /** Half a lease passes. */
    TIME,
    /** Somebody enqueues the trigger again that has ended. */
    ENQUEUE;

    boolean isOfNode() {
      return this != TIME && this != ENQUEUE;
    }
  }

  static Step of(Kind kind, int node) {
    return new Step(kind, node, null);
  }

  static Step of(Kind kind) {
    return new Step(kind, -1, null);
  }

  Step with(Trouble added) {
    return new Step(kind, node, added);
  }

  static List<Step> parse(String schedule) {
    return Arrays.stream(schedule.trim().split("\\s+", -1)).map(Step::one).toList();
  }

  private static Step one(String text) {
    String[] parts = text.split("[.!]", -1);
    if (parts.length == 1) {
      return of(kind(parts[0]));
    }
    Step plain = of(kind(parts[1]), parts[0].charAt(0) - 'A');
    return parts.length == 2 ? plain : plain.with(Trouble.parse(parts[2]));
  }

  private static Kind kind(String text) {
    return Arrays.stream(Kind.values())
        .filter(kind -> name(kind).equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static String name(Kind kind) {
    StringBuilder name = new StringBuilder();
    for (char c : kind.name().toCharArray()) {
      name.append(Character.toLowerCase(c));
    }
    return name.toString().replace("_", "-");
  }

  @Override
  public String toString() {
    String text = name(kind);
    if (kind.isOfNode()) {
      text = (char) ('A' + node) + "." + text;
    }
    return trouble == null ? text : text + "!" + trouble;
  }
}
