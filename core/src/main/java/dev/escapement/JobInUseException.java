package dev.escapement;

/** A job can't be deleted, because it is still used. */
public final class JobInUseException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /** Says why. */
  public JobInUseException(String message) {
    super(message, null);
  }
}
