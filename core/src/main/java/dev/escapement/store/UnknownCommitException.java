package dev.escapement.store;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a write was lost on its way: it may or may not have happened. Read before trying
 * again.
 */
public final class UnknownCommitException extends StoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was asked, and how to find out
   * @param cause what the store's driver said
   */
  public UnknownCommitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
