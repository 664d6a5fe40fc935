package dev.escapement.speed.peer;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The payload of a job.
 *
 * @param due microseconds since 1970
 * @param padding makes it as long as a scenario wants
 */
public record Task(long due, String padding) implements Serializable {

  /** A task that is due then. */
  public static Task at(Instant due, int padding) {
    return new Task(micros(due), "x".repeat(padding));
  }

  /** Microseconds since 1970. */
  public static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
