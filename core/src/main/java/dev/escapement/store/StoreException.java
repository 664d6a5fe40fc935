package dev.escapement.store;

import dev.escapement.EscapementException;
import org.jspecify.annotations.Nullable;

/** The store refused, for a reason that won't go away by itself. Nothing changed. */
public class StoreException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   * @param cause what the store's driver said
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
