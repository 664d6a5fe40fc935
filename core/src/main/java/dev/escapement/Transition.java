package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/**
 * A change of a trigger's state that this node made.
 *
 * @param trigger which trigger
 * @param from the state before
 * @param to the state after; a standing trigger's fire that ended is SCHEDULED again
 * @param outcome how the claim ended, if one did
 * @param attempt which attempt
 * @param failure what the handler threw, if it did and it was here
 * @param times when the handler ran, if it did and it was here
 */
public record Transition(
    Subject trigger,
    TriggerState from,
    TriggerState to,
    Optional<Outcome> outcome,
    int attempt,
    Optional<Throwable> failure,
    Optional<Times> times) {

  /**
   * When a handler ran, on the store's clock.
   *
   * @param due when it was due
   * @param startedAt when it was called; {@code startedAt - due} is its lateness
   * @param endedAt when it returned, or was given up
   */
  public record Times(Instant due, Instant startedAt, Instant endedAt) {}

  /**
   * Which trigger.
   *
   * @param id its identity
   * @param job its job
   * @param key its key, if it has one
   * @param fireTime the fire that was claimed, if the node knows it
   */
  public record Subject(
      TriggerId id, String job, Optional<String> key, Optional<Instant> fireTime) {}
}
