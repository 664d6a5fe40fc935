package dev.escapement.schedule;

/** Small sets of the numbers 0 to 63, as the bits of a long. */
final class Bits {

  private Bits() {}

  static boolean has(long set, int value) {
    return ((set >>> value) & 1) != 0;
  }

  /** The first one that isn't below {@code from}, which is at most 63, or -1. */
  static int atOrAfter(long set, int from) {
    long left = set & (-1L << from);
    return left == 0 ? -1 : Long.numberOfTrailingZeros(left);
  }

  /** The last one that isn't above {@code from}, or -1. */
  static int atOrBefore(long set, int from) {
    return from < 0 ? -1 : 63 - Long.numberOfLeadingZeros(set & (-1L >>> (63 - from)));
  }

  /** How many are below {@code value}, which is at most 63. */
  static int countBelow(long set, int value) {
    return Long.bitCount(set & ~(-1L << value));
  }
}
