package dev.escapement.torture;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request to enqueue, as the one who made it knows it.
 *
 * @param number its own number, which is in the payload
 * @param answer what was answered
 * @param id the trigger, if the answer is that it was made
 */
record Asked(long number, Answer answer, @Nullable UUID id) {

  /** What the library can answer. */
  enum Answer {
    /** It is there. */
    MADE,
    /** It isn't. */
    REFUSED,
    /** Nobody knows. */
    UNKNOWN
  }
}
