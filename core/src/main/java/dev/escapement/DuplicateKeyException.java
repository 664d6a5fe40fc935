package dev.escapement;

/** A request that said {@link OnConflict#FAIL} found a live trigger with its key. */
public final class DuplicateKeyException extends EscapementException {

  private static final long serialVersionUID = 1L;

  private final transient TriggerId live;

  /**
   * @param live the trigger that bears the key
   */
  public DuplicateKeyException(String job, String key, TriggerId live) {
    super(
        "The key "
            + Names.quote(key)
            + " of job "
            + Names.quote(job)
            + " is borne by the live trigger "
            + live
            + ". Nothing was enqueued; wait until it has ended, or say KEEP, REPLACE or"
            + " RESCHEDULE.",
        null);
    this.live = live;
  }

  /** The trigger that bears the key. */
  public TriggerId live() {
    return live;
  }
}
