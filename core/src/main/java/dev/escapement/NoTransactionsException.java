package dev.escapement;

/** The store takes no part in database transactions, or there is none to take part in. */
public final class NoTransactionsException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   */
  public NoTransactionsException(String message) {
    super(message, null);
  }
}
