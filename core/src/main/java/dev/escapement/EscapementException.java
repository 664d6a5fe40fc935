package dev.escapement;

import org.jspecify.annotations.Nullable;

/** The root of everything that Escapement throws on purpose. Its message says what to do. */
public abstract class EscapementException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   * @param cause what lies beneath, if anything does
   */
  protected EscapementException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
