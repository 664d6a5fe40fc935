package dev.escapement.store;

import dev.escapement.Failure;
import dev.escapement.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an execution row says of the end of an attempt. All instants are on the store's clock.
 *
 * @param outcome how it ended
 * @param startedAt when the handler was called; null if it never was
 * @param endedAt when the handler returned; null for the moment of the write
 * @param failure why it failed; null if it didn't
 * @param keepPayload whether the execution row keeps the payload, so that it can be run again
 * @param result what the handler returned, written; null for nothing. Not copied
 * @param recorded whether there is to be an execution row at all. One that a request turned into
 *     CANCELLED is always there
 */
public record Ending(
    Outcome outcome,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Failure failure,
    boolean keepPayload,
    byte @Nullable [] result,
    boolean recorded) {

  /** The end of an attempt whose handler was never called, or whose end nobody saw. */
  public static Ending unseen(Outcome outcome, Failure failure, boolean keepPayload) {
    return new Ending(outcome, null, null, failure, keepPayload, null, true);
  }

  /** The same of an attempt whose handler was never called. */
  public Ending unstarted() {
    return new Ending(outcome, null, null, failure, keepPayload, result, recorded);
  }

  /** The same without anything that a database could refuse. */
  public Ending withoutDetails() {
    Failure bare =
        failure == null
            ? null
            : new Failure("unknown", "The failure's text could not be stored; see the log.", "");
    return new Ending(outcome, startedAt, endedAt, bare, keepPayload, null, recorded);
  }
}
