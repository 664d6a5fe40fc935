package dev.escapement.spring;

import dev.escapement.EscapementException;

/** There is nowhere to keep the triggers, or nobody can tell where. */
final class NoStoreException extends EscapementException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * @param message what is wrong
   * @param remedy what to do
   */
  NoStoreException(String message, String remedy) {
    super(message, null);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
