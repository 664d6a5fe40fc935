package dev.escapement.store;

/** Why a SCHEDULED trigger may not run now. Stores keep a set of these as bits. */
public enum Hold {
  /** Its job is paused. */
  JOB_PAUSED(1),
  /** No live session has a handler for its job. */
  NO_HANDLER(2);

  private final int bit;

  Hold(int bit) {
    this.bit = bit;
  }

  /** The bit that stores keep. Never changes. */
  public int bit() {
    return bit;
  }
}
