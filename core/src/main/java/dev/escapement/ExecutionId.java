package dev.escapement;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an execution, and the order of history.
 *
 * @param claimedAt the store's clock at the claim
 * @param trigger the trigger
 * @param version its version since the claim
 */
public record ExecutionId(Instant claimedAt, TriggerId trigger, long version)
    implements Comparable<ExecutionId> {

  private static final String SEPARATOR = "_";

  /**
   * Reads the form that {@link #toString()} writes.
   *
   * @throws InvalidRequestException if the text isn't one
   */
  public static ExecutionId parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    try {
      if (parts.length == 3) {
        return new ExecutionId(
            Instant.parse(parts[0]), TriggerId.parse(parts[1]), Long.parseLong(parts[2]));
      }
    } catch (DateTimeException | NumberFormatException | InvalidRequestException e) {
      throw refused(text, e);
    }
    throw refused(text, null);
  }

  private static InvalidRequestException refused(String text, @Nullable Throwable cause) {
    return new InvalidRequestException(
        Names.quote(text)
            + " isn't an execution id; one looks like 2026-01-31T12:00:00Z_"
            + TriggerId.next()
            + "_1.",
        cause);
  }

  @Override
  public int compareTo(ExecutionId other) {
    int byTime = claimedAt.compareTo(other.claimedAt);
    int byTrigger = byTime != 0 ? byTime : trigger.compareTo(other.trigger);
    return byTrigger != 0 ? byTrigger : Long.compare(version, other.version);
  }

  @Override
  public String toString() {
    return claimedAt + SEPARATOR + trigger + SEPARATOR + version;
  }
}
