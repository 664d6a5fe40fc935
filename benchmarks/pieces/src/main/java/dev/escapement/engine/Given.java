package dev.escapement.engine;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Guard;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Claims that came all at once, and their session, which trusts itself for longer than a run. */
final class Given {

  static final LongSupplier CLOCK = System::nanoTime;
  static final String JOB = "nothing";
  static final String QUEUE = "default";

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Settings.Timing TIMING =
      new Settings.Timing(
          Duration.ofSeconds(5), Duration.ofDays(365), Duration.ofSeconds(1), Duration.ZERO);

  private final Session session = new Session(SessionId.next(), TIMING, CLOCK, CLOCK.getAsLong());
  private final List<Claim> claims;

  Given(int count) {
    this.claims = Stream.generate(this::claim).limit(count).toList();
  }

  /** The first attempt of a one-time trigger without a payload. */
  private Claim claim() {
    return new Claim(
        new Guard(TriggerId.next(), 1, session.id()),
        TriggerKind.ONE_TIME,
        JOB,
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
  }

  List<Claim> claims() {
    return claims;
  }

  /** Each claim as a run that is yet to begin. */
  List<Run> runs() {
    long now = CLOCK.getAsLong();
    return claims.stream().map(claim -> new Run(claim, session, CLOCK, now, now)).toList();
  }
}
