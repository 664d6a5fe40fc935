package dev.escapement.torture;

/** Which way bytes go. */
enum Direction {
  /** From a replica to the database. */
  REQUESTS,
  /** From the database to a replica. */
  ANSWERS
}
