package dev.escapement;

/** How a claim ended. Each claim ends in exactly one of these. */
public enum Outcome {
  /** The handler returned. */
  SUCCEEDED,
  /** The handler threw. */
  FAILED,
  /** The handler was interrupted at its timeout. */
  TIMED_OUT,
  /** Somebody called it off. */
  CANCELLED,
  /** The session that held the claim died, or lost it. */
  LOST,
  /** Given back unfinished, by a node that stops or that couldn't run it. No attempt is counted. */
  RELEASED,
  /** Given back at a checkpoint, on request. No attempt is counted. */
  YIELDED,
  /** Dropped by policy without running. */
  SKIPPED
}
