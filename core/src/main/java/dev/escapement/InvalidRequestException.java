package dev.escapement;

import org.jspecify.annotations.Nullable;

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
    this(message, null);
  }

  /**
   * @param message what was wrong, where, and what to do
   * @param cause what lies beneath, if anything does
   */
  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
