package dev.escapement.torture;

/** What a {@link Proxy} does to those who talk through it, and counts. */
enum Mishap {
  /** Bytes came later. One for each chunk. */
  DELAY,
  /** Bytes were held up for as long as there was silence. One for each chunk. */
  SILENCE,
  /** A connection was cut. One for each. */
  CUT,
  /** New connections were refused. One for each time that it began. */
  REFUSAL,
  /** A statement was cut off before the database had it. One for each. */
  LOST_REQUEST,
  /** A statement was committed, and its answer swallowed. One for each. */
  LOST_ANSWER
}
