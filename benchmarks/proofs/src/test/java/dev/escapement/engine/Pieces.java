package dev.escapement.engine;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Guard;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** A session and its runs, while no time passes. */
final class Pieces {

  /** nanoTime that stands still. */
  static final LongSupplier CLOCK = () -> 1;

  static final String QUEUE = "default";

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final Settings.Timing TIMING =
      new Settings.Timing(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20));

  private Pieces() {}

  static Session session() {
    return new Session(SessionId.next(), TIMING, CLOCK, CLOCK.getAsLong());
  }

  /** The first attempt of a one-time trigger. */
  static Run run(Session session) {
    Claim claim =
        new Claim(
            new Guard(TriggerId.next(), 7, session.id()),
            TriggerKind.ONE_TIME,
            "job",
            null,
            QUEUE,
            Priority.NORMAL,
            NOON,
            NOON,
            NOON,
            1,
            0,
            null,
            0,
            false,
            new byte[0],
            null);
    return new Run(claim, session, CLOCK, CLOCK.getAsLong(), CLOCK.getAsLong());
  }
}
