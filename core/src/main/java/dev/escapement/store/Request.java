package dev.escapement.store;

import dev.escapement.Due;

/** What somebody who doesn't hold the claim asks of a trigger. See {@link Requests#put}. */
public sealed interface Request {

  /**
   * Not to run any more. A waiting one-time trigger goes; of a waiting standing one the fire that
   * it waits for is over, and it is stale until a node aims it at the next. Refused for a standing
   * one that waits for nothing.
   */
  record Cancel() implements Request {}

  /** Not to run until it is resumed. */
  record Pause() implements Request {}

  /**
   * To run again after a pause, its attempts forgotten. Takes back a pause that was asked of a
   * RUNNING one; any other trigger that isn't PAUSED refuses.
   */
  record Resume() implements Request {}

  /**
   * To run at another time; its attempts stay counted. Refused for a standing one that waits for
   * nothing.
   */
  record Reschedule(Due due) implements Request {}

  /**
   * To run now: what is to be due later is due now. Of a waiting standing trigger this is the fire
   * that it waits for only if the fire's time has come, as when it waits for a retry; else it fires
   * now, apart from its schedule: fire time and due become now, its attempts are forgotten. A
   * RUNNING one runs once more. A PAUSED one refuses.
   */
  record RunNow() implements Request {}
}
