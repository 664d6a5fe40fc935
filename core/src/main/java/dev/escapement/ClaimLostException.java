package dev.escapement;

/**
 * A run tried to write something, and its trigger isn't its own any more: its node was declared
 * dead, or it was abandoned after its timeout. Another run may be under way. Stop here; whatever
 * this run does now is not recorded.
 */
public final class ClaimLostException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what what it tried to do
   * @param run which run
   */
  public ClaimLostException(String what, String run) {
    super(
        "The "
            + what
            + " of "
            + run
            + " isn't written: another session may run the trigger by now.",
        null);
  }
}
