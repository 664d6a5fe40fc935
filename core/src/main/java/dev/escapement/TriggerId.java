package dev.escapement;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The identity of a trigger: 128 bits, time-ordered, made by whoever enqueues and never used again.
 * (UUID version 7 of RFC 9562, so that new rows land at the right edge of an index.)
 *
 * @param value the UUID that stores keep
 */
public record TriggerId(UUID value) implements Comparable<TriggerId> {

  private static final Pattern FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /** Refuses null. */
  public TriggerId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. The clock only orders ids roughly; uniqueness comes from 74 random bits. */
  public static TriggerId next() {
    UUID random = UUID.randomUUID();
    long timestamp = System.currentTimeMillis() << 16;
    long version = 0x7000L;
    long randomA = random.getMostSignificantBits() & 0x0FFFL;
    return new TriggerId(new UUID(timestamp | version | randomA, random.getLeastSignificantBits()));
  }

  /**
   * Reads the form that {@link #toString()} writes.
   *
   * @throws InvalidRequestException if the text isn't a UUID
   */
  public static TriggerId parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidRequestException(
          Names.quote(text) + " isn't a trigger id; one looks like " + next() + ".");
    }
    return new TriggerId(UUID.fromString(text));
  }

  @Override
  public int compareTo(TriggerId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
