package dev.escapement.engine;

import dev.escapement.schedule.Schedule;
import java.time.Instant;

/** A schedule names a next fire that isn't later than the fire before. */
final class FaultyScheduleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FaultyScheduleException(Schedule schedule, Instant next, Instant fireTime) {
    super(schedule + " says that " + next + " comes after " + fireTime);
  }
}
