package dev.escapement.engine;

import org.jspecify.annotations.Nullable;

/** This node can't read the schedule that a trigger follows; a node of another version may. */
final class UnreadableScheduleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableScheduleException(@Nullable String schedule, @Nullable Throwable cause) {
    super(
        "The schedule \"" + schedule + "\" can't be read by this version of the application",
        cause);
  }
}
