package dev.escapement;

import java.util.Locale;

/**
 * How many there are, counted no further than is of use.
 *
 * @param value the count, at most {@link #CAP}
 * @param capped whether there are more
 */
public record Count(long value, boolean capped) {

  /** Beyond that nothing is counted. */
  public static final int CAP = 10_000;

  /**
   * A count of what was found when one more than the cap was asked for.
   *
   * @param found 0 to {@link #CAP} + 1
   */
  public static Count of(long found) {
    return new Count(Math.min(found, CAP), found > CAP);
  }

  /** Like {@code 17} or {@code 10,000+}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,d%s", value, capped ? "+" : "");
  }
}
