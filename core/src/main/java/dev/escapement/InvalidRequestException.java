package dev.escapement;

/**
 * What a caller asked for cannot be: a key with control characters, a due instant out of range, a
 * payload of another type than the job takes. Nothing was enqueued.
 */
public final class InvalidRequestException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   */
  public InvalidRequestException(String message) {
    super(message, null);
  }
}
