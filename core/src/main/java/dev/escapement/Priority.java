package dev.escapement;

/**
 * Which of two due triggers of one queue is claimed first. A few discrete steps on purpose: each is
 * a probe of the claim index.
 */
public enum Priority {
  /** Claimed when nothing else is due. */
  LOW,
  /** The default. */
  NORMAL,
  /** Claimed before all others. */
  HIGH
}
