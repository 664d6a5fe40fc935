package dev.escapement;

import org.jspecify.annotations.Nullable;

/**
 * What the application's code declares cannot be: two jobs of one name, a handler whose parameter
 * doesn't fit, a negative timeout, an unreadable duration. Thrown while jobs, schedules, policies
 * and schedulers are built, before anything runs.
 */
public final class InvalidDeclarationException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   */
  public InvalidDeclarationException(String message) {
    this(message, null);
  }

  /**
   * @param message what was wrong, where, and what to do
   * @param cause what lies beneath, if anything does
   */
  public InvalidDeclarationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The same, with the place in front. */
  InvalidDeclarationException in(String place) {
    return new InvalidDeclarationException(place + ": " + getMessage(), getCause());
  }
}
