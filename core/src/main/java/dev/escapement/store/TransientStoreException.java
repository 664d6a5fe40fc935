package dev.escapement.store;

import org.jspecify.annotations.Nullable;

/** The store can't now: unreachable, locked, too slow. Nothing changed; try again. */
public class TransientStoreException extends StoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong and where
   * @param cause what the store's driver said
   */
  public TransientStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
