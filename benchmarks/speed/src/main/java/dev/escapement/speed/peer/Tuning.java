package dev.escapement.speed.peer;

/** How a peer is set up. */
public enum Tuning {
  /** As it comes. */
  DEFAULTS,
  /** The best documented settings for many short jobs. */
  FASTEST
}
