package dev.escapement.store;

/** What is asked of a RUNNING trigger. Stores keep a set of these as bits. */
public enum RequestKind {
  /** Not to run again, unless it has succeeded. */
  CANCEL(1),
  /** Not to run again until somebody resumes it. */
  PAUSE(2),
  /** If it runs again for the same fire, then at another due. */
  RESCHEDULE(4),
  /** To run once more when it has ended, however that was. */
  AGAIN(8);

  private final int bit;

  RequestKind(int bit) {
    this.bit = bit;
  }

  /** The bit that stores keep. Never changes. */
  public int bit() {
    return bit;
  }
}
