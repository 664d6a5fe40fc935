package dev.escapement.store;

import org.jspecify.annotations.Nullable;

/**
 * Somebody else holds what the call needs, for longer than a call may take: a transaction that
 * stays open has locked a row. Nothing changed. Of a call about many things, each by itself may be
 * done.
 */
public final class BusyStoreException extends TransientStoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was attempted and why it failed
   * @param cause what lies beneath, if anything does
   */
  public BusyStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
